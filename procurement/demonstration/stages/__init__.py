"""The play, one module for each stage."""
