"""The whole ledger in columns, as the database has it now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import numpy as np
from django.db import connection, transaction

from credit.enterprises.models import Enterprise
from credit.scoring import bulk
from credit.scoring.bulk import Column
from credit.scoring.models import PointEntry

_TABLE = PointEntry._meta.db_table
# PostgreSQL counts days and microseconds from here.
_DAYS = date(2000, 1, 1).toordinal()
_MICROS = bulk.micros(datetime(2000, 1, 1, tzinfo=UTC))
_ROWS = 250_000
_BITS = 21
_SHIFT = np.uint64(64 - _BITS)


def load() -> bulk.Ledger:
    """Every fact that was ever entered, with the first row that takes it back.

    Two names with one 64-bit hash (PostgreSQL) raise OverflowError: nobody is mixed up.
    """
    if connection.vendor == "postgresql":
        return _from_postgresql()
    return _from_rows()


def everybody() -> bulk.Ledger:
    """The same with every enterprise of the archive: who has no fact has the base."""
    ledger = load()
    held = set(ledger.holders)
    others = Enterprise.objects.order_by("uscc").values_list("uscc", flat=True)
    return replace(
        ledger, holders=[*ledger.holders, *(uscc for uscc in others if uscc not in held)]
    )


def _from_rows() -> bulk.Ledger:
    """By the rows themselves: the embedded database is small."""
    columns = (
        "uscc", "item", "group", "effective_on", "recorded_at", "pk", "points", "days", "until"
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
                until.toordinal() if until else bulk.FOREVER,
            )
            for uscc, item, group, day, at, pk, points, days, until in rows.iterator(5000)
        ],
        np.int64,
    ).reshape(-1, 9)  # fmt: skip
    return bulk.Ledger(list(holders), list(items), *(table[:, n].copy() for n in range(9)))


def _from_postgresql() -> bulk.Ledger:
    """Column by column in the server's own binary form: no row becomes a Python object."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {_TABLE}")  # noqa: S608
        (last,) = cursor.fetchone()
    blocks = [partial(_block, start) for start in range(0, last, _ROWS)]
    usccs, items, *found = _asked([_enterprises, _items, *blocks])
    parts: list[list[Column]] = [part for part in found if part]
    if not parts:
        return bulk.ledger_of({})
    columns: list[Column] = []
    for place in range(len(parts[0])):
        columns.append(np.concatenate([part[place] for part in parts]))
        for part in parts:
            part[place] = np.empty(0)
    holders, holder = _places(usccs, columns[0])
    kinds, kind = _places(items, columns[1])
    columns[:2] = holder, kind.astype(np.int16)
    return bulk.Ledger(holders, kinds, *columns)


def _places(names: dict[int, str], hashes: Column) -> tuple[list[str], Column]:
    """The names in the order of their hashes, and in this order the place of each row's.

    A row's hash is looked up by its highest bits; only where two share them it is searched for.
    """
    known = np.array(sorted(names), np.int64)
    table = np.zeros(2**_BITS, np.int32)
    table[known.view(np.uint64) >> _SHIFT] = np.arange(len(known))
    found = table[hashes.view(np.uint64) >> _SHIFT]
    others = np.flatnonzero(known[found] != hashes)
    found[others] = np.searchsorted(known, hashes[others])
    found[others] %= max(len(known), 1)  # beyond the last stands nobody
    if not np.array_equal(known[found[others]], hashes[others]):
        raise LookupError("a row of a name that nobody told")
    return [names[each] for each in known.tolist()], found


def _asked(asks: Sequence[Callable[[], Any]]) -> list[Any]:
    """The answers in their order, all as of one moment.

    Two connections ask in turn, both of one snapshot, so that the server works on two cores. Inside
    a transaction only its own connection sees what it sees.
    """
    if connection.in_atomic_block:
        return [ask() for ask in asks]
    answers: dict[int, Any] = {}
    waiting, lock = iter(range(len(asks))), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                place = next(waiting, None)
            if place is None:
                return
            answers[place] = asks[place]()

    def beside(snapshot: str) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
                work()
        finally:
            connection.close()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        with ThreadPoolExecutor(1) as other:
            done = other.submit(beside, snapshot)
            work()
            done.result()
    return [answers[place] for place in range(len(asks))]


