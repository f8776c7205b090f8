"""Writes of the archive: what each act on a licence changes besides its state."""

from __future__ import annotations

from datetime import datetime

from credit.enterprises import entries
from credit.enterprises.corrections.rules import read_value
from credit.enterprises.machine import LAPSED, LICENCE, REVOKED, VALID
from credit.enterprises.models import Enterprise, Licence
from credit.enterprises.rules import kept_in, registered_in
from kernel import clock
from kernel.events.credit import LicenceRecorded
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing

# What the change log tells of a new licence; the holder's identity number never.
_TOLD = (
    "kind", "number", "trade", "grade", "holder", "certificate", "issuer", "valid_from", "valid_to",
)  # fmt: skip


@LICENCE.effect("record")
def _record(case: Licence, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    for name in (
        "uscc", "kind", "number", "trade", "grade", "holder", "certificate", "holder_id", "issuer",
        "valid_from", "valid_to", "proof", "file_sha256",
    ):  # fmt: skip
        setattr(case, name, getattr(payload, name))
    case.region = doing.actor.region
    case.ends_at = clock.end_of(payload.valid_to)
    recorded = LicenceRecorded(
        0, payload.uscc, payload.name, doing.actor.region, payload.kind, payload.registry_sha256
    )
    changes = [(name, "", said) for name in _TOLD if (said := entries.value_of(case, name))]
    return [recorded, entries.change(case, changes)]


@LICENCE.effect("revoke")
def _revoke(case: Licence, doing: Doing) -> list[DomainEvent]:
    return [entries.change(case, [("state", VALID, REVOKED)], source=doing.payload.document_number)]


@LICENCE.effect("lapse")
def _lapse(case: Licence, _doing: Doing) -> list[DomainEvent]:
    return [entries.change(case, [("state", VALID, LAPSED)])]


@LICENCE.effect("correct")
def _correct(case: Licence, doing: Doing) -> list[DomainEvent]:
    field, before = doing.payload.field, entries.value_of(case, doing.payload.field)
    setattr(case, field, read_value(field, doing.payload.value))
    case.ends_at = clock.end_of(case.valid_to)
    changes = [(field, before, entries.value_of(case, field))]
    return [entries.change(case, changes, source=doing.payload.correction)]


def enter(event: LicenceRecorded, at: datetime) -> Enterprise:
    """The enterprise of a recorded licence, in the archive from its first one on.

    Whoever is told of the licence first enters it. at: legal moment.
    """
    row, created = Enterprise.objects.get_or_create(
        uscc=event.uscc,
        defaults={
            "name": event.name,
            "region": registered_in(event.uscc),
            "kept_in": kept_in(event.uscc, event.region),
            "entered_at": at,
            "registry_sha256": event.registry_sha256,
        },
    )
    if not created:
        row.registry_sha256 = event.registry_sha256 or row.registry_sha256
        row.save(update_fields=["registry_sha256"])
    return row


def rename(row: Enterprise, name: str, at: datetime, source: str) -> None:
    """Call an enterprise otherwise, and say so in its change log. source: what says so."""
    if name == row.name:
        return
    before, row.name = row.name, name
    row.save(update_fields=["name"])
    entries.note(entries.change(row, [("name", before, name)], source=source), at, source)
