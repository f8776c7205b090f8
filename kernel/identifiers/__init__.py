"""Codes of the construction market: parse, check, generate. Pure."""