def _block(start: int) -> list[Column]:
    """The columns of the facts of one span of ids; empty where it has none."""
    statement = f"""
        SELECT string_agg(int8send(hashtextextended(uscc, 0)), ''::bytea),
            string_agg(int8send(hashtextextended(item, 0)), ''::bytea),
            string_agg(int8send(hashtextextended("group", 0)), ''::bytea),
            string_agg(date_send(effective_on), ''::bytea),
            string_agg(timestamptz_send(recorded_at), ''::bytea),
            string_agg(timestamptz_send(coalesce(at, 'infinity')), ''::bytea),
            string_agg(int4send(points), ''::bytea), string_agg(int4send(days), ''::bytea),
            string_agg(date_send(coalesce(until, 'infinity')), ''::bytea)
        FROM (
            SELECT e.*, r.at FROM {_TABLE} e LEFT JOIN (
                SELECT revokes_id, min(recorded_at) AS at FROM {_TABLE}
                WHERE revokes_id > %s AND revokes_id <= %s GROUP BY revokes_id
            ) r ON r.revokes_id = e.id
            WHERE e.revokes_id IS NULL AND e.id > %s AND e.id <= %s ORDER BY e.id
        ) facts
    """  # noqa: S608  (our own table's name)
    from psycopg import Cursor

    connection.ensure_connection()
    # As text a column would come twice as long, and have to be read.
    with Cursor(connection.connection) as cursor:
        span = [start, start + _ROWS]
        row = cursor.execute(statement, [*span, *span], binary=True).fetchone()
    if row is None or row[0] is None:
        return []
    names, items, facts, effective, recorded, revoked, points, days, until = row
    gone = np.frombuffer(revoked, ">i8").astype(np.int64)
    gone[gone != bulk.NEVER] += _MICROS
    last = np.frombuffer(until, ">i4").astype(np.int32)
    last[last != bulk.FOREVER] += np.int32(_DAYS)
    return [
        np.frombuffer(names, ">i8").astype(np.int64),
        np.frombuffer(items, ">i8").astype(np.int64),
        np.frombuffer(facts, ">i8").astype(np.int64),
        np.frombuffer(effective, ">i4").astype(np.int32) + np.int32(_DAYS),
        np.frombuffer(recorded, ">i8").astype(np.int64) + _MICROS,
        gone,
        np.frombuffer(points, ">i4").astype(np.int32),
        np.frombuffer(days, ">i4").astype(np.int32),
        last,
    ]


def _enterprises() -> dict[int, str]:
    """Every enterprise by its hash: each next one by the index, not by reading all rows."""
    return _named(
        f"""WITH RECURSIVE found AS (
            (SELECT uscc FROM {_TABLE} ORDER BY uscc LIMIT 1)
            UNION ALL
            SELECT (SELECT uscc FROM {_TABLE} WHERE uscc > found.uscc ORDER BY uscc LIMIT 1)
            FROM found WHERE found.uscc IS NOT NULL
        )
        SELECT uscc, hashtextextended(uscc, 0) FROM found WHERE uscc IS NOT NULL"""  # noqa: S608
    )


def _items() -> dict[int, str]:
    """Every item by its hash."""
    return _named(
        f"""SELECT item, hashtextextended(item, 0)
        FROM (SELECT DISTINCT item FROM {_TABLE}) items"""  # noqa: S608
    )


def _named(statement: str) -> dict[int, str]:
    """Texts by their hashes. Raises OverflowError where two have one."""
    found: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for name, number in cursor.fetchall():
            if number in found:
                raise OverflowError(f"{found[number]} and {name} have one hash")
            found[number] = name
    return found
