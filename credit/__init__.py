"""Who may be trusted: the enterprise archive, conduct records and scores."""
