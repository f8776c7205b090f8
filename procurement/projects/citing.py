"""Articles as guards cite them: by the rule set of the day, in the reader's language, marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.citing import cited, language
from kernel.regulation.named import named

__all__ = ["articles", "cited", "codes", "label", "language", "named", "options", "values"]


def articles(code: str, at: datetime, region: str) -> Mapping[str, str]:
    """Key of every row of a set of values -> the article that it rests on."""
    return _articles(code, clock.legal_date(at).isoformat(), region, language())


def values(code: str, at: datetime, region: str) -> Mapping[str, Any]:
    """Key of every row of a set of values -> its value, on the legal day of a moment."""
    return _values(code, clock.legal_date(at).isoformat(), region)


def options(name: str, at: datetime) -> list[tuple[str, str]]:
    """(code, label) of a code list in force, in the reader's language."""
    return law.options(name, at, language())


def label(name: str, code: str, at: datetime) -> str:
    """A code's label in the reader's language; the code itself where the list has none."""
    return dict(options(name, at)).get(code, code)


def codes(name: str, at: datetime) -> frozenset[str]:
    """The codes of a list in force."""
    return frozenset(code for code, _label in law.options(name, at))


@lru_cache(maxsize=512)
def _articles(code: str, day: str, region: str, words: str) -> Mapping[str, str]:
    rows = law.resolve(code, clock.start_of(date.fromisoformat(day)), region).rows
    return MappingProxyType({row.key: cited(row, words) for row in rows})


@lru_cache(maxsize=512)
def _values(code: str, day: str, region: str) -> Mapping[str, Any]:
    rows = law.resolve(code, clock.start_of(date.fromisoformat(day)), region).rows
    return MappingProxyType({row.key: row["value"] for row in rows})
