"""The one way a state changes."""
