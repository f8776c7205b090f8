"""One measured figure, its bar and the table of them."""

from __future__ import annotations

import operator
import re
import unicodedata
from typing import NamedTuple

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_BAR = re.compile(r"(>=|<=|>|<)\s*([0-9][0-9_,]*(?:\.[0-9]+)?)")


class Figure(NamedTuple):
    """What was measured; ``bar`` is a comparison like ``">= 105"``, or empty."""

    name: str
    value: float
    unit: str
    bar: str | None = ""

    def passed(self) -> bool | None:
        """Does the value keep the bar? None where there is no bar."""
        if not self.bar:
            return None
        match = _BAR.fullmatch(self.bar.replace("≥", ">=").replace("≤", "<=").strip())
        if match is None:
            raise ValueError(f"not a bar: {self.bar!r}")
        return bool(_COMPARE[match[1]](self.value, float(re.sub("[_,]", "", match[2]))))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def table(figures: list[Figure]) -> str:
    """The figures in columns, each with its bar and whether it keeps it."""
    words = {None: "", True: "达标 pass", False: "未达标 FAIL"}
    rows = [("项目 figure", "值 value", "单位 unit", "标准 bar", "")]
    rows += [(f.name, _shown(f.value), f.unit, f.bar or "", words[f.passed()]) for f in figures]
    widths = [max(_width(row[column]) for row in rows) for column in range(5)]
    lines = []
    for row in rows:
        cells = []
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(gap + cell if column == 1 else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
