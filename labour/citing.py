"""Articles and values of the rule set of workers and wages, on a legal day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from credit import citing
from kernel import clock
from kernel.regulation import selectors as law
from kernel.regulation.rows import Row

VALUES = "values.labour"


def articles(day: date, words: str) -> dict[str, str]:
    """The articles (rows ``cite.…``)."""
    return citing.articles(VALUES, day, words)


@lru_cache(maxsize=64)
def values(day: date) -> Mapping[str, Any]:
    """All values by key."""
    return {row.key: row["value"] for row in law.resolve(VALUES, clock.start_of(day)).rows}


@lru_cache(maxsize=64)
def heavy_ages(day: date, region: str) -> Mapping[str, int]:
    """Up to which age heavy work is offered in a place, by sex; empty where no rule stands."""
    at = clock.start_of(day)
    rows = {row.key for row in law.resolve("values.heavy_work", at).rows if _holds(row, region)}
    return {
        sex: int(law.row("values.heavy_work", key, at, region)["value"])
        for sex in ("male", "female")
        if (key := f"heavy.age.{sex}") in rows
    }


def settled_percent(day: date) -> int:
    """At which share of the days at the gate a worker may agree that a month is settled."""
    rows = law.resolve("values.wage_month", clock.start_of(day)).rows
    return next(int(row["value"]) for row in rows if row.key == "month.settled_percent")


def minimum_wage(day: date, region: str) -> Row | None:
    """The row of the monthly minimum wage (first class, fen) of a place, or None."""
    at = clock.start_of(day)
    rows = law.resolve("values.minimum_wage", at).rows
    return next((row for row in rows if _holds(row, region)), None)


def _holds(row: Row, region: str) -> bool:
    return not row.region or region[:2] == row.region[:2]
