"""Stages of the play, each a module with ``play(p)``."""
