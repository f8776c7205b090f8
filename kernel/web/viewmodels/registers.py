"""The register: filters kept in the address, a dense table, total, time of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from kernel.web.viewmodels.parts import FactKind, Link

PAGE_SIZE = 50
_RIGHT = {"money", "wan", "number"}


@dataclass(frozen=True)
class Column:
    """One column. unit stands in the head; kind decides the form and side of its cells.

    sort_url: the address that sorts by this column; sort: how the page is sorted by it now.
    wide: its cells hold sentences, and keep a width in which they can be read.
    """

    label: str
    kind: FactKind = "text"
    unit: str = ""
    sort_url: str = ""
    sort: Literal["", "ascending", "descending"] = ""
    wide: bool = False

    @property
    def right(self) -> bool:
        """Whether its cells are numbers, aligned right."""
        return self.kind in _RIGHT


@dataclass(frozen=True)
class RegisterRow:
    """One row: values in the order of the columns; url leads to the case, from the first cell.

    A value may be a ``Link``, whose label is then written as its column has it.
    """

    cells: tuple[Any, ...]
    url: str = ""


@dataclass(frozen=True)
class Filter:
    """One plain control of the filter row; name is its key in the address."""

    name: str
    label: str
    kind: Literal["text", "select", "date"] = "text"
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SavedView:
    """A set of filters that the person gave a name to."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Pagination:
    """Which page of how many. params: what else the address holds, kept in every link."""

    total: int
    number: int = 1
    size: int = PAGE_SIZE
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, total: int, params: Mapping[str, str], size: int = PAGE_SIZE) -> Pagination:
        """From the address' own parameters; a page that does not exist becomes the nearest."""
        pages = max(1, -(-total // size))
        asked = params.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
        kept = tuple((k, v) for k, v in params.items() if k != "page" and v)
        return cls(total, min(max(number, 1), pages), size, kept)

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first row shown; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return min(self.number * self.size, self.total)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    def url(self, number: int) -> str:
        """Address of another page with everything else kept."""
        return "?" + urlencode([*self.params, ("page", str(number))])

    @property
    def previous(self) -> str:
        """Address of the page before, empty on the first."""
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """Address of the page after, empty on the last."""
        return self.url(self.number + 1) if self.number < self.pages else ""

    def links(self) -> Iterator[tuple[int, str]]:
        """First, last and the two neighbours on each side; (0, "") stands for a gap."""
        near = range(self.number - 2, self.number + 3)
        shown = sorted({1, self.pages, *near} & set(range(1, self.pages + 1)))
        before = 0
        for number in shown:
            if number - before == 2:
                yield before + 1, self.url(before + 1)
            elif number - before > 2:
                yield 0, ""
            yield number, self.url(number)
            before = number


@dataclass(frozen=True)
class RegisterPage:
    """The context variable ``page`` of ``register.html``.

    hidden: parameters that the filter form must keep, such as the order.
    save_url: where a view is named and kept (POST: ``name``, ``query``); empty: not offered.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[RegisterRow, ...]
    pagination: Pagination
    data_at: datetime
    filters: tuple[Filter, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    export_url: str = ""
    save_url: str = ""
    saved: tuple[SavedView, ...] = ()
    actions: tuple[Link, ...] = ()
    empty: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in the address."""
        return urlencode(self.pagination.params)

    @property
    def filtered(self) -> bool:
        """Whether a filter is set."""
        return any(one.value for one in self.filters)
