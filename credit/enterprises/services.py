"""Writes of the archive: what each act on a licence changes besides its state."""

from __future__ import annotations

from datetime import datetime

from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Enterprise, Licence
from kernel import clock
from kernel.events.credit import LicenceRecorded
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing


@LICENCE.effect("record")
def _record(case: Licence, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    for name in (
        "uscc", "kind", "number", "trade", "grade", "holder", "issuer", "valid_from", "valid_to",
        "proof", "file_sha256",
    ):  # fmt: skip
        setattr(case, name, getattr(payload, name))
    case.region = doing.actor.region
    case.ends_at = clock.end_of(payload.valid_to)
    return [LicenceRecorded(0, payload.uscc, payload.name, doing.actor.region, payload.kind)]


def enter(event: LicenceRecorded, at: datetime) -> Enterprise:
    """The enterprise of a recorded licence, in the archive from its first one on.

    Whoever is told of the licence first enters it. Its name follows the newest. at: legal moment.
    """
    row, created = Enterprise.objects.get_or_create(
        uscc=event.uscc,
        defaults={"name": event.name, "region": event.region, "entered_at": at},
    )
    if not created and row.name != event.name:
        row.name = event.name
        row.save(update_fields=["name"])
    return row
