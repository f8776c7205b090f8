"""Events of a site: hazards confirmed and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kernel.events.registry import DomainEvent, event_type


@dataclass(frozen=True)
class _HazardEvent(DomainEvent):
    """Which hazard of whom, its grade (general, major) and what that rests on."""

    hazard_id: int
    works_number: str
    project_number: str
    contractor_uscc: str
    grade: str
    article: str
    document_number: str
    found_on: date


@event_type
@dataclass(frozen=True)
class HazardConfirmed(_HazardEvent):
    """A hazard has its grade, and its contractor was told to deal with it.

    authority: the name of the authority whose officer graded it, empty where a firm did.
    """

    NAME: ClassVar[str] = "procurement.hazard.confirmed"
    VERSION: ClassVar[int] = 2

    authority: str = ""

    @classmethod
    def upgrade(cls, version: int, payload: dict[str, Any]) -> dict[str, Any]:
        """Before version 2 nobody told who graded it."""
        return payload | {"authority": ""} if version == 1 else super().upgrade(version, payload)


@event_type
@dataclass(frozen=True)
class HazardClosed(_HazardEvent):
    """A hazard is no more."""

    NAME: ClassVar[str] = "procurement.hazard.closed"
