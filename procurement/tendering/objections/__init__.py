"""Objections to documents, opening and candidates, and their answers."""
