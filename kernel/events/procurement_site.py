"""Events of a site: hazards confirmed, punished and closed. Money in fen."""

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
    self_reported: those who build there reported it; no inspection found it.
    """

    NAME: ClassVar[str] = "procurement.hazard.confirmed"
    VERSION: ClassVar[int] = 2

    authority: str = ""
    self_reported: bool = False

    @classmethod
    def upgrade(cls, version: int, payload: dict[str, Any]) -> dict[str, Any]:
        """Before version 2 nobody told who graded it, and no site reported itself."""
        more = {"authority": "", "self_reported": False}
        return payload | more if version == 1 else super().upgrade(version, payload)


@event_type
@dataclass(frozen=True)
class HazardPenalised(_HazardEvent):
    """A contractor was punished for a hazard; document_number: of the decision."""

    NAME: ClassVar[str] = "procurement.hazard.penalised"

    decided_by: str
    decided_on: date
    fine_fen: int


@event_type
@dataclass(frozen=True)
class HazardClosed(_HazardEvent):
    """A hazard is no more."""

    NAME: ClassVar[str] = "procurement.hazard.closed"
