"""The tables of all stages."""
