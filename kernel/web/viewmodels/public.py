"""The public home page: what anybody may read without a log-in or a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.web.viewmodels.parts import Link, StateChip


@dataclass(frozen=True)
class PublicRow:
    """One notice, result or publicity. until: when what the state says is open ends."""

    title: str
    url: str
    at: datetime
    reference: str = ""
    place: str = ""
    state: StateChip | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class PublicList:
    """The newest of one kind; url leads to the whole register."""

    title: str
    url: str
    rows: tuple[PublicRow, ...]
    empty: str = ""


@dataclass(frozen=True)
class CheckBox:
    """The document check: a GET form with one field."""

    url: str
    field: str = "number"
    value: str = ""


@dataclass(frozen=True)
class SearchBox:
    """The search of everything public: a GET form with one field ``q``."""

    url: str


@dataclass(frozen=True)
class PublicHome:
    """The context variable ``page`` of ``public_home.html``."""

    title: str
    lead: str
    lists: tuple[PublicList, ...] = ()
    registers: tuple[Link, ...] = ()
    check: CheckBox | None = None
    search: SearchBox | None = None
