"""Numbers that are printed and name no document: packages say what is public of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Numbered:
    """What everybody may know of a number. what: its kind in words; state: whether it holds.

    url: a public page that tells more, or empty.
    """

    number: str
    what: str
    about: str
    day: date | None
    state: str
    url: str = ""


Finder = Callable[[Any, str], Numbered | None]
"""(request, number) -> what may be known of it by whoever asks; None for none, or a secret one."""

_finders: dict[str, Finder] = {}


def register(prefix: str, finder: Finder) -> None:
    """Have numbers that begin so looked up, at start-up."""
    _finders[prefix] = finder


def find(request: Any, text: str) -> Numbered | None:
    """What may be known of a number as somebody typed it."""
    number = text.strip().upper()
    finder = _finders.get(number.partition("-")[0] + "-")
    return finder(request, number) if finder else None
