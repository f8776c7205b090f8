"""Events that securities publish. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class SecurityClaimed(DomainEvent):
    """A guarantee was claimed on. kind: bid, performance and so on; about: what it covers."""

    NAME: ClassVar[str] = "procurement.security.claimed"

    security_id: int
    number: str
    kind: str
    about: str
    project_number: str
    principal_uscc: str
    amount_fen: int
    reason: str
    claimed_on: date
