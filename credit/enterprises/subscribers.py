"""What the archive learns: enterprises from their licences, achievements from procurement."""

from __future__ import annotations

from typing import Any

from credit.enterprises import entries, services
from credit.enterprises.corrections import renaming
from credit.enterprises.models import Achievement
from credit.enterprises.rules import BUSINESS
from kernel.events.credit import LicenceRecorded
from kernel.events.procurement_completion import CompletionFiled
from kernel.events.procurement_contracts import ContractSigned
from kernel.events.registry import Envelope, subscribe


@subscribe(LicenceRecorded, "credit.enterprises.entered")
def enterprise_enters(envelope: Envelope, _prepared: Any) -> None:
    """An enterprise is in the archive from its first licence on."""
    event = envelope.event
    assert isinstance(event, LicenceRecorded)
    row = services.enter(event, envelope.occurred_at)
    if event.kind == BUSINESS and event.name != row.name:
        renaming.ask(row, event.name, envelope)


@subscribe(ContractSigned, "credit.enterprises.achievement")
def achievement_begins(envelope: Envelope, _prepared: Any) -> None:
    """A contract signed here is an achievement of its contractor."""
    event = envelope.event
    assert isinstance(event, ContractSigned)
    told = {
        "project_number": event.project_number,
        "name": event.works_name,
        "manager": event.project_manager,
        "price_fen": event.price_fen,
        "signed_on": event.signed_on,
    }
    row, made = Achievement.objects.get_or_create(
        uscc=event.contractor_uscc, contract_number=event.number, defaults=told
    )
    if not made and row.ended_at is not None:  # the register had taken it away; we signed it
        Achievement.objects.filter(pk=row.pk).update(**told, source="platform", ended_at=None)
        row.refresh_from_db()
        made = True
    if made:
        fields = ("contract_number", "name", "manager", "price_fen", "signed_on")
        changes = [(name, "", entries.value_of(row, name)) for name in fields]
        _note(envelope, row, changes)


@subscribe(CompletionFiled, "credit.enterprises.completed")
def achievement_is_complete(envelope: Envelope, _prepared: Any) -> None:
    """Works that were filed complete the achievement and say how it was done."""
    event = envelope.event
    assert isinstance(event, CompletionFiled)
    row = Achievement.objects.filter(
        uscc=event.contractor_uscc, contract_number=event.contract_number, ended_at=None
    ).first()
    if row is None:
        return
    before = entries.value_of(row, "filed_on")
    row.filed_on, row.performance = event.filed_on, event.performance
    row.save(update_fields=["filed_on", "performance"])
    _note(envelope, row, [("filed_on", before, entries.value_of(row, "filed_on"))])


def _note(envelope: Envelope, row: Achievement, changes: list[tuple[str, str, str]]) -> None:
    told = entries.change(row, changes, title=row.name)
    entries.note(told, envelope.occurred_at, f"{envelope.case} #{envelope.id}")
