"""What a passed deadline does. It happens at the deadline, whenever somebody gets round to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction

from kernel import clock
from kernel.access.actors import PLATFORM
from kernel.events import services as events
from kernel.events.registry import DomainEvent, event_type
from kernel.evidence import services as evidence
from kernel.regulation import calendars
from kernel.regulation.due import due
from kernel.sealing import canonical
from kernel.workflow import judge
from kernel.workflow.apply import apply
from kernel.workflow.guarding import firing
from kernel.workflow.machines import Machine, NoPayload, machine
from kernel.workflow.models import Case, Deadline


@event_type
@dataclass(frozen=True)
class DeadlineMissed(DomainEvent):
    """A clock ran out and somebody is late."""

    NAME: ClassVar[str] = "workflow.deadline_missed"

    deadline_id: int
    machine: str
    case_pk: int
    period_key: str
    role: str


def play_due(machine: Machine, case_pk: int, now: datetime) -> int:
    """Let every deadline of a case that lies at or before ``now`` take effect, in order.

    Each effect is dated with its deadline, never with ``now``, and is a transaction of its own:
    it holds whatever becomes of the act that asked, and no act waits for numbers or rows while
    it holds the log's lock. Returns how many took effect.
    """
    played = 0
    while row := _first_due(machine, case_pk, now):
        with transaction.atomic(), firing():
            assert machine.model is not None
            case = machine.model.objects.select_for_update().get(pk=case_pk)
            # Somebody else may have played it while we waited for the case.
            if (row := _first_due(machine, case_pk, now)) is not None:
                _take_effect(machine, case, row)
                played += 1
    return played


def _first_due(machine: Machine, case_pk: int, now: datetime) -> Deadline | None:
    return (
        Deadline.objects.filter(
            machine=machine.code,
            case_pk=case_pk,
            status=Deadline.Status.RUNNING,
            provisional=False,
            due_at__lte=now,
        )
        .order_by("due_at", "pk")
        .first()
    )


def _take_effect(machine: Machine, case: Case, row: Deadline) -> None:
    missed = _miss(row)
    transition = machine.transition(row.on_due) if row.on_due else None
    if transition is None or case.state not in transition.sources:
        evidence.append_many([missed])
        return
    payload = NoPayload()
    apply(
        machine,
        transition,
        case,
        actor=PLATFORM,
        payload=payload,
        payload_sha256=canonical.digest(payload.model_dump(mode="json")).hex(),
        facts=judge.load_facts(machine, case, row.due_at, payload, PLATFORM),
        key=f"deadline:{row.pk}",
        at=row.due_at,
        before=missed,
    )


def _miss(row: Deadline) -> evidence.NewEntry:
    """Mark a clock as missed, tell it, and return what the log has to say of it."""
    row.status = Deadline.Status.MISSED
    row.ended_at = row.due_at if row.on_due else None
    row.save(update_fields=["status", "ended_at"])
    case = f"{row.machine}:{row.case_pk}"
    events.publish(
        [DeadlineMissed(row.pk, row.machine, row.case_pk, row.period_key, row.role)],
        case=case,
        at=row.due_at,
    )
    return evidence.NewEntry(
        kind="workflow.deadline_missed",
        case=case,
        at=row.due_at,
        body={
            "period": row.period_key,
            "due_at": row.due_at.isoformat(),
            "rule": f"{row.rule_code} {row.rule_version}",
            "rule_sha256": row.rule_sha256,
            "role": row.role,
            "effect": row.on_due,
        },
        public=False,
    )


def run_due(limit: int = 200) -> int:
    """Play what is due anywhere; how many cases were touched. A beat calls this."""
    now = clock.now()
    confirm_provisional()
    cases = list(
        Deadline.objects.filter(status=Deadline.Status.RUNNING, provisional=False, due_at__lte=now)
        .order_by("due_at", "pk")
        .values_list("machine", "case_pk")[:limit]
    )
    for code, case_pk in dict.fromkeys(cases):
        found = machine(code)
        if found is None or found.model is None:
            continue
        play_due(found, case_pk, now)
    return len(set(cases))


def confirm_provisional(limit: int = 500) -> int:
    """Compute provisional clocks again whose year has its table by now; how many."""
    rows = Deadline.objects.filter(
        status=Deadline.Status.RUNNING,
        provisional=True,
        last_day__lte=calendars.last_confirmed_day(),
    )
    confirmed = 0
    for row in rows.order_by("pk")[:limit]:
        found = machine(row.machine)
        if found is None or found.model is None:
            continue
        with transaction.atomic():
            case = found.model.objects.select_for_update().get(pk=row.case_pk)
            confirmed += _confirm(row, case)
    return confirmed


def _confirm(row: Deadline, case: Case) -> int:
    when = due(
        row.started_at,
        row.period_key,
        region=case.rule_region,
        subject=case.rule_subject,
        provisional=True,
    )
    if when.provisional:
        return 0
    before = row.due_at
    written = Deadline.objects.filter(pk=row.pk, provisional=True, ended_at=None).update(
        due_at=when.at,
        last_day=when.last_day,
        calendar_version=when.calendar_version,
        provisional=False,
    )
    if written:
        evidence.append(
            kind="workflow.deadline_confirmed",
            case=case.case_ref,
            at=clock.now(),
            body={
                "period": row.period_key,
                "before": before.isoformat(),
                "due_at": when.at.isoformat(),
                "calendar": when.calendar_version,
            },
            public=False,
        )
    return written
