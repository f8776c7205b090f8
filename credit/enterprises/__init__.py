"""The enterprise archive: who an enterprise is, what it may do, what it has built."""
