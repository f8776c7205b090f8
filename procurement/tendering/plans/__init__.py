"""Tender plans: what an owner intends to put out to tender, and when."""
