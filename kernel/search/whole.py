"""Things that are found by a whole number of theirs, which the index does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kernel.search.kinds import Entry

# As numbers of papers are: shorter ones, and words, are the index's.
SHORTEST = 6

Finder = Callable[[str], Iterable[Entry]]
"""(number as it was typed) -> the public things that bear it, nothing of anything else."""

_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """Have whole numbers looked up, at start-up; the finder asks an index of its own table."""
    _finders.append(finder)
    return finder


def named(text: str) -> tuple[Entry, ...]:
    """What bears this number; nothing where the text is none."""
    number = text.strip()
    if len(number) < SHORTEST or not any(map(str.isdigit, number)):
        return ()
    return tuple(entry for finder in _finders for entry in finder(number))
