"""The sheet of an import, line by line: heads to columns, cells to the payload of an act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from kernel import clock
from kernel.documents.workbook_values import reference_of
from kernel.documents.workbooks import Row, open_workbook
from kernel.errors import Refusal, Refused
from kernel.identifiers import regions
from kernel.regulation import selectors as law
from procurement.projects import import_columns, selectors
from procurement.projects.import_columns import Cell, Column

# Groups of columns that make one item: (list of the payload, parts that must not be missing).
_GROUPS = {
    "funding": ("source", "amount_fen"),
    "papers": ("number", "issued_on"),
    "parties": ("role", "uscc", "name"),
}


@dataclass(frozen=True)
class Lists:
    """What cells are read with at a legal moment: the columns, and every code by its names."""

    columns: tuple[Column, ...]
    codes: Mapping[str, Mapping[str, str]]

    def column(self, key: str) -> Column | None:
        """A column by its key."""
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Line:
    """A line that could be read. places: field of the payload -> key of its column."""

    payload: dict[str, Any]
    places: Mapping[str, str]


@dataclass
class Head:
    """The head of a sheet: which column stands where."""

    lists: Lists
    places: dict[str, int] = field(default_factory=dict)

    def cells(self, row: Row) -> dict[str, Cell]:
        """A row's cells by column key."""
        return {
            key: row.cells[place] for key, place in self.places.items() if place < len(row.cells)
        }

    def reference(self, row: int, key: str) -> str:
        """Where a column's cell of a row stands, such as ``F12``; empty for no column."""
        return reference_of(row, self.places[key]) if key in self.places else ""


def lists_at(at: datetime) -> Lists:
    """The columns and codes in force at a legal moment, in both languages."""
    zh, en = (law.options("project_paper", at, language) for language in ("zh", "en"))
    labels = {code: (label, dict(en)[code]) for code, label in zh}
    rule_set = law.resolve("values.registration", at, selectors.HOME_REGION)
    required = [
        kind
        for row in rule_set.rows
        if (kind := row.key.partition("paper.")[2]) and row["value"] == "required"
    ]
    columns = import_columns.columns({kind: labels[kind] for kind in required})
    names = {c.list_name for c in columns if c.kind == "code"} - {"region"}
    codes = {name: _by_name(name, at) for name in names}
    return Lists(columns, {**codes, "region": _regions(clock.legal_date(at))})


def _by_name(name: str, at: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "zh"):
        for code, label in law.options(name, at, language):
            found[label.lower()] = code
    return found | {code.lower(): code for code, _label in law.options(name, at)}


def counties(on: date) -> list[tuple[str, str]]:
    """Code and full name of every county-level region of the province on a day."""
    return [
        (county.code, regions.full_name(county.code, on=on))
        for city in regions.children(selectors.HOME_REGION, on)
        for county in regions.children(city.code, on)
    ]


def _regions(on: date) -> dict[str, str]:
    """By code, by full name, and by full name without the province."""
    province = regions.name(selectors.HOME_REGION, on=on)
    found: dict[str, str] = {}
    for code, name in counties(on):
        found |= {name: code, name.removeprefix(province): code, code: code}
        found[f"{code} {name}"] = code
    return found


def read_head(row: Row | None, lists: Lists) -> Head:
    """Recognise the columns of the first row, in any order, by either language's head.

    Raises Refused ``procurement.import.header_differs`` with every column that is missing,
    strange or there twice.
    """
    by_name = {_plain(name): c.key for c in lists.columns for name in (c.zh, c.en, c.heading)}
    head, strange, twice = Head(lists), [], []
    for place, cell in enumerate(row.cells if row else ()):
        text = _plain(str(cell)) if cell is not None else ""
        if not text:
            continue
        key = by_name.get(text)
        if key is None:
            strange.append(str(cell).split("\n")[0][:40])
        elif key in head.places:
            twice.append(str(cell).split("\n")[0][:40])
        else:
            head.places[key] = place
    missing = [c.heading.replace("\n", " ") for c in lists.columns if c.key not in head.places]
    refusals = [
        Refusal(f"procurement.import.{code}", {"columns": " / ".join(names)})
        for code, names in (
            ("columns_missing", missing),
            ("columns_strange", strange),
            ("columns_twice", twice),
        )
        if names
    ]
    if refusals:
        raise Refused(refusals)
    return head


def _plain(text: str) -> str:
    return "".join(text.split()).lower()


def read_rows(file: IO[bytes], lists: Lists) -> tuple[Head, Iterator[Row]]:
    """The head and the lines of a workbook's first sheet; refuses what ``open_workbook`` does."""
    rows = open_workbook(file).rows()
    first = next(rows, None)
    return read_head(first, lists), rows


def read_line(cells: Mapping[str, Cell], lists: Lists) -> Line:
    """A line as the payload of opening a registration.

    Raises Refused with one refusal for every cell at fault, its ``field`` the column's key.
    """
    read, refusals = dict[str, Any](), list[Refusal]()
    for column in lists.columns:
        try:
            read[column.key] = import_columns.read_cell(column, cells.get(column.key), lists.codes)
        except Refused as refused:
            refusals += refused.refusals
            read[column.key] = ...  # something stands there: it is not missing as well
    payload: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, value in read.items():
        if "." not in key and value is not None:
            payload[key] = value
            places[key] = key
    for name, needed in _GROUPS.items():
        items = list(_items(read, name))
        refusals += _incomplete(items, name, needed, lists)
        payload[name] = [item for _slot, item in items]
        for index, (slot, item) in enumerate(items):
            places |= {f"{name}.{index}.{part}": f"{name}.{slot}.{part}" for part in item}
    if refusals:
        raise Refused(refusals)
    return Line(payload, places)


def _items(read: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The items of a group that have anything in them, by slot."""
    slots: dict[str, dict[str, Any]] = {}
    for key, value in read.items():
        group, _, rest = key.partition(".")
        slot, _, part = rest.partition(".")
        if group == name and value is not None:
            slots.setdefault(slot, {})[part] = value
    for slot, item in slots.items():
        yield slot, {"kind": slot, **item} if name == "papers" else item


def _incomplete(
    items: Iterable[tuple[str, dict[str, Any]]],
    name: str,
    needed: tuple[str, ...],
    lists: Lists,
) -> Iterator[Refusal]:
    for slot, item in items:
        for part in needed:
            if part not in item:
                key = f"{name}.{slot}.{part}"
                column = lists.column(key)
                facts = {"column": column.zh if column else key}
                yield Refusal("procurement.import.cell_missing", facts, "", key)
