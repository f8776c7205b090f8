"""Events that completion filing publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class CompletionOverdue(DomainEvent):
    """Accepted works were not filed in time. due_on: the last day on which it was in time."""

    NAME: ClassVar[str] = "procurement.completion.overdue"

    filing_id: int
    works_number: str
    project_number: str
    owner_uscc: str
    document_number: str
    due_on: date


@event_type
@dataclass(frozen=True)
class CompletionUseStopped(DomainEvent):
    """The authority stopped the use of accepted works: they have to be accepted again."""

    NAME: ClassVar[str] = "procurement.completion.use_stopped"

    filing_id: int
    works_id: int
    works_number: str
    project_number: str
    owner_uscc: str


@event_type
@dataclass(frozen=True)
class CompletionFiled(DomainEvent):
    """Works are filed as complete. performance: excellent, good, fair or poor, by the owner."""

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
