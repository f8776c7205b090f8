"""Sites as machines know them: a projection of works under a permit."""
