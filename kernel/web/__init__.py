"""Desk, case, register, act: base templates, components, static files."""
