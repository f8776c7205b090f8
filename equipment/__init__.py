"""Machines: filed, hired, installed, inspected, used."""
