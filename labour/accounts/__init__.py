"""Special wage accounts: one per contract, paid into by the owner, paid out to workers only."""
