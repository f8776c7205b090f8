"""Fields of the archive that hold codes, said in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from credit import citing
from credit.enterprises import words
from credit.enterprises.corrections.rules import LISTS
from credit.enterprises.models import Licence
from kernel.regulation import selectors as law

Options = tuple[tuple[str, str], ...]
TRADES = ("qualification_trade", "person_trade")


def options(row: Any, field: str, at: datetime) -> Options | None:
    """The codes that an entry's field may hold, each in words; None where it holds any text."""
    if not isinstance(row, Licence) or field not in ("trade", *LISTS):
        return None
    name = LISTS.get(field) or TRADES[row.kind == "person"]
    return tuple(law.options(name, at, citing.language()))


def said(field: str, content: str, at: datetime) -> str:
    """What a field holds as people read it: a code in words, money with its separators."""
    lists = (LISTS[field],) if field in LISTS else TRADES if field == "trade" else ()
    for name in lists:
        for code, label in law.options(name, at, citing.language()):
            if code == content:
                return str(label)
    return words.content(field, content)


def code_of(listed: Options, text: str) -> str:
    """The code that somebody means who wrote it, or its words; else the text as it is."""
    meant = [code for code, label in listed if text in (code, str(label))]
    return meant[0] if len(meant) == 1 else text
