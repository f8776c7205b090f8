"""The append-only Merkle log: entries, proofs, signed heads."""
