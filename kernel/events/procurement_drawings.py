"""Events that drawing review publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class DrawingsPassed(DomainEvent):
    """Construction drawings passed their review."""

    NAME: ClassVar[str] = "procurement.drawings.passed"

    review_id: int
    project_number: str
    certificate_number: str
