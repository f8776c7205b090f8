"""Machines: filed, installed, inspected, used, and what becomes of them."""
