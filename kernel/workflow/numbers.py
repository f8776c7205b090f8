"""Serial numbers without gaps or doubles: one row per series, raised in the act's transaction."""

from __future__ import annotations

from django.db import connection

from kernel.workflow.models import NumberSeries


def next_number(series: str) -> int:
    """The next serial of a series, from 1. Rolled back with the transaction that asked for it."""
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (code, last) VALUES (%s, 1) "  # noqa: S608  (a constant name)
            f"ON CONFLICT (code) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [series],
        )
        row = cursor.fetchone()
    return int(row[0])
