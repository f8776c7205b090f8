"""Writes of the archive: what each act on a licence changes besides its state."""

from __future__ import annotations

from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Licence
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
