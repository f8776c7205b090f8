"""How sure a row of law is, and whether pages and documents must say so."""

from __future__ import annotations

from typing import Any

from kernel.regulation.messages import MARKS
from kernel.regulation.schemas import SOURCES

_UNMARKED = frozenset({"statute_text", "web_page"})


def must_be_marked(source: str) -> bool:
    """Whether a page or document that shows the row must show its mark too.

    Only what was read in the statute itself or on a published page goes without. Raises
    ValueError for an unknown word.
    """
    if source not in SOURCES:
        raise ValueError(f"not a source: {source!r}")
    return source not in _UNMARKED


def mark(source: str) -> Any:
    """The words of a source, lazily translated."""
    return MARKS[source]
