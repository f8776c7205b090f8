"""Goods and services, put out to tender over a description."""
