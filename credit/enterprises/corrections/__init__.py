"""What somebody says is wrong in the archive, and what a credit officer does about it."""
