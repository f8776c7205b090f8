"""Reads of payrolls, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from credit.citing import language
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from labour import citing
from labour.accounts import selectors as accounts
from labour.accounts.models import WageAccount
from labour.payroll.contradicting import is_contradicted
from labour.payroll.machine import PAID, PAYROLL
from labour.payroll.models import Payroll
from labour.payroll.rules import PayrollFacts, Terms
from labour.payroll.schemas import ContradictPayload, ListPayload, PayPayload, ProvePayload
from labour.roster import selectors as roster
from labour.roster.machine import EXITED, ON_SITE
from labour.roster.models import Worker
from labour.sites import selectors as sites


@PAYROLL.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> PayrollFacts:
    """Everything that the guards of a payroll look at."""
    day = clock.legal_date(at)
    asked = payload if isinstance(payload, ListPayload) else None
    site_number = asked.site_number if asked else case.site_number
    month = asked.month if asked else case.month
    crew_uscc = actor.uscc if asked and actor else case.crew_uscc
    people = list(crew(site_number, crew_uscc)) if site_number else []
    account = _account(site_number)
    return PayrollFacts(
        today=day,
        site_found=bool(people),
        account_open=account is not None,
        month_over=bool(month) and month < f"{day:%Y-%m}",
        month_begun=bool(month) and date.fromisoformat(f"{month}-01") <= day,
        taken=_taken(asked, crew_uscc),
        workers=_terms(people, month, case.pk),
        lines={line["worker"]: Decimal(line["days"]) for line in case.lines},
        unconfirmed=tuple(line["name"] for line in case.lines if not line["confirmed_at"]),
        own_line=_own(case, actor),
        over=int(citing.values(day)["days.over_attendance"]),
        clashes=len(roster.clashes([line["worker"] for line in case.lines], month)) if month else 0,
        checked=case.checked_at is not None,
        balance_fen=accounts.balance_fen(account.contract_number) if account else 0,
        total_fen=case.net_fen,
        batch_taken=account is not None
        and isinstance(payload, PayPayload)
        and accounts.has_receipt(account.contract_number, payload.batch_number),
        articles=citing.articles(day, language()),
        settled_percent=citing.settled_percent(day),
        named_line=_named_line(case, payload, actor),
        spoken_for=tuple(_spoken_for(case, actor)),
        contradicted=any(map(is_contradicted, case.lines)),
        missing_files=scans.missing(actor.organisation_id, [payload.file_sha256])
        if actor is not None and isinstance(payload, ProvePayload)
        else frozenset(),
    )


def _named_line(case: Any, payload: Any, actor: Actor | None) -> dict[str, Any] | None:
    """The line that an act names; of a worker the own one only."""
    if actor is None or not isinstance(payload, ContradictPayload | ProvePayload):
        return None
    lines = _spoken_for(case, actor)
    return next((line for line in lines if line["worker"] == payload.worker), None)


def _spoken_for(case: Any, actor: Actor | None) -> list[dict[str, Any]]:
    if actor is None or actor.role != "worker":
        return list(case.lines) if actor else []
    own = line_of(case, actor)
    return [own] if own else []


def crew(site_number: str, crew_uscc: str) -> list[Worker]:
    """The people of a crew who work or worked on a site."""
    found = Worker.objects.filter(
        site_number=site_number, crew_uscc=crew_uscc, state__in=[*ON_SITE, EXITED]
    )
    return list(found.select_related("person").prefetch_related("gate"))


def _account(site_number: str) -> WageAccount | None:
    site = sites.site(site_number) if site_number else None
    return accounts.in_force(site.contract_number) if site else None


def _taken(asked: ListPayload | None, crew_uscc: str) -> str:
    if asked is None:
        return ""
    others = of_team(asked.site_number, crew_uscc, asked.team, asked.month)
    other = others.exclude(state=PAID).first()
    return other.number if other else ""


def of_team(site_number: str, crew_uscc: str, team: str, month: str) -> QuerySet[Payroll]:
    """The payrolls of a team's month on a site: the first, and those that paid the rest."""
    found: QuerySet[Payroll] = Payroll.objects.filter(
        site_number=site_number, crew_uscc=crew_uscc, team=team, month=month
    )
    return found


