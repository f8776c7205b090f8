"""An accepted correction corrects its entry, through the entry's own act where it has any."""

from __future__ import annotations

from typing import Any

from credit.enterprises import entries, findable, services
from credit.enterprises.corrections.rules import read_value
from credit.enterprises.models import Achievement, Enterprise
from kernel.events.credit import CorrectionAccepted
from kernel.events.registry import Envelope, subscribe
from kernel.search import services as search
from kernel.workflow.following import follow


@subscribe(CorrectionAccepted, "credit.enterprises.corrected")
def entry_is_corrected(envelope: Envelope, _prepared: Any) -> None:
    """A case corrects itself by its act; achievement and name are of no case, and written here."""
    event = envelope.event
    assert isinstance(event, CorrectionAccepted)
    row = entries.find(event.entry)
    if row is None:
        return  # it lapsed or was taken back between the decision and now
    if isinstance(row, Enterprise):
        services.rename(row, event.value, envelope.occurred_at, event.number)
        search.put(findable.entry(row))
        return
    if not isinstance(row, Achievement):
        follow(
            row.machine.code,
            row.pk,
            "correct",
            key=f"event:{envelope.id}",
            at=envelope.occurred_at,
            payload={"field": event.field, "value": event.value, "correction": event.number},
        )
        return
    before = entries.value_of(row, event.field)
    setattr(row, event.field, read_value(event.field, event.value))
    row.save(update_fields=[event.field])
    changed = ((event.field, before, entries.value_of(row, event.field)),)
    told = entries.change(row, changed, title=row.name, source=event.number)
    entries.note(told, envelope.occurred_at, event.number)
