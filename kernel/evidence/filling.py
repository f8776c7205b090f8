"""Heads that show nothing: while something must not be counted, the tree grows by whole steps.

Sizes of public heads, minute by minute, would count what nobody may count: sealed bids before their
opening. So whoever signs a head first fills the tree up. What must not be counted is other rooms'
affair; each says at start-up when it is so and what stands for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kernel.evidence.services import NewEntry

# Entries. A head then tells one thing of the time since the last one: how many whole steps all
# entries of the platform together needed. Smaller, and a busy minute would show; larger, and a
# log in which nothing happens would grow for nothing (see docs/threat-model.md, 14.1).
STEP = 256

# At a legal instant: is there something that nobody may count?
Watch = Callable[[datetime], bool]
# So many entries that stand for nothing, dated with an instant.
Make = Callable[[datetime, int], "Sequence[NewEntry]"]


@dataclass(frozen=True)
class _Source:
    watch: Watch
    make: Make


_sources: dict[str, _Source] = {}


def hide(code: str, watch: Watch, make: Make) -> None:
    """Let the tree grow by whole steps between heads while this watch says so."""
    source = _Source(watch, make)
    if _sources.setdefault(code, source) != source:
        raise ValueError(f"two sources of covers named {code}")


def maker(at: datetime) -> Make | None:
    """What fills the tree at an instant; None where nothing has to be hidden. Asks databases."""
    for _code, source in sorted(_sources.items()):
        if source.watch(at):
            return source.make
    return None


def missing(size: int, before: int) -> int:
    """How many entries the tree lacks for its next head, the last one having had ``before``.

    At least one whole step lies between two heads, so that silence looks like everything else.
    """
    grown = size - before
    return max(STEP, -(-grown // STEP) * STEP) - grown
