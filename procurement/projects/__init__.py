"""Project registration (报建)."""
