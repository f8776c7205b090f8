"""What a play stops with; a file of its own, so that it is had without the platform's models."""

from __future__ import annotations


class Unexpected(AssertionError):  # noqa: N818
    """The play did not go as the law and the script have it."""
