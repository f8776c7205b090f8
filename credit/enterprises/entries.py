"""The entries of the archive by their names (``licence:17``), and how a change of one is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from credit.enterprises.declarations.machine import SHOWN
from credit.enterprises.machine import VALID
from credit.enterprises.models import (
    Achievement,
    AchievementClaim,
    ArchiveChange,
    Enterprise,
    FinanceSummary,
    Licence,
)
from kernel.events.credit import ArchiveChanged
from kernel.events.registry import Envelope
from kernel.money import format_yuan

_LONGEST = 200
_KINDS: dict[str, type[Any]] = {
    "licence": Licence,
    "achievement": Achievement,
    "claim": AchievementClaim,
    "finance": FinanceSummary,
    "enterprise": Enterprise,
}
_LIVE: dict[str, tuple[str, ...]] = {"licence": (VALID,), "claim": SHOWN, "finance": SHOWN}


def name_of(row: Any) -> str:
    """The entry that a row is; without its key while it has none."""
    kind = next(kind for kind, model in _KINDS.items() if isinstance(row, model))
    return f"{kind}:{row.pk or ''}"


def kind_of(entry: str) -> str:
    """What kind of entry a name speaks of; "" for none."""
    kind = entry.partition(":")[0]
    return kind if kind in _KINDS else ""


def find(entry: str) -> Any | None:
    """The row that a name speaks of and that stands in the archive now, or None."""
    kind, _, key = entry.partition(":")
    if kind == "enterprise":
        return Enterprise.objects.filter(uscc=key).first()
    if kind not in _KINDS or not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    row = _KINDS[kind].objects.filter(pk=int(key)).first()
    if row is None or (kind in _LIVE and row.state not in _LIVE[kind]):
        return None
    if kind == "achievement" and row.ended_at is not None:
        return None
    return row


def level_of(row: Any) -> str:
    """How far an entry is proven: A feed or own record, B document checked, C declared."""
    if isinstance(row, Achievement | Enterprise):
        return "A"
    return str(row.proof if isinstance(row, Licence) else row.level)


def said(value: Any) -> str:
    """A column's value as text, as corrections and the change log have it; money in yuan."""
    return "" if value is None else str(value)[:_LONGEST]


def value_of(row: Any, field: str) -> str:
    """What an entry's field says, as :func:`said` has it. Fen are said in yuan."""
    value = getattr(row, field, "")
    if field.endswith("_fen") and isinstance(value, int):
        return format_yuan(value).replace(",", "")
    return value.isoformat() if isinstance(value, date) else said(value)


def change(
    row: Any,
    changes: Iterable[tuple[str, str, str]],
    *,
    source: str = "",
    level: str = "",
    title: str = "",
) -> ArchiveChanged:
    """The event that fields of an entry changed. changes: (field, old, new)."""
    return ArchiveChanged(
        uscc=row.uscc,
        entry=name_of(row),
        title=(title or str(row))[:_LONGEST],
        changes=tuple((field, old[:_LONGEST], new[:_LONGEST]) for field, old, new in changes),
        source=source,
        level=level or level_of(row),
    )


def note(event: ArchiveChanged, at: Any, source: str) -> None:
    """Write a change into the log, once per source, entry and field."""
    note_all([event], at, source)


def note_all(events: Iterable[ArchiveChanged], at: Any, source: str) -> None:
    """The same of many changes, in their order and in one statement."""
    ArchiveChange.objects.bulk_create(
        [
            ArchiveChange(
                uscc=event.uscc, entry=event.entry, title=event.title, field=field, old=old,
                new=new, changed_at=at, source=event.source or source, level=event.level,
            )
            for event in events
            for field, old, new in event.changes
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def noted(envelope: Envelope) -> None:
    """Write what an event tells; its own number is the source where it names none."""
    event = envelope.event
    assert isinstance(event, ArchiveChanged)
    if event.entry.endswith(":"):  # told by the act that made it, before it had a key
        event = replace(event, entry=event.entry + envelope.case.rpartition(":")[2])
    note(event, envelope.occurred_at, f"{envelope.case} #{envelope.id}")
