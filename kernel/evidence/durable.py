"""Whether the database keeps through a power cut what it said that it had committed.

A receipt is given after a commit. Where a commit does not wait for the disk, a receipted bid can be
gone an hour later with nobody to blame, so a platform on such a database is not ready.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from kernel.errors import Refusal

CODE = "evidence.database.not_durable"
# Each is a promise of PostgreSQL's that a commit rests on; any other value than these breaks none.
_WEAK = {"fsync": {"off"}, "full_page_writes": {"off"}, "synchronous_commit": {"off"}}
# PRAGMA synchronous by number, as SQLite tells it; the last two wait for the disk at each commit.
_LEVELS = ("OFF", "NORMAL", "FULL", "EXTRA")
_FULL = _LEVELS.index("FULL")
_NO_JOURNAL = {"off", "memory"}


def settings(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What the database says of itself on this connection, by the names of its settings."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked = ", ".join(f"current_setting('{name}')" for name in _WEAK)
            cursor.execute(f"SELECT {asked}")
            return dict(zip(_WEAK, cursor.fetchone(), strict=True))
        cursor.execute("PRAGMA synchronous")
        level = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        return {"synchronous": _LEVELS[level], "journal_mode": cursor.fetchone()[0]}


def faults(connection: BaseDatabaseWrapper) -> list[Refusal]:
    """Every setting by which a power cut could take what was committed; none where all is well."""
    return [
        Refusal(CODE, {"name": name, "value": value})
        for name, value in _weak(settings(connection), connection.vendor)
    ]


def _weak(found: dict[str, str], vendor: str) -> Iterator[tuple[str, str]]:
    if vendor == "postgresql":
        yield from ((name, value) for name, value in found.items() if value in _WEAK[name])
        return
    if _LEVELS.index(found["synchronous"]) < _FULL:
        yield "synchronous", found["synchronous"]
    if found["journal_mode"] in _NO_JOURNAL:
        yield "journal_mode", found["journal_mode"]
