"""Tendering: plans, lots with their documents and clarifications, objections, award."""
