"""Relations between enterprises that the law of tendering asks about."""
