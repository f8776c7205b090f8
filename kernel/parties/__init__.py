"""Organisations (identity only), people, users, memberships, certificates."""
