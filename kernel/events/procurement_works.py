"""Events in the life of works: permit, start, acceptance, end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@dataclass(frozen=True)
class _WorksEvent(DomainEvent):
    """What every event of works tells: which works, of which contract and project, whose."""

    works_id: int
    number: str
    contract_number: str
    project_number: str
    name: str
    region: str
    owner_uscc: str
    contractor_uscc: str
    supervision_uscc: str
    occurred_on: date


@event_type
@dataclass(frozen=True)
class WorksPermitted(_WorksEvent):
    """Works have their construction permit."""

    NAME: ClassVar[str] = "procurement.works.permitted"

    permit_number: str


@event_type
@dataclass(frozen=True)
class WorksPermitVoided(DomainEvent):
    """A permit lapsed: nobody began in time. Works that are still to be built need another one."""

    NAME: ClassVar[str] = "procurement.works.permit_voided"

    works_id: int
    permit_number: str


@event_type
@dataclass(frozen=True)
class WorksAbandoned(_WorksEvent):
    """The contract ended before anything was built: these works will not be."""

    NAME: ClassVar[str] = "procurement.works.abandoned"


@event_type
@dataclass(frozen=True)
class WorksStarted(_WorksEvent):
    """Works began; the site is open."""

    NAME: ClassVar[str] = "procurement.works.started"


@event_type
@dataclass(frozen=True)
class WorksCompletionReported(DomainEvent):
    """Works are complete and wait for the five parties; round: which attempt at acceptance."""

    NAME: ClassVar[str] = "procurement.works.completion_reported"

    works_id: int
    document_number: str


@event_type
@dataclass(frozen=True)
class WorksAcceptanceFailed(DomainEvent):
    """An acceptance failed; the report that waited for signatures is void."""

    NAME: ClassVar[str] = "procurement.works.acceptance_failed"

    works_id: int
    document_number: str


@event_type
@dataclass(frozen=True)
class WorksAccepted(_WorksEvent):
    """All five parties signed the acceptance."""

    NAME: ClassVar[str] = "procurement.works.accepted"


@event_type
@dataclass(frozen=True)
class WorksClosed(_WorksEvent):
    """Filed, archived, settled: nothing is left to do on these works."""

    NAME: ClassVar[str] = "procurement.works.closed"
