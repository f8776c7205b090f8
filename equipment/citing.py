"""Articles and values of the rule set of machines, on a legal day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from credit.citing import cited
from kernel import clock
from kernel.regulation import selectors as law

VALUES = "values.machines"


@lru_cache(maxsize=256)
def articles(day: date, words: str) -> dict[str, str]:
    """The articles (rows ``cite.…``)."""
    rows = law.resolve(VALUES, clock.start_of(day)).rows
    return {key: cited(row, words) for row in rows if (key := row.key.partition("cite.")[2])}


@lru_cache(maxsize=64)
def values(day: date) -> Mapping[str, Any]:
    """All values by key."""
    return {row.key: row["value"] for row in law.resolve(VALUES, clock.start_of(day)).rows}
