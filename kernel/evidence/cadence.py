"""How often heads are signed: every minute around whatever falls due, else every hour.

What falls due is other rooms' affair; each says at start-up how to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

AROUND = timedelta(hours=1)
EVERY = timedelta(hours=1)

# Between two legal instants: does anything fall due?
Source = Callable[[datetime, datetime], bool]
_sources: dict[str, Source] = {}


def watch(code: str, source: Source) -> None:
    """Let heads be signed every minute around what this source finds."""
    if _sources.setdefault(code, source) is not source:
        raise ValueError(f"two sources of deadlines named {code}")


def is_busy(at: datetime) -> bool:
    """Whether something falls due within an hour of an instant, before or after it."""
    return any(source(at - AROUND, at + AROUND) for source in _sources.values())
