"""The contract of an awarded lot: signing, payments, changes, settlement."""
