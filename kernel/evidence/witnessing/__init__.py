"""What a witness's program is made of; works without Django."""
