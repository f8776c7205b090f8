"""What the tables of an enterprise's page are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kernel.web.viewmodels import Column


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns. correct: where a mistake in it is pointed out."""

    cells: tuple[Any, ...]
    correct: str = ""


@dataclass(frozen=True)
class Section:
    """A table with its heading. empty: what stands there where there is nothing. note: below it."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str
    note: str = ""

    @property
    def correctable(self) -> bool:
        """Whether any row may be put right from here."""
        return any(row.correct for row in self.rows)

    @property
    def table(self) -> Iterator[tuple[Row, Iterator[tuple[Column, Any]]]]:
        """Rows with their cells beside the columns."""
        for row in self.rows:
            yield row, zip(self.columns, row.cells, strict=True)


def level() -> Column:
    """How far a row is proven."""
    return Column(_("核验等级"))
