"""Safety production licence 安全生产许可证 of a builder: (黑)JZ安许证字[YYYY]NNNNNN.

The form is remembered, not read in a text [memory].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kernel.errors import Refused
from kernel.identifiers.text import normalise

_ARTICLE = "安全生产许可证条例"
_SHAPE = re.compile(r"\((.)\)JZ安许证字\[([0-9]{4})\]([0-9]{6})")
_BRACKETS = str.maketrans("〔【〈「{〕】〉」}", "[[[[[]]]]]")
# The State Council's regulation is of 2004-01-13.
_FIRST_YEAR = 2004

# One-character names of the issuing places and the first two digits of their code; 国: ministry.
ISSUERS = {
    "国": "10", "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22",
    "黑": "23", "沪": "31", "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37",
    "豫": "41", "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51",
    "贵": "52", "云": "53", "藏": "54", "陕": "61", "甘": "62", "青": "63", "宁": "64", "新": "65",
}  # fmt: skip


@dataclass(frozen=True)
class SafetyLicence:
    """A licence's number: where and in which year it was first given, and its serial."""

    issuer: str
    year: int
    serial: int

    @property
    def region(self) -> str:
        """The issuing province's six digits."""
        return f"{ISSUERS[self.issuer]}0000"

    def __str__(self) -> str:
        return f"({self.issuer})JZ安许证字[{self.year}]{self.serial:06d}"


def parse(text: str, on: date | None = None) -> SafetyLicence:
    """Read a number with whatever brackets; with a day given, a later year is refused."""
    match = _SHAPE.fullmatch(_same_brackets(normalise(text)))
    if match is None:
        raise _refused("identifiers.safety_licence.form")
    issuer, year, serial = match[1], int(match[2]), int(match[3])
    if issuer not in ISSUERS:
        raise _refused("identifiers.safety_licence.issuer", issuer=issuer)
    if year < _FIRST_YEAR or (on is not None and year > on.year):
        raise _refused("identifiers.safety_licence.year", year=year)
    if serial == 0:
        raise _refused("identifiers.safety_licence.serial_zero")
    return SafetyLicence(issuer, year, serial)


def generate(issuer: str, year: int, serial: int) -> str:
    """The number of the serial-th licence (1-999999) of a year; issuer as in ISSUERS."""
    if not 1 <= serial <= 999_999:
        raise _refused("identifiers.safety_licence.serial_overflow", serial=serial)
    return str(parse(f"({issuer})JZ安许证字[{year}]{serial:06d}"))


def _same_brackets(text: str) -> str:
    """Round brackets first, square ones around the year, whichever were typed."""
    text = text.translate(_BRACKETS)
    head, sign, tail = text.partition("JZ")
    round_head = head.replace("[", "(").replace("]", ")")
    return round_head + sign + tail.replace("(", "[").replace(")", "]")


def _refused(code: str, **facts: str | int) -> Refused:
    return Refused.because(code, article=_ARTICLE, field="safety_licence", **facts)
