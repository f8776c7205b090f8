"""The rules of a lot from its draft to its closing: pure functions over plain values."""
