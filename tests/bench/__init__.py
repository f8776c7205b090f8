"""Measurements against the bars that were promised; run with `./dev bench`."""
