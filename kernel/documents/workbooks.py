"""Reads an XLSX workbook from outside in bounded memory and time; anything crafted is refused."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from kernel.documents.workbook_archive import LIMITS, Archive, Limits
from kernel.documents.workbook_parts import Elements, Strings, Styles, parse
from kernel.documents.workbook_sheet import Cell, Row, Sheet
from kernel.errors import Refused

__all__ = ["LIMITS", "Cell", "Limits", "Row", "Workbook", "open_workbook"]

_FORBIDDEN_TYPES = (
    ("macroenabled", "documents.workbook.macros"),
    ("vbaproject", "documents.workbook.macros"),
    ("macrosheet", "documents.workbook.macros"),
    ("externallink", "documents.workbook.external_links"),
)


@dataclass(frozen=True)
class Workbook:
    """A workbook whose archive, relations and sheet names were read and found harmless.

    sheets: names of the worksheets in their order.
    """

    archive: Archive
    sheets: tuple[str, ...]
    parts: tuple[str, ...]
    strings_part: str
    styles_part: str
    date1904: bool

    def rows(self, sheet: int = 0) -> Iterator[Row]:
        """The rows of a sheet that have content, in order.

        Numbers come as Decimal, dates as date (with a time of day: naive datetime), texts as
        written. Raises Refused with the first thing found: ``documents.workbook.formula`` (names
        the cell), ``.too_many_rows``, ``.too_many_columns``, ``.too_many_strings``,
        ``.inflates_too_far``, ``.doctype``, ``.cell_faulty``, ``.damaged`` and their like.
        """
        strings, days = self._shared
        reading = Sheet(
            self.archive.limits, self.sheets[sheet], strings, days, date1904=self.date1904
        )
        for _piece in parse(self.archive, self.parts[sheet], reading):
            yield from reading.take()

    @cached_property
    def _shared(self) -> tuple[list[str], list[bool]]:
        """Shared strings, and which styles show a day; read once for all sheets."""
        limits = self.archive.limits
        strings, styles = Strings(limits), Styles(limits)
        for part, target in ((self.strings_part, strings), (self.styles_part, styles)):
            if part:
                _run(self.archive, part, target)
        return strings.strings, styles.days


def open_workbook(file: IO[bytes], limits: Limits = LIMITS) -> Workbook:
    """Open a workbook; ``file`` must be seekable and stay open while rows are read.

    Raises Refused ``documents.workbook.*``: not a workbook, locked or of the old format, too
    large, macros, external links, embedded files, a crafted archive, a DTD.
    """
    archive = Archive(file, limits)
    if "[Content_Types].xml" not in archive or "_rels/.rels" not in archive:
        raise Refused.because("documents.workbook.not_a_workbook")
    for _name, attributes in _elements(archive, "[Content_Types].xml"):
        kind = attributes.get("ContentType", "").lower()
        for word, code in _FORBIDDEN_TYPES:
            if word in kind:
                raise Refused.because(code, part=attributes.get("PartName", ""))
    main = _related(archive, "").first("officeDocument")
    if not main:
        raise Refused.because("documents.workbook.not_a_workbook")
    return _described(archive, main)


@dataclass(frozen=True)
class _Relations:
    """What a part leads to: (id, last word of the type, part)."""

    rows: tuple[tuple[str, str, str], ...]

    def first(self, kind: str) -> str:
        """The part of the first relation of a type, or empty."""
        return next((part for _id, found, part in self.rows if found == kind), "")


def _described(archive: Archive, main: str) -> Workbook:
    """Read the workbook part: its sheets, its date system."""
    related = _related(archive, main)
    by_id = {identifier: part for identifier, kind, part in related.rows if kind == "worksheet"}
    date1904, sheets = False, list[tuple[str, str]]()
    for name, attributes in _elements(archive, main):
        if name == "workbookPr":
            date1904 = attributes.get("date1904", "") in {"1", "true"}
        elif name == "sheet" and attributes.get("id", "") in by_id:
            sheets.append((attributes.get("name", "")[:31], by_id[attributes["id"]]))
    if not sheets:
        raise Refused.because("documents.workbook.not_a_workbook")
    return Workbook(
        archive,
        tuple(name for name, _part in sheets),
        tuple(part for _name, part in sheets),
        related.first("sharedStrings"),
        related.first("styles"),
        date1904,
    )


def _related(archive: Archive, part: str) -> _Relations:
    """The relations of a part; one that leads out of the file is refused.

    Only the workbook's own are ever asked: a link behind a cell leads out too, but nobody
    follows it.
    """
    folder, name = posixpath.split(part)
    found = []
    for tag, attributes in _elements(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if tag != "Relationship":
            continue
        if attributes.get("TargetMode", "").lower() == "external":
            raise Refused.because("documents.workbook.external_links", part=part)
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
        kind = attributes.get("Type", "").rpartition("/")[2]
        found.append((attributes.get("Id", ""), kind, target.lstrip("/")))
    return _Relations(tuple(found))


def _elements(archive: Archive, part: str) -> list[tuple[str, dict[str, str]]]:
    target = Elements(archive.limits)
    _run(archive, part, target)
    return target.found


def _run(archive: Archive, part: str, target: Elements | Strings | Styles) -> None:
    for _piece in parse(archive, part, target):
        pass
