"""The kinds of things that can be found; each package registers its own at start-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_CODE = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True)
class Entry:
    """A public thing as it is found.

    key: what names it within its kind, always the same; a second entry replaces the first.
    title, number: shown and searched. text: searched, and shown around a hit; one fact a line,
    for no hit runs across lines. Only what everybody may read. region: GB/T 2260, or empty.
    """

    kind: str
    key: str
    title: str
    url: str
    published_at: datetime
    number: str = ""
    region: str = ""
    text: str = ""


@dataclass(frozen=True)
class Kind:
    """entries: everything public of the kind as it is now, for the index to be made anew from."""

    code: str
    label: Any
    entries: Callable[[], Iterable[Entry]]


_kinds: dict[str, Kind] = {}


def register(code: str, label: Any, entries: Callable[[], Iterable[Entry]]) -> Kind:
    """Make a kind known, at start-up, under a code of letters and underscores."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a code of a kind: {code!r}")
    if code in _kinds:
        raise ValueError(f"two kinds named {code}")
    _kinds[code] = Kind(code, label, entries)
    return _kinds[code]


def kinds() -> Mapping[str, Kind]:
    """All kinds by code, in the order in which they were registered."""
    return _kinds
