"""Kinds of procedure, one folder each: a spec that registers itself, and golden cases."""
