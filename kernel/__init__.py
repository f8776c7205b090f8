"""The ground everybody stands on; imports no business package."""
