"""A line of a national table: its cells to values, every fault with column and value. Pure.

A line is whole or refused; what is read is exact (万元 with four decimals is fen without rest).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from credit.enterprises.national.tables import Column, Table
from kernel.errors import Refusal, Refused
from kernel.identifiers import masks, resident_id, uscc
from kernel.workflow import texts

Cell = str | Decimal | date | bool | None
# What JSON keeps exactly.
_FEN_OF_WAN, _MOST_FEN = 1_000_000, 2**53
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,8})?")
_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
)
_YES_NO = {"1": True, "0": False, "是": True, "否": False, "true": True, "false": False}
# Digits of other scripts, dashes and blanks that are not ASCII's.
_UNLIKE = frozenset({"Nd", "Pd", "Zs"})
# A sheet keeps a number to fifteen digits; what stands behind them is no part of it.
_FIFTEEN = Context(prec=15)


@dataclass(frozen=True)
class Line:
    """A line that could be read. key: what names it in its table; facts: JSON values by field."""

    key: str
    project_number: str
    uscc: str
    facts: Mapping[str, Any]


def read_line(
    table: Table, cells: Mapping[str, Cell], article: str, today: date = date.max
) -> Line:
    """A line's values. Raises Refused with one ``credit.national.*`` for every cell at fault.

    today: the legal day, after which nothing can have happened.
    """
    facts: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for column in table.columns:
        cell = cells.get(column.name)
        text = _text(cell).strip()
        try:
            if text:
                facts[column.field] = _READERS[column.kind](column, cell)
                if column.past and facts[column.field] > today.isoformat():
                    raise _Bad("to_come")
            elif column.needed:
                raise _Bad("missing")
        except _Bad as bad:
            refusals.append(_refusal(bad.code, column, text, article))
        except Refused as refused:
            refusals += [_refusal(r.code, column, text, article, r.facts) for r in refused.refusals]
    if refusals:
        raise Refused(refusals)
    parts = [str(facts[table.by_name[name].field]) for name in table.key]
    for name, part in zip(table.key, parts, strict=True):
        if "|" in part:  # two lines of one key otherwise
            raise Refused(_refusal("invalid", table.by_name[name], part, article))
    key = "|".join(parts)
    if len(key) > 120:
        raise Refused(_refusal("too_long", table.by_name[table.key[0]], key, article))
    return Line(key, facts["project_number"], facts.get(table.subject, ""), facts)


class _Bad(Exception):  # noqa: N818  (caught at once)
    """A cell that cannot be read. code: of the refusal."""

    def __init__(self, code: str) -> None:
        self.code = code


def _refusal(
    code: str, column: Column, value: str, article: str, facts: Mapping[str, Any] | None = None
) -> Refusal:
    shown = masks.resident_id(value) if column.kind == "identity" else value[:60]
    told = {**(facts or {}), "column": column.name, "value": shown}
    whole = code if "." in code else f"credit.national.{code}"
    return Refusal(whole, told, article, column.name)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        number = _FIFTEEN.plus(cell)
        return format(number.normalize() if number else Decimal(0), "f")
    return cell


def _plain(column: Column, cell: Cell) -> str:
    # A number typed into a cell for text has lost its leading noughts and maybe its last digits.
    if isinstance(cell, Decimal) and len(format(cell.to_integral_value(), "f").strip("-")) > 15:
        raise _Bad("digits_lost")
    text = _text(cell).strip()
    if len(text) > column.longest:
        raise _Bad("too_long")
    if not (text.isprintable() if column.longest <= 200 else texts.is_fit(text)):
        raise _Bad("invalid")
    if column.names and any(map(_looks_alike, text)):
        raise _Bad("full_width")
    return text


def _looks_alike(char: str) -> bool:
    """Whether a character passes for a letter, digit, dash or blank of ASCII and is none.

    One contract under two spellings would be two lines, and two achievements.
    """
    if char.isascii():
        return False
    plain = unicodedata.normalize("NFKC", char)
    return (plain.isascii() and plain.isalnum()) or unicodedata.category(char) in _UNLIKE


def _uscc(column: Column, cell: Cell) -> str:
    text = _plain(column, cell)
    if len(text) == 15:  # the column's old width: a register number, not a credit code
        raise _Bad("code_of_old_width")
    return uscc.parse(text).code


def _decimal(cell: Cell) -> Decimal:
    text = _text(cell).strip().replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise _Bad("invalid")
    try:
        return Decimal(text)
    except InvalidOperation as fault:  # pragma: no cover  (the pattern lets none through)
        raise _Bad("invalid") from fault


def _wan(_column: Column, cell: Cell) -> int:
    number = _decimal(cell)
    if number != number.quantize(Decimal("0.0001"), context=Context(prec=40)):
        raise _Bad("too_exact")
    fen = int(number * _FEN_OF_WAN)
    if fen >= _MOST_FEN:
        raise _Bad("invalid")
    return fen


def _number(_column: Column, cell: Cell) -> str:
    return format(_decimal(cell).normalize(), "f")


def _date(_column: Column, cell: Cell) -> str:
    match = _DAY.fullmatch(_text(cell).strip())
    try:
        if match and 1949 <= int(match[1]) <= 2199:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass
    raise _Bad("invalid")


def _code(column: Column, cell: Cell) -> str:
    text = _plain(column, cell)
    if not (text.isascii() and text.isalnum() and len(text) <= 20):
        raise _Bad("invalid")
    return text


def _yes_no(_column: Column, cell: Cell) -> bool:
    found = _YES_NO.get(_text(cell).strip().lower())
    if found is None:
        raise _Bad("invalid")
    return found


def _identity(column: Column, cell: Cell) -> str:
    """Kept masked: whose certificate it is, the name says; the number is nobody's business."""
    text = _plain(column, cell)
    if len(text) == 18:
        resident_id.parse(text)
    return masks.resident_id(text)


_READERS: dict[str, Callable[[Column, Cell], Any]] = {
    "text": _plain,
    "uscc": _uscc,
    "wan": _wan,
    "number": _number,
    "date": _date,
    "code": _code,
    "yes_no": _yes_no,
    "identity": _identity,
}
