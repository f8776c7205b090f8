"""The log's rows in as few statements as there can be: the lock, the frontier, the inserts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from kernel.evidence.merkle import Frontier, Node
from kernel.queries import execute

# "zhuxin" as a number: the one lock that all appends of one database queue for.
_LOCK = 0x7A687578696E
# No log of ours will reach 2**52 entries; canonical JSON could not name them.
_LEVELS = ",".join(f"({level})" for level in range(1, 53))
_FRONTIER = f"""
WITH tip AS (
    SELECT "index" + 1 AS size, leaf FROM kernel_logentry ORDER BY "index" DESC LIMIT 1
), levels(level) AS (VALUES {_LEVELS})
SELECT 0, tip.size, tip.leaf FROM tip
UNION ALL
SELECT n.level, tip.size, n.hash FROM tip CROSS JOIN levels
    JOIN kernel_lognode n
        ON n.level = levels.level AND n."index" = (tip.size >> levels.level) - 1
    WHERE (tip.size >> levels.level) & 1 = 1
"""  # noqa: S608  (only numbers of our own)
_ENTRY_COLUMNS = ("index", "kind", "case", "at", "body", "salt", "leaf", "public")
_ENTRY_TYPES = ("int8", "text", "text", "timestamptz", "text", "bytea", "bytea", "bool")
_NODE_COLUMNS = ("level", "index", "hash")
_NODE_TYPES = ("int2", "int8", "bytea")
# One statement whatever the number of rows, so that it is read and planned once per connection.
_INSERT = """
WITH entries AS (
    INSERT INTO kernel_logentry ("index", kind, "case", at, body, salt, leaf, public)
    SELECT "index", kind, "case", at, body, decode(salt, 'hex'), decode(leaf, 'hex'), public
    FROM json_to_recordset(%s::json) AS row(
        "index" int8, kind text, "case" text, at timestamptz, body text, salt text, leaf text,
        public bool
    )
)
INSERT INTO kernel_lognode (level, "index", hash)
SELECT level, "index", decode(hash, 'hex')
FROM json_to_recordset(%s::json) AS row(level int2, "index" int8, hash text)
"""
# Below this many rows setting COPY up costs more than it saves.
_COPY_FROM = 30


class Row(NamedTuple):
    """A row of the entries' table, in the order of its columns."""

    position: int
    kind: str
    case: str
    at: datetime
    body: str
    salt: bytes
    leaf: bytes
    public: bool


def lock() -> None:
    """Take the log's lock until the transaction ends.

    SQLite has it already: its write transactions begin IMMEDIATE. Raises
    TransactionManagementError outside a transaction, where a lock would hold for nothing.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the log is written inside a transaction")
    if connection.vendor == "postgresql":
        execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def frontier() -> Frontier:
    """The tree's size and complete subtrees, read in one statement (one snapshot)."""
    rows = execute(_FRONTIER).fetchall()
    if not rows:
        return Frontier()
    return Frontier(rows[0][1], {level: bytes(value) for level, _, value in rows})


def insert(rows: Sequence[Row], nodes: Sequence[Node]) -> None:
    """Write entries and the nodes that they completed."""
    if connection.vendor == "sqlite":
        adapt = connection.ops.adapt_datetimefield_value
        adapted = [(*row[:3], adapt(row.at), *row[4:]) for row in rows]
        _insert("kernel_logentry", _ENTRY_COLUMNS, adapted)
        _insert("kernel_lognode", _NODE_COLUMNS, nodes)
    elif len(rows) < _COPY_FROM:
        execute(_INSERT, [_entries_text(rows), _nodes_text(nodes)])
    else:
        _copy("kernel_logentry", _ENTRY_COLUMNS, _ENTRY_TYPES, rows)
        _copy("kernel_lognode", _NODE_COLUMNS, _NODE_TYPES, nodes)


def _entries_text(rows: Sequence[Row]) -> str:
    return json.dumps(
        [
            {
                **row._asdict(),
                "index": row.position,
                "at": row.at.isoformat(),
                "salt": row.salt.hex(),
                "leaf": row.leaf.hex(),
            }
            for row in rows
        ],
        ensure_ascii=False,
    )


def _nodes_text(nodes: Sequence[Node]) -> str:
    return json.dumps([{"level": n[0], "index": n[1], "hash": n[2].hex()} for n in nodes])


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    if len(rows) > _COPY_FROM:
        with connection.cursor() as cursor:
            cursor.executemany(_statement(table, columns, rows[:1])[0], rows)
    else:
        execute(*_statement(table, columns, rows))


def _statement(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[str, list[Any]]:
    if not rows:
        return "", []
    names = ",".join(f'"{column}"' for column in columns)
    places = "(" + ",".join(["%s"] * len(columns)) + ")"
    values = ",".join([places] * len(rows))
    sql = f"INSERT INTO {table} ({names}) VALUES {values}"  # noqa: S608
    return sql, [value for row in rows for value in row]


def _copy(
    table: str, columns: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    names = ",".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
