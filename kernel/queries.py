"""Queries that are asked thousands of times: the ORM writes their SQL once, not once per request.

Building the statement is most of what a small query costs in CPU. The statement stays the ORM's
own, with its joins, converters and both databases; only the values of its placeholders change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_EPOCH = date(1, 1, 1)


class Slots:
    """Values that stand for placeholders while the statement is written; no real row has them."""

    @staticmethod
    def text(place: int) -> str:
        """The placeholder of a text."""
        return f"\x1aslot{place}"

    @staticmethod
    def number(place: int) -> int:
        """The placeholder of an integer."""
        return -(2**61) - place

    @staticmethod
    def day(place: int) -> date:
        """The placeholder of a date."""
        return _EPOCH + timedelta(days=place)


class Prepared:
    """A ``values_list`` query whose values come later, in the order of its slots.

    build is called at first use, once per kind of database.
    """

    def __init__(self, build: Callable[[type[Slots]], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._ready: dict[str, tuple[str, list[Any], Any, Any]] = {}

    def _prepare(self) -> tuple[str, list[Any], Any, Any]:
        found = self._ready.get(connection.vendor)
        if found is None:
            compiler = self._build(Slots).query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            converters = compiler.get_converters([column[0] for column in compiler.select])
            found = self._ready[connection.vendor] = (sql, list(params), compiler, converters)
        return found

    def rows(self, *values: str | int | date) -> list[Sequence[Any]]:
        """Run it with values in the slots; rows as ``values_list`` gives them."""
        sql, params, compiler, converters = self._prepare()
        slots: dict[Any, Any] = {}
        for place, value in enumerate(values):
            if isinstance(value, date):
                adapt = connection.ops.adapt_datefield_value
                slots[adapt(Slots.day(place))] = adapt(value)
            elif isinstance(value, int):
                slots[Slots.number(place)] = value
            else:
                slots[Slots.text(place)] = value
        with connection.cursor() as cursor:
            cursor.execute(sql, [slots.get(p, p) for p in params])
            rows: list[Sequence[Any]] = cursor.fetchall()
        return list(compiler.apply_converters(rows, converters)) if converters else rows
