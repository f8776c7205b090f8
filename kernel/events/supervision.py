"""Events that supervision of tendering publishes: what an authority found by a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class CollusionConfirmed(DomainEvent):
    """An authority decided that a bidder colluded; no screen and no suspicion is this event.

    document_number, document_sha256, decided_on, decided_by: of the decision.
    """

    NAME: ClassVar[str] = "supervision.collusion.confirmed"

    lot_number: str
    project_number: str
    uscc: str
    name: str
    document_number: str
    document_sha256: str
    decided_by: str
    decided_on: date
