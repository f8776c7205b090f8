"""The lines of a file of a national table: XLSX, CSV or XML, each read in bounded memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from typing import Any

from credit.enterprises.national.reading import Cell
from credit.enterprises.national.tables import Table
from kernel.documents.workbooks import open_workbook
from kernel.errors import Refused

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_COLUMNS, _CELL = 200, 10_000
Numbered = tuple[int, Mapping[str, Cell]]


def lines(table: Table, content: bytes, most: int) -> tuple[list[Numbered], tuple[str, ...]]:
    """Every line with its number, and the columns that nobody here reads.

    Raises Refused ``credit.national.*`` where no line can be read: of no known kind, hostile
    XML, columns missing, too many lines; and what workbooks refuse.
    """
    rows = _rows(table, content)
    found: list[Numbered] = []
    heads: dict[str, None] = {}
    for number, cells in rows:
        if len(found) >= most:
            raise Refused.because("credit.national.too_many_lines", limit=most)
        heads.update(dict.fromkeys(cells))
        found.append((number, cells))
    if not found:
        raise Refused.because("credit.national.no_lines", table=table.name)
    needed = {column.name for column in table.columns if column.needed}
    if missing := sorted(needed - set(heads)):
        raise Refused.because("credit.national.columns_missing", columns=list(missing))
    ignored = tuple(name[:60] for name in heads if name not in table.by_name)
    return found, ignored[:_COLUMNS]


def _rows(table: Table, content: bytes) -> Iterator[Numbered]:
    if content.startswith(b"PK\x03\x04"):
        return _sheet(content)
    beginning = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"<"):
        return _xml(table, content)
    return _csv(content)


def _headed(rows: Iterator[tuple[int, list[Cell]]]) -> Iterator[Numbered]:
    """Rows under the names of the first one."""
    first = next(rows, None)
    if first is None:
        return
    names = [str(cell or "").strip() for cell in first[1]]
    given = [name for name in names if name]
    if len(given) > _COLUMNS or len(set(given)) != len(given):
        raise Refused.because("credit.national.head_invalid")
    for number, cells in rows:
        if len(cells) > len(names) and any(cell not in (None, "") for cell in cells[len(names) :]):
            raise Refused.because("credit.national.line_too_wide", line=number)
        if any(cell not in (None, "") for cell in cells):
            padded = [*cells, *[None] * (len(names) - len(cells))]
            yield number, {n: c for n, c in zip(names, padded, strict=False) if n}


def _sheet(content: bytes) -> Iterator[Numbered]:
    rows = open_workbook(BytesIO(content)).rows()
    return _headed((row.number, list(row.cells)) for row in rows)


def _csv(content: bytes) -> Iterator[Numbered]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused.because("credit.national.not_a_table")
    if "\x00" in text:
        raise Refused.because("credit.national.not_a_table")
    reader = csv.reader(StringIO(text, newline=""), strict=True)

    def numbered() -> Iterator[tuple[int, list[Cell]]]:
        try:
            for row in reader:
                yield reader.line_num, list(row)
        except csv.Error as fault:
            raise Refused.because("credit.national.not_a_table") from fault

    return _headed(numbered())


def _xml(table: Table, content: bytes) -> Iterator[Numbered]:
    """``<any><TBTenderInfo><TenderNum>…``: no DTD, no entity, nothing nested deeper, no attribute.

    The search looks at bytes, so UTF-8 is read whatever the file declares.
    """
    if _DTD.search(content) or b"\x00" in content:
        raise Refused.because("credit.national.doctype")
    from lxml import etree  # a web worker that imports no table does without it

    parser: Any = etree.XMLPullParser(
        ("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for start in range(0, len(content), 64 * 1024):
            parser.feed(content[start : start + 64 * 1024])
            yield from _elements(table, parser)
        parser.close()
        yield from _elements(table, parser)
    except etree.XMLSyntaxError as fault:
        raise Refused.because("credit.national.malformed", line=fault.lineno or 0) from fault


def _elements(table: Table, parser: Any) -> Iterator[Numbered]:
    from lxml import etree

    for event, element in parser.read_events():
        depth = sum(1 for _above in element.iterancestors())
        name = etree.QName(element).localname
        if depth > 2 or element.attrib or (depth == 1 and name != table.name):
            raise Refused.because("credit.national.element_unknown", element=name[:60])
        if event == "end" and depth == 1:
            cells: dict[str, Cell] = {}
            for part in element:
                field = etree.QName(part).localname
                text = part.text or ""
                if field in cells or len(text) > _CELL:
                    raise Refused.because("credit.national.element_unknown", element=field[:60])
                cells[field] = text
            yield element.sourceline or 0, cells
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
