"""Events that labour publishes. Money in fen; a month is written ``2025-10``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class WageAccountOpened(DomainEvent):
    """A contract has its special wage account. late: after the time that the rules leave."""

    NAME: ClassVar[str] = "labour.wage_account.opened"

    contract_number: str
    project_number: str
    contractor_uscc: str
    bank_uscc: str
    late: bool


@event_type
@dataclass(frozen=True)
class AttendanceClashed(DomainEvent):
    """One worker was at the gates of two sites within the hour. sites: both works numbers."""

    NAME: ClassVar[str] = "labour.attendance.clashed"

    worker_id: int
    sites: tuple[str, ...]
    occurred_on: date


@dataclass(frozen=True)
class _PayrollEvent(DomainEvent):
    """Which payroll, of which site and month; the workers' cases."""

    payroll_id: int
    number: str
    site_number: str
    project_number: str
    region: str
    contractor_uscc: str
    contractor_name: str
    crew_uscc: str
    month: str
    worker_ids: tuple[int, ...]
    total_fen: int


@event_type
@dataclass(frozen=True)
class PayrollConfirmed(_PayrollEvent):
    """Every worker confirmed the own line."""

    NAME: ClassVar[str] = "labour.payroll.confirmed"


@event_type
@dataclass(frozen=True)
class PayrollPaid(_PayrollEvent):
    """The bank paid a payroll to the workers' own cards."""

    NAME: ClassVar[str] = "labour.payroll.paid"

    paid_on: date


@event_type
@dataclass(frozen=True)
class PayrollOverdue(_PayrollEvent):
    """A payroll was not paid in time. due_on: the last day on which it was in time."""

    NAME: ClassVar[str] = "labour.payroll.overdue"

    due_on: date
