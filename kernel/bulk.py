"""Many rows of one table at once, as the database takes them fastest: no models in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows in the open transaction; constraints hold, no signals are sent.

    names: attributes of the model (``bill_id``); columns beyond them get what the database gives
    them. rows: values of the very types that their columns keep: str, int, bool, None.
    """
    meta, quote = model._meta, connection.ops.quote_name
    fields = [next(f for f in meta.concrete_fields if f.attname == name) for name in names]
    table, columns = quote(meta.db_table), ", ".join(quote(str(f.column)) for f in fields)
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
                list(rows),
            )
            return
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as copy,
        ):
            copy.set_types([(f.db_type(connection) or "").partition("(")[0] for f in fields])
            for row in rows:
                copy.write_row(row)
