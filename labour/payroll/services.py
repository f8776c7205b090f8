"""Writes of payrolls: what each act changes besides the state, and what it tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kernel import clock
from kernel.errors import Refused
from kernel.events.labour import PayrollConfirmed, PayrollOverdue, PayrollPaid
from kernel.events.registry import DomainEvent, Envelope, subscribe
from kernel.workflow.following import follow
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from labour.accounts import selectors as accounts
from labour.accounts.models import AccountEntry
from labour.payroll import rules, selectors
from labour.payroll.machine import PAYROLL
from labour.payroll.models import Payroll
from labour.payroll.rules import line_sums
from labour.payroll.schemas import WageLine
from labour.payroll.selectors import has_agreed
from labour.roster.wage_days import due_at
from labour.sites import selectors as sites

_SENT = ("days", "amount", "rate_fen", "deductions_fen", "note")


@PAYROLL.effect("list")
def _list(case: Payroll, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    site = sites.site(payload.site_number)
    account = accounts.in_force(site.contract_number) if site else None
    assert site is not None and account is not None
    case.number = f"GZ{payload.month.replace('-', '')}{next_number(f'payroll:{payload.month}'):05d}"
    case.site_number, case.site_name = site.number, site.name
    case.project_number, case.region = site.project_number, site.region
    case.contract_number = site.contract_number
    case.contractor_uscc = account.contractor_uscc
    case.contractor_name = account.contractor_name
    case.bank_uscc, case.bank_name = account.bank_uscc, account.bank_name
    case.crew_uscc, case.crew_name = doing.actor.uscc, doing.actor.organisation_name
    case.team, case.month = payload.team, payload.month
    case.sequence = selectors.of_team(site.number, doing.actor.uscc, case.team, case.month).count()
    case.due_at = due_at(payload.month, site.region)
    _nobody_is_listed_twice(case, doing)
    _write(case, payload.lines, doing)
    return []


@PAYROLL.effect("relist")
def _relist(case: Payroll, doing: Doing) -> list[DomainEvent]:
    case.checked_at = None
    _nobody_is_listed_twice(case, doing)
    _write(case, doing.payload.lines, doing)
    return _told_if_all(case)


def _write(case: Payroll, sent: Iterable[WageLine], doing: Doing) -> None:
    """Count the lines. A line that is as it was keeps its confirmation, unless it was disputed."""
    before = {line["worker"]: line for line in case.lines}
    people = {one.pk: one for one in selectors.crew(case.site_number, case.crew_uscc)}
    terms, lines = doing.facts.workers, []
    for asked in sent:
        worker = people[asked.worker]
        rate = worker.rate_fen if asked.rate_fen is None else asked.rate_fen
        gross, net = line_sums(
            worker.wage_unit, asked.days, asked.amount, rate, asked.deductions_fen
        )
        line: dict[str, Any] = {
            "worker": worker.pk,
            "person": worker.person_id,
            "name": worker.person.name,
            "unit": worker.wage_unit,
            "days": str(asked.days),
            "amount": str(asked.amount),
            "rate_fen": rate,
            "gross_fen": gross,
            "deductions_fen": asked.deductions_fen,
            "net_fen": net,
            "note": asked.note,
            "attended": terms[worker.pk].attended,
            "settles": rules.settles(
                terms[worker.pk],
                asked.days,
                asked.note,
                month_over=doing.facts.month_over,
                percent=doing.facts.settled_percent,
            ),
            "agreed": False,
            "confirmed_at": None,
            "disputed": "",
            "receipt": "",
        }
        held = before.get(worker.pk)
        if held and not held["disputed"] and _is_as_it_was(held, line):
            line["confirmed_at"] = held["confirmed_at"]
            line["agreed"] = has_agreed(held)
        lines.append(line)
    case.lines = lines
    case.people = f",{','.join(str(line['person']) for line in lines)},"
    case.gross_fen = sum(line["gross_fen"] for line in lines)
    case.net_fen = sum(line["net_fen"] for line in lines)


def _is_as_it_was(held: dict[str, Any], line: dict[str, Any]) -> bool:
    same = all(held[name] == line[name] for name in _SENT)
    return same and held.get("settles", False) == line["settles"]


@PAYROLL.effect("confirm")
def _confirm(case: Payroll, doing: Doing) -> list[DomainEvent]:
    agrees = doing.payload is not None and doing.payload.agrees_short
    case.lines = [
        line
        | {
            "confirmed_at": doing.at.isoformat(),
            "agreed": agrees and bool(line.get("settles")),
        }
        if line["person"] == doing.actor.person_id
        else line
        for line in case.lines
    ]
    return _told_if_all(case)


@PAYROLL.effect("dispute")
def _dispute(case: Payroll, doing: Doing) -> list[DomainEvent]:
    case.lines = [
        line | {"confirmed_at": None, "agreed": False, "disputed": doing.payload.reason}
        if line["person"] == doing.actor.person_id
        else line
        for line in case.lines
    ]
    case.checked_at = None
    return []


@PAYROLL.effect("check")
def _check(case: Payroll, doing: Doing) -> list[DomainEvent]:
    case.checked_at, case.clash_note = doing.at, doing.payload.clash_note
    return []


@PAYROLL.effect("return")
def _return(case: Payroll, doing: Doing) -> list[DomainEvent]:
    case.checked_at = None
    return []


@PAYROLL.effect("pay")
def _pay(case: Payroll, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    _account_still_suffices(case, doing)
    receipts = {one.worker: one.receipt_number for one in payload.receipts}
    case.lines = [line | {"receipt": receipts[line["worker"]]} for line in case.lines]
    case.batch_number, case.paid_on = payload.batch_number, clock.legal_date(doing.at)
    case.due_at = None
    AccountEntry.objects.create(
        contract_number=case.contract_number,
        amount_fen=-case.net_fen,
        receipt=payload.batch_number,
        payroll_number=case.number,
        at=doing.at,
    )
    return [PayrollPaid(**_told(case), paid_on=case.paid_on)]


def _nobody_is_listed_twice(case: Payroll, doing: Doing) -> None:
    """Two teams' payrolls written at once: the account is held, and lines are looked at again."""
    accounts.hold(case.contract_number)
    now = selectors.facts(case, doing.at, doing.payload, doing.actor)
    if reasons := list(rules.lines_are_right(now, doing.payload)):
        raise Refused(reasons)


