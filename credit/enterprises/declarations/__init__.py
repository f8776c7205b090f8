"""What an enterprise declares of itself: achievements and figures, C until checked, then B."""
