"""One value of a bill's file: text or number in, plain value out, exact to its scale. Pure.

A reader returns the value or raises Refused; None stands for an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from kernel.errors import Refused
from kernel.identifiers.text import normalise
from procurement.cost.fields import Field

Cell = str | Decimal | date | bool | None

QUANTITY_DECIMALS, RATE_DECIMALS, MONEY_DECIMALS = 4, 4, 2
SCALE: int = 10**QUANTITY_DECIMALS
"""Quantities and rates as whole numbers are ten-thousandths."""
# A single sum below 10^14 fen and at most 50,000 rows: any total fits 64 bits.
MONEY_DIGITS, QUANTITY_DIGITS = 12, 9
LINE_CHARS, TEXT_CHARS = 200, 4_000
_CODE_CHARS = 40
_MOST_FEN = 10 ** (MONEY_DIGITS + MONEY_DECIMALS)
_MOST_QUANTITY = 10 ** (QUANTITY_DIGITS + QUANTITY_DECIMALS)

_NUMBER = re.compile(r"[+-]?[0-9]{1,24}(?:\.[0-9]{1,24})?")
# A sheet's program shows fifteen digits of the double that it keeps.
_WIDE = Context(prec=60)
_SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read(field: Field, cell: Cell) -> Any:
    """A field's value from a cell of a sheet or an attribute of XML.

    Raises Refused ``procurement.bill.`` + ``not_a_number``, ``too_many_decimals``,
    ``number_too_large``, ``negative``, ``text_invalid``, ``text_too_long``, ``choice_unknown``,
    ``field_missing``.
    """
    value = (
        None
        if cell is None or (type(cell) is str and not cell)
        else _READERS[field.kind](field, cell)
    )
    if field.required and value in (None, ""):
        raise Refused.because("procurement.bill.field_missing", column=field.zh)
    return field.empty if value is None else value


def plain(value: Decimal) -> str:
    """A Decimal in its one spelling: no exponent, no trailing zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def number(field: Field, cell: Cell, digits: int, decimals: int) -> Decimal:
    """An exact number with at most so many digits before and after the point."""
    if isinstance(cell, Decimal):
        found = cell if len(cell.as_tuple().digits) <= _SHOWN.prec else _SHOWN.plus(cell)
    elif isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()):
        found = Decimal(cell.strip())
    else:
        raise _refused("not_a_number", field, cell)
    if not found.is_finite():
        raise _refused("not_a_number", field, cell)
    if found and found.adjusted() >= digits:
        raise _refused("number_too_large", field, cell)
    exponent = found.normalize(_WIDE).as_tuple().exponent
    if isinstance(exponent, int) and exponent < -decimals:
        raise Refused.because(
            "procurement.bill.too_many_decimals",
            column=field.zh, value=str(cell)[:40], decimals=decimals,
        )  # fmt: skip
    return found


def _money(field: Field, cell: Cell) -> int:
    quick = _quick(cell, MONEY_DECIMALS, _MOST_FEN)
    if quick is not None:
        return quick[1]
    return int(number(field, cell, MONEY_DIGITS, MONEY_DECIMALS).scaleb(2, _WIDE))


def _quick(cell: Cell, decimals: int, limit: int) -> tuple[Decimal, int] | None:
    """The number and its whole multiple where all is plain, as nearly always; else None."""
    if isinstance(cell, str):
        if not _NUMBER.fullmatch(cell):
            return None
        cell = Decimal(cell)
    elif not isinstance(cell, Decimal):
        return None
    scaled = cell.scaleb(decimals, _WIDE)
    if not -limit < scaled < limit:
        return None
    whole = int(scaled)
    return (cell, whole) if whole == scaled else None


def _quantity(field: Field, cell: Cell) -> Decimal:
    quick = _quick(cell, QUANTITY_DECIMALS, _MOST_QUANTITY)
    if quick is not None and quick[1] >= 0:
        return quick[0]
    found = number(field, cell, QUANTITY_DIGITS, QUANTITY_DECIMALS)
    if found < 0:
        raise _refused("negative", field, cell)
    return Decimal(plain(found))


def _rate(field: Field, cell: Cell) -> Decimal:
    found = number(field, cell, 3, RATE_DECIMALS)
    if found < 0:
        raise _refused("negative", field, cell)
    return Decimal(plain(found))


def _line(field: Field, cell: Cell) -> str:
    """One line: white space of any kind and length is one space, so that XML keeps it."""
    return _text(field, cell, " ".join(_words(cell).split()), LINE_CHARS)


def _list(field: Field, cell: Cell) -> str:
    return _text(field, cell, " ".join(_words(cell).split()), TEXT_CHARS)


def _features(field: Field, cell: Cell) -> str:
    """Several lines, each without white space at its ends, without empty lines around them."""
    lines = _words(cell).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _text(
        field, cell, "\n".join(" ".join(line.split()) for line in lines).strip(), TEXT_CHARS
    )


def _code(field: Field, cell: Cell) -> str:
    """A code is text: a sheet that kept it as a number has lost its leading zero."""
    if not isinstance(cell, str):
        raise _refused("code_is_number", field, cell)
    if cell.isascii() and cell.isalnum() and len(cell) <= _CODE_CHARS:
        return cell.upper()
    return _text(field, cell, normalise(cell[:80], drop="-"), _CODE_CHARS)


def _words(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


def _text(field: Field, cell: Cell, text: str, limit: int) -> str:
    if not text.isprintable() and _CONTROL.search(text):
        raise _refused("text_invalid", field, _CONTROL.sub("?", text))
    if len(text) > limit:
        raise Refused.because("procurement.bill.text_too_long", column=field.zh, limit=limit)
    return text


def _choice(field: Field, cell: Cell) -> str:
    wanted = str(cell).strip()
    for code, words in field.choices:
        if wanted in (code, words):
            return code
    raise _refused("choice_unknown", field, cell)


_READERS: dict[str, Callable[[Field, Cell], Any]] = {
    "line": _line,
    "list": _list,
    "text": _features,
    "code": _code,
    "quantity": _quantity,
    "rate": _rate,
    "money": _money,
    "choice": _choice,
}


def _refused(reason: str, field: Field, cell: Cell) -> Refused:
    return Refused.because(f"procurement.bill.{reason}", column=field.zh, value=str(cell)[:40])
