"""What was worked out of an object once, kept for that very object and not for its equals.

A certificate's own hash walks all of its names each time it is asked for: to look one up by value
costs more than most of what is looked up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")


def of_each(most: int) -> Callable[[Callable[[S], T]], Callable[[S], T]]:
    """Remember a pure function's answers for at most so many immutable objects."""

    def remember(work: Callable[[S], T]) -> Callable[[S], T]:
        # The object is kept with its answer: so long nobody else has its place in memory.
        known: dict[int, tuple[S, T]] = {}

        @functools.wraps(work)
        def remembered(one: S) -> T:
            found = known.get(id(one))
            if found is None or found[0] is not one:
                if len(known) >= most:
                    known.clear()
                found = known[id(one)] = (one, work(one))
            return found[1]

        return remembered

    return remember
