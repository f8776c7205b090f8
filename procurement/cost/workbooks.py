"""Bills as XLSX: a sheet for each kind of record, as the template has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from kernel.documents import workbooks
from kernel.documents.workbooks import Limits, Row, Workbook
from kernel.errors import Refusal, Refused
from procurement.cost import records
from procurement.cost.fields import HEADER, ROWS, Record
from procurement.cost.records import MAX_ROWS, Raw
from procurement.cost.schemas import Bill
from procurement.cost.values import Cell

NOTES = "填写说明 Notes"
_MIB = 1024 * 1024
LIMITS = Limits(
    file_bytes=20 * _MIB,
    inflated_bytes=160 * _MIB,
    elements=3_000_000,
    rows=MAX_ROWS + 1,
    columns=40,
    strings=200_000,
    string_chars=24_000_000,
)
"""A bill may be larger than an import of projects; memory and time stay bounded all the same."""


def read(file: IO[bytes]) -> Bill:
    """The bill of a workbook; ``file`` must be seekable.

    Raises Refused: ``documents.workbook.*`` (what the bounded reader refuses, formulas too),
    ``procurement.bill.sheets_missing``, ``sheets_unknown``, ``columns_missing``,
    ``columns_unknown``, ``columns_twice``, and what ``records.assemble`` refuses.
    """
    book = workbooks.open_workbook(file, LIMITS)
    places = _places(book)
    header = _header(book.rows(places[HEADER.kind]))
    return records.assemble(header, {r.kind: _rows(r, book.rows(places[r.kind])) for r in ROWS})


def _places(book: Workbook) -> dict[str, int]:
    """Where each sheet stands. Sheets may be in any order, but none missing, strange or twice."""
    kind_of = {name: r.kind for r in (HEADER, *ROWS) for name in (r.sheet, r.sheet.split(" ")[0])}
    found: dict[str, int] = {}
    strange = []
    for place, name in enumerate(book.sheets):
        kind = kind_of.get(name.strip())
        if kind is not None and kind not in found:
            found[kind] = place
        elif name.strip() not in (NOTES, NOTES.split(" ")[0]):
            strange.append(name)
    missing = [r.sheet for r in (HEADER, *ROWS) if r.kind not in found]
    _settle(("sheets_missing", missing, ""), ("sheets_unknown", strange, ""))
    return found


def _settle(*findings: tuple[str, list[str], str]) -> None:
    refusals = [
        Refusal(f"procurement.bill.{code}", {"names": " / ".join(names), "sheet": sheet}, "", sheet)
        for code, names, sheet in findings
        if names
    ]
    if refusals:
        raise Refused(refusals)


def _header(rows: Iterable[Row]) -> Raw:
    """The cover: a head in column A, its value in column B."""
    by_head = _heads(HEADER)
    cells: dict[str, Cell] = {}
    strange = []
    for row in rows:
        key = by_head.get(_plain(row.cells[0]))
        if key is None:
            strange.append(str(row.cells[0])[:40])
        else:
            cells[key] = row.cells[1] if len(row.cells) > 1 else None
    _settle(("columns_unknown", strange, HEADER.sheet))
    return Raw(HEADER.sheet, cells)


def _rows(record: Record, rows: Iterator[Row]) -> Iterator[Raw]:
    first = next(rows, None)
    columns = _columns(record, first)
    for row in rows:
        cells = row.cells
        yield Raw(
            f"{record.sheet}!{row.number}",
            {key: cells[place] for key, place in columns if place < len(cells)},
        )


def _columns(record: Record, head: Row | None) -> list[tuple[str, int]]:
    by_head = _heads(record)
    found: dict[str, int] = {}
    strange, twice = [], []
    for place, cell in enumerate(head.cells if head else ()):
        if cell is None:
            continue
        key = by_head.get(_plain(cell))
        if key is None:
            strange.append(str(cell).split("\n")[0][:40])
        elif key in found:
            twice.append(str(cell).split("\n")[0][:40])
        else:
            found[key] = place
    required = [f for f in record.all_fields if f.required]
    missing = [field.zh for field in required if field.key not in found]
    _settle(
        ("columns_missing", missing if head else [], record.sheet),
        ("columns_unknown", strange, record.sheet),
        ("columns_twice", twice, record.sheet),
    )
    return list(found.items())


def _heads(record: Record) -> Mapping[str, str]:
    return {
        _plain(name): field.key
        for field in record.all_fields
        for name in (field.zh, field.en, field.heading)
    }


def _plain(cell: object) -> str:
    return "".join(str(cell).split()).lower()
