"""Events that equipment publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@dataclass(frozen=True)
class _MachineEvent(DomainEvent):
    """Which machine, whose."""

    machine_id: int
    number: str
    kind: str
    model: str
    owner_uscc: str


@event_type
@dataclass(frozen=True)
class MachineFiled(_MachineEvent):
    """A machine has its filing number."""

    NAME: ClassVar[str] = "equipment.machine.filed"

    region: str


@event_type
@dataclass(frozen=True)
class MachineOffered(_MachineEvent):
    """A machine is to let."""

    NAME: ClassVar[str] = "equipment.machine.offered"

    daily_rent_fen: int


@event_type
@dataclass(frozen=True)
class MachineUseRegistered(_MachineEvent):
    """A machine may be used on a site."""

    NAME: ClassVar[str] = "equipment.machine.use_registered"

    site_number: str
    use_number: str
    contractor_uscc: str
    inspected_until: date


@event_type
@dataclass(frozen=True)
class MachineReturned(_MachineEvent):
    """A machine left its site; its hire is over."""

    NAME: ClassVar[str] = "equipment.machine.returned"

    hire_id: int


@event_type
@dataclass(frozen=True)
class InspectionLapsed(_MachineEvent):
    """A machine's inspection ran out while it was in use; it is blocked."""

    NAME: ClassVar[str] = "equipment.machine.inspection_lapsed"

    site_number: str
    contractor_uscc: str
    project_number: str
    lapsed_on: date


@event_type
@dataclass(frozen=True)
class HireAgreed(DomainEvent):
    """Lessor and contractor agreed on a hire. Rent in fen a day."""

    NAME: ClassVar[str] = "equipment.hire.agreed"

    hire_id: int
    machine_id: int
    site_number: str
    project_number: str
    site_region: str
    contractor_uscc: str
    supervision_uscc: str
    daily_rent_fen: int
    from_on: date
    to_on: date
