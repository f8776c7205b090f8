"""Numbers of cases: serials without gaps or doubles, and keys that tell nothing of others."""

from __future__ import annotations

import secrets

from django.db import connection

from kernel.workflow.models import NumberSeries

# Those of the unified social credit code (GB 32100-2015): no letter that looks like another.
_READABLE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def fresh_id() -> int:
    """A case's key that tells nothing of others; below 2^52, for every reader of JSON."""
    return secrets.randbelow(2**52 - 1) + 1


def fresh_code(length: int) -> str:
    """Characters that tell nothing of others and are easily read aloud; ``length`` says how rare.

    Eight are one of 8 · 10¹¹: two of a thousand are the same once in more than a million times.
    """
    return "".join(secrets.choice(_READABLE) for _ in range(length))


def next_number(series: str) -> int:
    """The next serial of a series, from 1. Rolled back with the transaction that asked for it.

    One row per series, raised in the act's transaction.
    """
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (code, last) VALUES (%s, 1) "  # noqa: S608  (a constant name)
            f"ON CONFLICT (code) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [series],
        )
        row = cursor.fetchone()
    return int(row[0])
