"""Reads of the log: entries of a case or a kind by page, its size, the newest head."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from kernel.errors import NotFound
from kernel.evidence.models import LogEntry, TreeHead
from kernel.queries import Prepared

PAGE = 100


def entries(
    *, case: str = "", kind: str = "", after: int = -1, limit: int = PAGE
) -> Sequence[LogEntry]:
    """Entries of a case and/or a kind in the order of the log, those behind index ``after``.

    The next page begins after the index of the last entry given.
    """
    rows = LogEntry.objects.filter(index__gt=after).order_by("index")
    if case:
        rows = rows.filter(case=case)
    if kind:
        rows = rows.filter(kind=kind)
    return list(rows[:limit])


def entry(index: int) -> LogEntry:
    """One entry. Raises NotFound ``evidence.entry.unknown``."""
    # Beyond what its column holds the database fails instead of finding nothing.
    rows = _entry.rows(index) if 0 <= index < 2**63 else []
    if not rows:
        raise NotFound.because("evidence.entry.unknown", index=index)
    return LogEntry.from_db(connection.alias, _names(), rows[0])


def _names() -> list[str]:
    return [field.attname for field in LogEntry._meta.concrete_fields]


_entry = Prepared(
    lambda slots: LogEntry.objects.order_by().filter(pk=slots.number(0)).values_list(*_names())
)


def log_size() -> int:
    """Number of entries."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT max("index") FROM kernel_logentry')
        last: int | None = cursor.fetchone()[0]
    return 0 if last is None else last + 1


def head() -> TreeHead | None:
    """The newest signed head; None before the first."""
    rows = _head.rows()
    return TreeHead.from_db(connection.alias, _head_names(), rows[0]) if rows else None


def _head_names() -> list[str]:
    return [field.attname for field in TreeHead._meta.concrete_fields]


_head = Prepared(lambda _slots: TreeHead.objects.order_by("-pk").values_list(*_head_names())[:1])
