"""Events that project registration publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class ProjectSubmitted(DomainEvent):
    """An owner handed a registration in."""

    NAME: ClassVar[str] = "procurement.project.submitted"

    project_id: int
    owner_uscc: str
    region: str


@event_type
@dataclass(frozen=True)
class ProjectReturned(DomainEvent):
    """An authority sent a registration back."""

    NAME: ClassVar[str] = "procurement.project.returned"

    project_id: int
    owner_uscc: str


@event_type
@dataclass(frozen=True)
class ProjectRegistered(DomainEvent):
    """A project is on the public register. Money in fen, area in m²."""

    NAME: ClassVar[str] = "procurement.project.registered"

    project_id: int
    number: str
    project_code: str
    name: str
    owner_uscc: str
    authority_uscc: str
    region: str
    project_class: str
    total_investment_fen: int
    floor_area_m2: int
    planned_start_on: date
    planned_end_on: date


@event_type
@dataclass(frozen=True)
class ProjectPartyChanged(DomainEvent):
    """Somebody left or joined a project's record of parties; one of the codes may be empty."""

    NAME: ClassVar[str] = "procurement.project.party_changed"

    project_id: int
    number: str
    role: str
    left_uscc: str
    uscc: str


@event_type
@dataclass(frozen=True)
class ProjectTerminated(DomainEvent):
    """A project ended before its time."""

    NAME: ClassVar[str] = "procurement.project.terminated"

    project_id: int
    number: str
    owner_uscc: str


@event_type
@dataclass(frozen=True)
class ProjectImportRequested(DomainEvent):
    """A spreadsheet of registrations waits to be read."""

    NAME: ClassVar[str] = "procurement.project.import_requested"

    import_id: int
