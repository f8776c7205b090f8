"""What the archive learns of machines and wages, whose rooms it may not enter: by their events.

An event may come late or twice; of two that speak of one thing the later one's word stays.
"""

from __future__ import annotations

from typing import Any

from credit.enterprises import entries
from credit.enterprises.models import MachineHeld, WageMonth
from kernel.events.credit import ArchiveChanged
from kernel.events.equipment import (
    InspectionLapsed,
    MachineFiled,
    MachineReturned,
    MachineUseRegistered,
)
from kernel.events.labour import PayrollConfirmed, PayrollOverdue, PayrollPaid
from kernel.events.registry import Envelope, subscribe


@subscribe(ArchiveChanged, "credit.enterprises.change_log")
def change_is_noted(envelope: Envelope, _prepared: Any) -> None:
    """Every change stands in the log."""
    entries.noted(envelope)


def _machine(envelope: Envelope, **told: Any) -> None:
    event: Any = envelope.event
    known = {
        "number": event.number, "kind": event.kind, "model": event.model,
        "owner_uscc": event.owner_uscc, "told_at": envelope.occurred_at,
    }  # fmt: skip
    row, made = MachineHeld.objects.get_or_create(
        machine_id=event.machine_id, defaults=known | told
    )
    if not made and row.told_at <= envelope.occurred_at:
        for name, value in (known | told).items():
            setattr(row, name, value)
        row.save()


@subscribe(MachineFiled, "credit.enterprises.machine_filed")
def machine_is_held(envelope: Envelope, _prepared: Any) -> None:
    """A machine has its filing number."""
    _machine(envelope)


@subscribe(MachineUseRegistered, "credit.enterprises.machine_used")
def machine_is_used(envelope: Envelope, _prepared: Any) -> None:
    """A machine works on somebody's site, inspected until a day."""
    event: Any = envelope.event
    _machine(
        envelope,
        user_uscc=event.contractor_uscc,
        site_number=event.site_number,
        inspected_until=event.inspected_until,
    )


@subscribe(InspectionLapsed, "credit.enterprises.machine_lapsed")
def machine_lapses(envelope: Envelope, _prepared: Any) -> None:
    """Its inspection ran out: the last day on which it held was that one."""
    event: Any = envelope.event
    _machine(envelope, inspected_until=event.lapsed_on)


@subscribe(MachineReturned, "credit.enterprises.machine_returned")
def machine_comes_back(envelope: Envelope, _prepared: Any) -> None:
    """It left its site."""
    _machine(envelope, user_uscc="", site_number="")


def _wages(envelope: Envelope, state: str) -> None:
    event: Any = envelope.event
    overdue = state == "overdue"
    row, made = WageMonth.objects.get_or_create(
        payroll_id=event.payroll_id,
        defaults={
            "uscc": event.contractor_uscc, "month": event.month,
            "workers": len(event.worker_ids), "total_fen": event.total_fen, "state": state,
            "was_overdue": overdue, "told_at": envelope.occurred_at,
        },
    )  # fmt: skip
    if made:
        return
    row.was_overdue = row.was_overdue or overdue
    if row.told_at <= envelope.occurred_at:
        row.workers, row.total_fen = len(event.worker_ids), event.total_fen
        row.state, row.told_at = state, envelope.occurred_at
    row.save()


@subscribe(PayrollConfirmed, "credit.enterprises.wages_confirmed")
def wages_are_confirmed(envelope: Envelope, _prepared: Any) -> None:
    """Every worker confirmed the own line."""
    _wages(envelope, "confirmed")


@subscribe(PayrollPaid, "credit.enterprises.wages_paid")
def wages_are_paid(envelope: Envelope, _prepared: Any) -> None:
    """The bank paid."""
    _wages(envelope, "paid")


@subscribe(PayrollOverdue, "credit.enterprises.wages_overdue")
def wages_are_overdue(envelope: Envelope, _prepared: Any) -> None:
    """They were not paid in time; that stays said when they are paid at last."""
    _wages(envelope, "overdue")
