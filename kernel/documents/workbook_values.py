"""What a cell's text means: numbers, dates of both date systems, escapes. Pure.

ECMA-376-1 §18.8.30 (number formats), §18.17.4 (dates), §22.9.2.19 (escaped characters).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isinf

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_ESCAPE = re.compile(r"_x(0009|000[aAdD]|005[fF])_")
# Quoted words, escaped and padding characters, and what stands in brackets (colour, locale).
_NOT_PLACEHOLDERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
# Built-in formats that show a day; 27-36 and 50-58 are those of Chinese and Japanese Excel.
DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_EPOCH_1904 = date(1904, 1, 1)
_EPOCH_1900 = date(1899, 12, 30)
_LAST_SERIAL = {False: 2_958_465, True: 2_957_003}  # 9999-12-31


def number(text: str) -> Decimal | None:
    """The number that the sheet's program showed, or None where the text is none.

    Files hold doubles with up to 17 digits (1.1 is written 1.1000000000000001); the shortest
    decimal that gives the same double is what was typed.
    """
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if isinf(value):
        return None
    return Decimal(repr(value))


def shows_a_day(format_code: str) -> bool:
    """Whether a number format shows a year or a day, so that its numbers are dates."""
    section = _NOT_PLACEHOLDERS.sub("", format_code.lower()).split(";")[0]
    return section not in {"general", "g/通用格式"} and bool(re.search(r"[yd]", section))


def day_of(serial: Decimal, *, date1904: bool) -> date | None:
    """The day, or day and time, of a serial number; None where it names no day.

    In the 1900 system serial 60 is a 29 February 1900 that never was.
    """
    if not 1 <= serial <= _LAST_SERIAL[date1904] or (not date1904 and 60 <= serial < 61):
        return None
    days = int(serial)
    day = _EPOCH_1904 + timedelta(days) if date1904 else _EPOCH_1900 + timedelta(days + (days < 60))
    seconds = round((serial - days) * 86_400)
    if not seconds:
        return day
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (a sheet knows no zone)
    return midnight + timedelta(seconds=seconds) if day.year < 9999 else day


def unescaped(text: str) -> str:
    """Text with its ``_x000D_`` escapes of tab, line ends and underscore undone; no others."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def place_of(reference: str) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of a reference such as ``AB12``, or None."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


def reference_of(row: int, column: int) -> str:
    """The reference of a row (from 1) and column (from 0)."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"
