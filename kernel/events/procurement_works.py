"""Events of works under a permit: their completion, and hazards found on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class CompletionFiled(DomainEvent):
    """Works were filed as complete. performance: excellent, good, fair or poor (履约评价)."""

    NAME: ClassVar[str] = "procurement.completion.filed"

    filing_id: int
    works_id: int
    works_number: str
    contract_number: str
    project_number: str
    contractor_uscc: str
    owner_uscc: str
    performance: str
    document_number: str
    filed_on: date


@event_type
@dataclass(frozen=True)
class HazardConfirmed(DomainEvent):
    """A hazard was graded. grade: general or major."""

    NAME: ClassVar[str] = "procurement.hazard.confirmed"

    hazard_id: int
    works_number: str
    project_number: str
    contractor_uscc: str
    grade: str
    article: str
    document_number: str
    found_on: date
