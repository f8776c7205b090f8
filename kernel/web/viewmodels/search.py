"""The search page: one question, its hits, the kinds they are of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.web.viewmodels.parts import RefusalView
from kernel.web.viewmodels.registers import Filter

# Parts of a text as it was written, each with whether it is what was looked for.
Marked = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class SearchRow:
    """One hit. excerpt: where the words stand, if not in the title or the number."""

    kind: str
    title: Marked
    url: str
    at: datetime
    number: Marked = ()
    place: str = ""
    excerpt: Marked = ()


@dataclass(frozen=True)
class KindView:
    """The hits of one kind, or of all; more: there are at least ``count``."""

    label: str
    url: str
    count: int
    more: bool = False
    current: bool = False


@dataclass(frozen=True)
class SearchPage:
    """The context variable ``page`` of ``search.html``.

    query: as it was typed. named: what bears it as its number. check: where a document of such a
    number is checked. first, next: addresses, empty where the page is the first or last.
    """

    title: str
    query: str
    rows: tuple[SearchRow, ...]
    kinds: tuple[KindView, ...]
    data_at: datetime
    region: Filter
    hidden: tuple[tuple[str, str], ...] = ()
    refusals: tuple[RefusalView, ...] = ()
    first: str = ""
    next: str = ""
    named: tuple[SearchRow, ...] = ()
    check: str = ""

    @property
    def current(self) -> KindView:
        """The kind that is looked at, or all."""
        return next(one for one in self.kinds if one.current)

    @property
    def only_named(self) -> bool:
        """Whether something bears the number that was typed, and no text holds it."""
        return bool(self.named) and not (self.current.count or self.current.more)

    @property
    def invalid(self) -> bool:
        """Whether the words themselves are at fault."""
        return any(one.field == "q" for one in self.refusals)
