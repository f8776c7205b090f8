"""Writes of the roster: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from kernel import clock
from kernel.errors import Refused
from kernel.events.labour import AttendanceClashed, PayrollOverdue, PayrollPaid
from kernel.events.registry import DomainEvent, Envelope, subscribe
from kernel.workflow.following import follow
from kernel.workflow.holding import hold
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from labour import citing
from labour.roster import rules, selectors, wage_days
from labour.roster.machine import ALERT, WORKER
from labour.roster.models import GateRecord, Worker
from labour.roster.rules import within
from labour.sites import selectors as sites


def _fill(case: Worker, doing: Doing, *names: str) -> None:
    for name in names:
        setattr(case, name, getattr(doing.payload, name))


@WORKER.effect("offer")
def _offer(case: Worker, doing: Doing) -> list[DomainEvent]:
    payload, year = doing.payload, clock.legal_date(doing.at).year
    site = sites.site(payload.site_number)
    assert site is not None
    case.number = f"GR{year}{next_number(f'worker:{year}'):06d}"
    case.person_id = payload.worker
    case.site_number, case.site_name = site.number, site.name
    case.project_number, case.region = site.project_number, site.region
    case.contractor_uscc = site.contractor_uscc
    case.crew_uscc, case.crew_name = doing.actor.uscc, doing.actor.organisation_name
    _fill(
        case, doing, "team", "trade", "wage_unit", "rate_fen", "contract_number",
        "contract_sha256", "from_on", "to_on",
    )  # fmt: skip
    return []


@WORKER.effect("sign")
def _sign(case: Worker, doing: Doing) -> list[DomainEvent]:
    _fill(case, doing, "bank_name", "face_consent")
    case.card_number = doing.payload.card_number.replace(" ", "")
    case.consented_at = doing.at
    return []


@WORKER.effect("real_name")
def _real_name(case: Worker, doing: Doing) -> list[DomainEvent]:
    _fill(case, doing, "method", "face_sha256")
    _certify(case, doing)
    return []


@WORKER.effect("renew")
def _renew(case: Worker, doing: Doing) -> list[DomainEvent]:
    _certify(case, doing)
    return []


@WORKER.effect("unblock")
def _unblock(case: Worker, doing: Doing) -> list[DomainEvent]:
    _still_on_no_other_site(case, doing)
    _certify(case, doing)
    _count_wages(case, doing.at)
    return []


@WORKER.effect("request_exit")
@WORKER.effect("clear_alert")
@WORKER.effect("close_case_away")
def _cleared(case: Worker, doing: Doing) -> list[DomainEvent]:
    _count_wages(case, doing.at)
    return []


@WORKER.effect("close_case")
def _close_case(case: Worker, doing: Doing) -> list[DomainEvent]:
    _still_on_no_other_site(case, doing)
    _count_wages(case, doing.at)
    return []


@WORKER.effect("open_case")
def _open_case(case: Worker, doing: Doing) -> list[DomainEvent]:
    _fill(case, doing, "case_number")
    return []


def _count_wages(case: Worker, at: datetime) -> None:
    """When the oldest month that is not paid is late; what is late already, is late now."""
    owed = selectors.unpaid_months(case)
    # Days that came after a month's payroll open the month again.
    case.paid_months = sorted(set(case.paid_months) - set(owed))
    case.wages_due_at = max(wage_days.due_at(owed[0], case.region), at) if owed else None


def _certify(case: Worker, doing: Doing) -> None:
    valid_to: date | None = doing.payload.certificate_valid_to
    if valid_to is None:
        return
    _fill(case, doing, "certificate_number", "certificate_valid_to", "certificate_sha256")
    special = case.trade in doing.facts.special_trades
    case.certificate_ends_at = clock.end_of(valid_to) if special else None


@WORKER.effect("train")
def _train(case: Worker, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    case.training_hours = payload.company_hours + payload.project_hours + payload.crew_hours
    case.training_score = payload.score
    return []


def _still_on_no_other_site(case: Worker, doing: Doing) -> None:
    """Two sites that take one person in at once: the person is held, and looked for again."""
    hold("labour.person", case.person_id)
    now = replace(doing.facts, clash=selectors.other_site(case))
    if reasons := list(rules.no_other_site(now, None)):
        raise Refused(reasons)


@WORKER.effect("admit")
def _admit(case: Worker, doing: Doing) -> list[DomainEvent]:
    _still_on_no_other_site(case, doing)
    case.admitted_at = doing.at
    return []


@WORKER.effect("work")
def _work(case: Worker, doing: Doing) -> list[DomainEvent]:
    return _keep(case, [doing.payload], doing.at)


@WORKER.effect("attend")
def _attend(case: Worker, doing: Doing) -> list[DomainEvent]:
    return _keep(case, doing.payload.records, doing.at)


@WORKER.effect("pay")
def _pay(case: Worker, doing: Doing) -> list[DomainEvent]:
    case.paid_months = sorted({*case.paid_months, doing.payload.month})
    _count_wages(case, doing.at)
    return []


def _keep(case: Worker, records: Any, at: datetime) -> list[DomainEvent]:
    told: list[DomainEvent] = []
    for record in records:
        other = _elsewhere(case, record)
        GateRecord.objects.create(
            worker=case,
            in_at=record.in_at,
            out_at=record.out_at,
            device=record.device,
            reason=record.reason,
            clash_with=other.worker.site_number if other else "",
            recorded_at=at,
        )
        if other is not None:
            GateRecord.objects.filter(pk=other.pk).update(clash_with=case.site_number)
            told.append(
                AttendanceClashed(
                    worker_id=case.pk,
                    sites=(case.site_number, other.worker.site_number),
                    occurred_on=clock.legal_date(record.in_at),
                )
            )
    _count_wages(case, at)
    return told


def _elsewhere(case: Worker, record: Any) -> GateRecord | None:
    """A stay of the same person at another site, nearer in time than anybody can travel."""
    minutes = int(citing.values(clock.legal_date(record.in_at))["clash.minutes"])
    gap = timedelta(minutes=minutes)
    near = (
        GateRecord.objects.filter(
            worker__person_id=case.person_id,
            in_at__lt=record.out_at + gap,
            out_at__gt=record.in_at - gap,
        )
        .exclude(worker__site_number=case.site_number)
        .select_related("worker")
    )
    ours = (record.in_at, record.out_at)
    return next((r for r in near if within(ours, (r.in_at, r.out_at), minutes)), None)


@subscribe(PayrollPaid, "labour.roster.paid")
def wages_arrive(envelope: Envelope, _prepared: Any) -> None:
    """A payroll that was paid is told to every worker on it; who owes nothing more is no alert."""
    event = envelope.event
    assert isinstance(event, PayrollPaid)
    paid = {"payroll": event.number, "month": event.month}
    for pk in event.worker_ids:
        _follow(envelope, pk, "pay", paid)
        worker = Worker.objects.get(pk=pk)
        late = selectors.overdue_months(worker, envelope.occurred_at)
        if worker.state == ALERT and not late:
            _follow(envelope, pk, "clear_alert", None)


@subscribe(PayrollOverdue, "labour.roster.overdue")
def wages_are_owed(envelope: Envelope, _prepared: Any) -> None:
    """A payroll that fell overdue alerts for every worker on it."""
    event = envelope.event
    assert isinstance(event, PayrollOverdue)
    for pk in event.worker_ids:
        _follow(envelope, pk, "alert", {"payroll": event.number, "month": event.month})


def _follow(envelope: Envelope, pk: int, act: str, payload: dict[str, str] | None) -> None:
    follow(
        WORKER.code, pk, act,
        key=f"event:{envelope.id}", at=envelope.occurred_at, payload=payload,
    )  # fmt: skip
