"""Works, put out to tender over a bill of quantities."""
