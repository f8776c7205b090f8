"""Payrolls by crew and month: listed, confirmed by each, checked against the gate, paid by bank."""
