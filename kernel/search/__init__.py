"""What everybody may find by any two characters of it: one index, on both databases."""