def _account_still_suffices(case: Payroll, doing: Doing) -> None:
    """Two payrolls paid at once, each within the balance: the account is held, and asked again."""
    accounts.hold(case.contract_number)
    left = accounts.balance_fen(case.contract_number)
    if reasons := list(rules.balance_suffices(replace(doing.facts, balance_fen=left), None)):
        raise Refused(reasons)


@PAYROLL.effect("contradict")
def _contradict(case: Payroll, doing: Doing) -> list[DomainEvent]:
    """Who got nothing says so: receipt and words stand beside each other."""
    _mark(case, doing, contradicted=doing.payload.reason)
    return []


@PAYROLL.effect("prove")
def _prove(case: Payroll, doing: Doing) -> list[DomainEvent]:
    _mark(case, doing, proof_sha256=doing.payload.file_sha256)
    return []


def _mark(case: Payroll, doing: Doing, **said: str) -> None:
    worker = doing.payload.worker
    case.lines = [line | said if line["worker"] == worker else line for line in case.lines]


@PAYROLL.effect("fall_overdue")
def _overdue(case: Payroll, doing: Doing) -> list[DomainEvent]:
    case.overdue_at, case.due_at = doing.at, None
    last = clock.legal_date(doing.at - timedelta(seconds=1))
    return [PayrollOverdue(**_told(case), due_on=last)]


def _told(case: Payroll) -> dict[str, Any]:
    return {
        "payroll_id": case.pk,
        "number": case.number,
        "site_number": case.site_number,
        "project_number": case.project_number,
        "region": case.region,
        "contractor_uscc": case.contractor_uscc,
        "contractor_name": case.contractor_name,
        "crew_uscc": case.crew_uscc,
        "month": case.month,
        "worker_ids": tuple(line["worker"] for line in case.lines),
        "total_fen": case.net_fen,
    }


def _told_if_all(case: Payroll) -> list[DomainEvent]:
    whole = all(line["confirmed_at"] for line in case.lines)
    return [PayrollConfirmed(**_told(case))] if whole else []


@subscribe(PayrollConfirmed, "labour.payroll.confirmed")
def all_have_confirmed(envelope: Envelope, _prepared: Any) -> None:
    """The last confirmation hands the payroll to the labour clerk."""
    event = envelope.event
    assert isinstance(event, PayrollConfirmed)
    follow(
        PAYROLL.code, event.payroll_id, "agree",
        key=f"event:{envelope.id}", at=envelope.occurred_at,
    )  # fmt: skip
