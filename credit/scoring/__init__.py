"""Scores: a ledger of points, schemes as dated data, and an engine that can be replayed."""