def _terms(people: list[Worker], month: str, own: int | None) -> dict[int, Terms]:
    sites_of = {one.site_number for one in people}
    same = list(Payroll.objects.filter(site_number__in=sites_of, month=month).exclude(pk=own))
    others = {
        line["worker"]: payroll.number
        for payroll in same
        if payroll.state != PAID
        for line in payroll.lines
    }
    return {
        one.pk: Terms(
            name=one.person.name,
            unit=one.wage_unit,
            rate_fen=one.rate_fen,
            attended=roster.attendance_days(one)[month],
            card=bool(one.card_number),
            taken=others.get(one.pk, ""),
            before=_days_paid(same, one.pk),
        )
        for one in people
    }


def _own(case: Any, actor: Actor | None) -> bool | None:
    line = line_of(case, actor)
    return bool(line["confirmed_at"]) if line else None


def line_of(case: Any, actor: Actor | None) -> dict[str, Any] | None:
    """The line of whoever looks, or None."""
    if actor is None or not actor.person_id:
        return None
    return next((line for line in case.lines if line["person"] == actor.person_id), None)


def days_paid_to(worker: Worker) -> dict[str, Decimal]:
    """By month, how many days at the gate are paid to a worker.

    A line that settles its month (see ``rules.settles``) pays all days that it knew of, once its
    worker has agreed to that.
    """
    by_month: dict[str, list[Payroll]] = {}
    for one in Payroll.objects.filter(site_number=worker.site_number, state=PAID):
        by_month.setdefault(one.month, []).append(one)
    return {month: _days_paid(found, worker.pk) for month, found in by_month.items()}


def _days_paid(payrolls: Iterable[Payroll], worker: int) -> Decimal:
    lines = [
        line
        for one in payrolls
        if one.state == PAID
        for line in one.lines
        if line["worker"] == worker and not is_contradicted(line)
    ]
    days = sum((Decimal(line["days"]) for line in lines), Decimal(0))
    settled = (Decimal(line["attended"]) for line in lines if has_agreed(line))
    return max(days, *settled, Decimal(0))


def has_agreed(line: Mapping[str, Any]) -> bool:
    """Whether a worker agreed that fewer days settle the month.

    Lines that were confirmed before this was asked by itself said so in what was confirmed.
    """
    return bool(line.get("settles") and line.get("agreed", True))


def days_owed(case: Payroll) -> dict[int, Decimal]:
    """Of a payroll that was paid: its workers whose month is not paid in full -> days still owed.

    What another payroll of the month has paid since, or a worker agreed to, is not owed.
    """
    if case.state != PAID:
        return {}
    same = list(Payroll.objects.filter(site_number=case.site_number, month=case.month))
    found = {
        line["worker"]: Decimal(line.get("attended", 0)) - _days_paid(same, line["worker"])
        for line in case.lines
    }
    return {worker: days for worker, days in found.items() if days > 0}


def months_overdue_to(worker: Worker) -> set[str]:
    """The months whose payroll fell overdue and was not paid since."""
    found = Payroll.objects.filter(site_number=worker.site_number, overdue_at__isnull=False)
    return {one.month for one in found.exclude(state=PAID) if _names(one, worker)}


def _names(payroll: Payroll, worker: Worker) -> bool:
    return any(line["worker"] == worker.pk for line in payroll.lines)


def paid_fen(site_number: str, month: str) -> int:
    """Fen of net wages that were paid on a site for a month."""
    found = Payroll.objects.filter(site_number=site_number, month=month, state=PAID)
    lines = (line for one in found for line in one.lines)
    return sum(line["net_fen"] for line in lines if not is_contradicted(line))


def unpaid_of_contract(contract_number: str) -> list[str]:
    """What is owed under a contract: payrolls not paid, and workers with months not paid."""
    open_ones = Payroll.objects.filter(contract_number=contract_number).exclude(state=PAID)
    owed = list(open_ones.order_by("pk").values_list("number", flat=True))
    numbers = sites.numbers_of(contract_number)
    for worker in Worker.objects.filter(site_number__in=numbers).prefetch_related("gate"):
        if roster.unpaid_months(worker):
            owed.append(worker.number)
    return owed
