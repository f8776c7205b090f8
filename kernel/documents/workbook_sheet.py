"""The rows of a workbook's sheet, read as a stream of tags: no tree is ever built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.documents import workbook_values as values
from kernel.documents.workbook_archive import Limits
from kernel.documents.workbook_parts import Target
from kernel.errors import Refused

Cell = str | Decimal | date | bool | None
"""A date with a time of day is a naive datetime: a sheet knows no zone."""

_LAST_ROW = 1_048_576
_TEXT_KINDS = frozenset({"inlineStr", "str"})
# Column letters to the column, A to ZZ; longer ones are spelled out when they come.
_COLUMNS = {
    values.reference_of(1, column).removesuffix("1"): column for column in range(26 + 26 * 26)
}


@dataclass(frozen=True)
class Row:
    """A row with content: its number in the sheet (from 1) and its cells from column A on."""

    number: int
    cells: tuple[Cell, ...]


class Sheet(Target):
    """The rows of a sheet, ready to be taken as they are complete.

    A large sheet calls this a million times: a cell is kept in plain attributes, and its
    reference is only spelled out where a refusal names it.
    """

    names = frozenset({"sheetData", "row", "c", "v", "t", "f", "rPh"})

    def __init__(
        self, limits: Limits, sheet: str, strings: list[str], days: list[bool], date1904: bool
    ) -> None:
        super().__init__(limits)
        self.sheet, self.strings, self.days, self.date1904 = sheet, strings, days, date1904
        self._any_days = any(days)
        self._ready: list[Row] = []
        self._rows = self._number = 0
        self._row_name = ""
        self._inside = self._taking = self._aid = False
        self._cells: list[Cell] = []
        # The cell that is being read, if one is: its column, type, style and text so far.
        self._in_cell = False
        self._column = self._chars = 0
        self._kind = self._style = ""
        self._text: list[str] = []

    def take(self) -> list[Row]:
        """The rows completed since the last time."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Something begins; what stands outside the sheet's data is passed over."""
        self.seen += 1
        if self.seen > self.most:
            raise Refused.because("documents.workbook.too_much_markup", limit=self.most)
        name = self.known.get(tag)
        if name is None:
            return
        if not self._inside:
            self._inside = name == "sheetData"
        elif name == "c":
            self._open_cell(attributes)
        elif name == "row":
            self._open_row(attributes.get("r", ""))
        elif self._in_cell:
            self._open_content(name)

    def _open_row(self, number: str) -> None:
        here = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 0
        here = here if number else self._number + 1
        if not self._number < here <= _LAST_ROW:
            raise self._damaged()
        self._number, self._row_name, self._cells = here, str(here), []

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        column, reference = len(self._cells), attributes.get("r", "")
        if reference:
            # The letters of a column come again in every row: they are read once.
            letters = reference.removesuffix(self._row_name)
            place = _COLUMNS.get(letters) if len(letters) < len(reference) else None
            if place is None:
                place = self._place(reference)
            if place < column:
                raise self._damaged()
            column = place
        self._in_cell, self._column, self._chars = True, column, 0
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._text = []

    def _place(self, reference: str) -> int:
        """The column of a reference that names this row; anything else is refused."""
        place = values.place_of(reference)
        if place is None or place[0] != self._number:
            raise self._damaged()
        return place[1]

    def _open_content(self, name: str) -> None:
        if name == "f":
            raise Refused.because(
                "documents.workbook.formula", sheet=self.sheet, cell=self._reference()
            )
        if name == "rPh":
            self._aid = True
        self._taking = name == "v" or (name == "t" and not self._aid)

    def data(self, text: str) -> None:
        """Text of a value."""
        if self._taking and self._in_cell:
            self._chars += len(text)
            if self._chars > self.limits.cell_chars:
                raise Refused.because(
                    "documents.workbook.cell_too_long",
                    cell=self._reference(),
                    limit=self.limits.cell_chars,
                )
            self._text.append(text)

    def end(self, tag: str) -> None:
        """Something ends."""
        name = self.known.get(tag)
        if name is None:
            return
        if name == "c":
            if self._in_cell:
                self._close_cell()
        elif name == "row":
            if self._inside:
                self._close_row()
        elif name == "sheetData":
            self._inside = False
        elif name == "rPh":
            self._aid = False
        else:
            self._taking = False

    def _close_cell(self) -> None:
        self._in_cell = False
        content = self._value("".join(self._text) if len(self._text) != 1 else self._text[0])
        if content is None or (type(content) is str and not content):
            return
        if self._column >= self.limits.columns:
            raise Refused.because("documents.workbook.too_many_columns", limit=self.limits.columns)
        if self._column > len(self._cells):
            self._cells += [None] * (self._column - len(self._cells))
        self._cells.append(content)

    def _close_row(self) -> None:
        if not self._cells:
            return
        self._rows += 1
        if self._rows > self.limits.rows:
            # The first row is the head: people count the rest.
            raise Refused.because("documents.workbook.too_many_rows", limit=self.limits.rows - 1)
        self._ready.append(Row(self._number, tuple(self._cells)))
        self._cells = []

    def _value(self, text: str) -> Cell:
        kind = self._kind
        if kind in _TEXT_KINDS:
            return values.unescaped(text)
        text = text.strip()
        if not text:
            return None
        if kind == "s":
            return self._shared(text)
        if kind == "b" and text in {"0", "1"}:
            return text == "1"
        if kind == "d":
            return self._iso(text)
        found = values.number(text) if kind == "n" else None
        if found is None:
            raise self._faulty(text)
        if self._any_days and self._shows_a_day():
            return values.day_of(found, date1904=self.date1904) or found
        return found

    def _shows_a_day(self) -> bool:
        style = int(self._style) if self._style.isascii() and self._style.isdigit() else 0
        return style < len(self.days) and self.days[style]

    def _shared(self, text: str) -> str:
        if not (text.isascii() and text.isdigit() and len(text) < 8):
            raise self._faulty(text)
        if int(text) >= len(self.strings):
            raise self._faulty(text)
        return self.strings[int(text)]

    def _iso(self, text: str) -> date:
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self._faulty(text) from None

    def _reference(self) -> str:
        return values.reference_of(self._number, self._column)

    def _faulty(self, text: str) -> Refused:
        return Refused.because(
            "documents.workbook.cell_faulty",
            sheet=self.sheet,
            cell=self._reference(),
            text=text[:40],
        )

    def _damaged(self) -> Refused:
        return Refused.because("documents.workbook.damaged", part=self.sheet)
