"""Price adjustments of a contract: by price information, by indices, by quantity."""
