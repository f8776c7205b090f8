"""The whole ledger in columns, as the database has it now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

import numpy as np
from django.db import connection

from credit.scoring import bulk
from credit.scoring.bulk import Column
from credit.scoring.models import PointEntry

_TABLE = PointEntry._meta.db_table
# PostgreSQL counts days and microseconds from here.
_DAYS = date(2000, 1, 1).toordinal()
_MICROS = bulk.micros(datetime(2000, 1, 1, tzinfo=UTC))
_ROWS = 250_000


def load() -> bulk.Ledger:
    """Every fact that was ever entered, with the first row that takes it back.

    Two names with one 64-bit hash (PostgreSQL) raise OverflowError: nobody is mixed up.
    """
    if connection.vendor == "postgresql":
        return _from_postgresql()
    return _from_rows()


def _from_rows() -> bulk.Ledger:
    """By the rows themselves: the embedded database is small."""
    columns = (
        "uscc", "item", "group", "effective_on", "recorded_at", "pk", "points", "days"
    )  # fmt: skip
    rows = PointEntry.objects.filter(revokes=None).order_by("pk").values_list(*columns)
    taken: dict[int, datetime] = {}
    for pk, at in PointEntry.objects.exclude(revokes=None).values_list("revokes_id", "recorded_at"):
        taken[pk] = min(at, taken.get(pk, at))
    holders: dict[str, int] = {}
    items: dict[str, int] = {}
    facts: dict[tuple[str, str], int] = {}
    table = np.array(
        [
            (
                holders.setdefault(uscc, len(holders)), items.setdefault(item, len(items)),
                facts.setdefault((uscc, group), len(facts)), day.toordinal(), bulk.micros(at),
                bulk.micros(taken[pk]) if pk in taken else bulk.NEVER, points, days,
            )
            for uscc, item, group, day, at, pk, points, days in rows.iterator(chunk_size=5000)
        ],
        np.int64,
    ).reshape(-1, 8)  # fmt: skip
    return bulk.Ledger(list(holders), list(items), *(table[:, n].copy() for n in range(8)))


def _from_postgresql() -> bulk.Ledger:
    """Column by column in the server's own binary form: no row becomes a Python object."""
    codes: dict[int, int] = {}
    parts: list[tuple[Column, ...]] = []
    for names, items, facts, effective, recorded, revoked, points, days in _blocks():
        kinds, places = np.unique(np.frombuffer(items, ">i8"), return_inverse=True)
        known = np.array([codes.setdefault(int(kind), len(codes)) for kind in kinds], np.int16)
        gone = np.frombuffer(revoked, ">i8").astype(np.int64)
        forever = gone == bulk.NEVER
        gone[~forever] += _MICROS
        parts.append(
            (
                np.frombuffer(names, ">i8").astype(np.int64),
                known[places],
                np.frombuffer(facts, ">i8").astype(np.int64),
                np.frombuffer(effective, ">i4").astype(np.int32) + np.int32(_DAYS),
                np.frombuffer(recorded, ">i8").astype(np.int64) + _MICROS,
                gone,
                np.frombuffer(points, ">i4").astype(np.int32),
                np.frombuffer(days, ">i4").astype(np.int32),
            )
        )
    if not parts:
        return bulk.ledger_of({})
    columns: list[Column] = []
    for place in range(len(parts[0])):
        columns.append(np.concatenate([part[place] for part in parts]))
    hashes, holder = np.unique(columns[0], return_inverse=True)
    return bulk.Ledger(
        _named("uscc", hashes), _named("item", codes), holder.astype(np.int32), *columns[1:]
    )


def _blocks() -> Iterator[tuple[bytes, ...]]:
    statement = f"""
        SELECT string_agg(int8send(hashtextextended(uscc, 0)), ''::bytea),
            string_agg(int8send(hashtextextended(item, 0)), ''::bytea),
            string_agg(int8send(hashtextextended("group", 0)), ''::bytea),
            string_agg(date_send(effective_on), ''::bytea),
            string_agg(timestamptz_send(recorded_at), ''::bytea),
            string_agg(timestamptz_send(coalesce(at, 'infinity')), ''::bytea),
            string_agg(int4send(points), ''::bytea), string_agg(int4send(days), ''::bytea)
        FROM (
            SELECT e.*, r.at FROM {_TABLE} e LEFT JOIN (
                SELECT revokes_id, min(recorded_at) AS at FROM {_TABLE}
                WHERE revokes_id > %s AND revokes_id <= %s GROUP BY revokes_id
            ) r ON r.revokes_id = e.id
            WHERE e.revokes_id IS NULL AND e.id > %s AND e.id <= %s ORDER BY e.id
        ) facts
    """  # noqa: S608  (our own table's name)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {_TABLE}")  # noqa: S608
        (last,) = cursor.fetchone()
        for start in range(0, last, _ROWS):
            cursor.execute(statement, [start, start + _ROWS, start, start + _ROWS])
            row = cursor.fetchone()
            if row[0] is not None:
                yield tuple(bytes(each) for each in row)


def _named(column: str, hashes: Iterable[int]) -> list[str]:
    """The texts of hashes, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT "{column}", hashtextextended("{column}", 0) FROM {_TABLE}'  # noqa: S608
            " WHERE revokes_id IS NULL"
        )
        found: dict[int, str] = {}
        for name, number in cursor.fetchall():
            if number in found:
                raise OverflowError(f"{found[number]} and {name} have one hash")
            found[number] = name
    return [found[int(each)] for each in hashes]
