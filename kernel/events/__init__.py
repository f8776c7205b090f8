"""What happened, and one delivery row per subscriber, which is the background job."""
