"""Reads of the roster, what others ask of labour, and the one load of facts of its guards."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from credit.citing import language
from credit.conduct import sanctions
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.errors import Refusal, Refused
from kernel.identifiers import resident_id
from kernel.parties.models import Membership, Person
from kernel.regulation import selectors as law
from labour import citing
from labour.accounts import selectors as accounts
from labour.accounts.models import WageAccount
from labour.roster import wage_days
from labour.roster.machine import ADMITTED, ALERT, DECLINED, EXITED, ON_SITE, WORKER, WORKING
from labour.roster.models import GateRecord, Worker
from labour.roster.rules import WorkerFacts
from labour.roster.schemas import OfferPayload
from labour.sites import selectors as sites

CODE_LISTS = ("worker_trade", "wage_unit", "identity_check")
LEVELS = ("company", "project", "crew", "pass")


@WORKER.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> WorkerFacts:
    """Everything that the guards of a worker's place look at."""
    day, words = clock.legal_date(at), language()
    values = citing.values(day)
    asked = payload if isinstance(payload, OfferPayload) else None
    person = _person(case, asked)
    identity, faults = _identity(person)
    heavy = citing.heavy_ages(day, case.region or "")
    return WorkerFacts(
        today=day,
        now=at,
        crew_listed=sanctions.refusals(_crew(case, actor), at),
        site_open=asked is not None and _open(asked.site_number),
        known=person is not None and actor is not None and _works_for(person, actor),
        taken=_taken(asked),
        codes={
            name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS
        },
        identity_faults=faults,
        id_last_four=identity.number[-4:] if identity else "",
        age=identity.age(day) if identity else None,
        heavy_age=heavy.get(identity.sex) if identity else None,
        heavy_trades=_marked(values, "heavy."),
        special_trades=_marked(values, "special."),
        trade=case.trade or "",
        face_consent=bool(case.face_consent),
        certificate_valid_to=case.certificate_valid_to,
        training={level: int(values[f"training.{level}"]) for level in LEVELS},
        least_age=int(values["age.least"]),
        clash=other_site(case),
        attended=tuple(case.gate.values_list("in_at", "out_at")) if case.pk else (),
        admitted_at=case.admitted_at,
        unpaid=tuple(unpaid_months(case)) if case.pk else (),
        overdue=tuple(overdue_months(case, at)) if case.pk else (),
        missing_files=_missing_files(payload, actor),
        articles=citing.articles(day, words),
    )


def _crew(case: Any, actor: Actor | None) -> str:
    """The firm that takes on: the case's crew, or whoever offers where there is no case yet."""
    return case.crew_uscc or (actor.uscc if actor else "")


def _person(case: Any, asked: OfferPayload | None) -> Person | None:
    key = asked.worker if asked else case.person_id
    return Person.objects.filter(pk=key).first() if key else None


def _identity(
    person: Person | None,
) -> tuple[resident_id.ResidentId | None, tuple[Refusal, ...]]:
    if person is None:
        return None, ()
    if not person.resident_id:
        return None, (Refusal("labour.worker.identity_missing", {}, "GB 11643-1999", ""),)
    try:
        return resident_id.parse(person.resident_id), ()
    except Refused as refused:
        # The number is not the form's to give, so no field of the form is at fault.
        return None, tuple(Refusal(r.code, r.facts, r.article, "") for r in refused.refusals)


def _open(number: str) -> bool:
    return bool(sites.open_sites().filter(number=number).exists())


def _works_for(person: Person, actor: Actor) -> bool:
    held = Membership.objects.filter(
        person=person, organisation_id=actor.organisation_id, role="worker"
    )
    return bool(held.exists())


def _taken(asked: OfferPayload | None) -> str:
    if asked is None:
        return ""
    other = roster(asked.site_number).filter(person_id=asked.worker).first()
    return other.number if other else ""


def _marked(values: Any, prefix: str) -> frozenset[str]:
    return frozenset(key.removeprefix(prefix) for key in values if key.startswith(prefix))


def other_site(case: Any) -> str:
    """The site that the person of a case is at work on elsewhere, or empty.

    Not one with a case of the labour inspection: it ends with the wages, which whoever owes them
    may leave unpaid, and until then the worker is free to earn elsewhere.
    """
    if not case.person_id:
        return ""
    other = (
        Worker.objects.filter(person_id=case.person_id, state__in=[ADMITTED, WORKING, ALERT])
        .exclude(pk=case.pk)
        .first()
    )
    return other.site_number if other else ""


def _missing_files(payload: Any, actor: Actor | None) -> frozenset[str]:
    if payload is None or actor is None or actor.is_platform:
        return frozenset()
    named = {v for name, v in payload.model_dump().items() if name.endswith("sha256") and v}
    return scans.missing(actor.organisation_id, named) if named else frozenset()


def roster(site_number: str) -> QuerySet[Worker]:
    """The people on a site's roster who have not left, in the order in which they came."""
    found: QuerySet[Worker] = Worker.objects.filter(site_number=site_number)
    return found.exclude(state__in=[EXITED, DECLINED]).select_related("person").order_by("pk")


def on_site(site_number: str) -> QuerySet[Worker]:
    """The people who may pass the gate or are owed what they worked."""
    return roster(site_number).filter(state__in=ON_SITE)


def stands_on(site_number: str, person_id: int) -> bool:
    """Whether somebody is on a site's roster and may pass its gate, or is owed what was worked."""
    return bool(on_site(site_number).filter(person_id=person_id).exists())


def sites_of(person_id: int) -> list[str]:
    """The numbers of the sites where somebody stands (``stands_on``)."""
    found = Worker.objects.filter(person_id=person_id, state__in=ON_SITE)
    return sorted(set(found.values_list("site_number", flat=True)))


def wage_account(contract_number: str) -> WageAccount | None:
    """The special wage account of a contract that is in force, or None."""
    return accounts.in_force(contract_number)


def wages_paid(site_number: str, month: str) -> int:
    """Fen of net wages that were paid to workers of a site for a month (``2025-10``)."""
    from labour.payroll import selectors as payrolls

    return payrolls.paid_fen(site_number, month)


def month_of(instant: datetime) -> str:
    """The legal month of an instant, as ``2025-10``."""
    return f"{clock.legal_date(instant):%Y-%m}"


def attendance_days(worker: Worker) -> Counter[str]:
    """Days of attendance by month: a day counts once, however often the gate opened."""
    days = {record.day for record in worker.gate.all()}
    return Counter(f"{day:%Y-%m}" for day in days)


def clashes(worker_ids: list[int], month: str) -> list[GateRecord]:
    """Records of a month that say that somebody was at two sites within the hour."""
    found = GateRecord.objects.filter(worker_id__in=worker_ids).exclude(clash_with="")
    return [one for one in found if month_of(one.in_at) == month]


def unpaid_months(worker: Worker) -> list[str]:
    """Months with more days at the gate than were paid, oldest first."""
    from labour.payroll import selectors as payrolls

    paid = payrolls.days_paid_to(worker)
    return sorted(m for m, days in attendance_days(worker).items() if paid.get(m, 0) < days)


def overdue_months(worker: Worker, at: datetime) -> list[str]:
    """Months whose wages are late and not paid, listed or not, oldest first."""
    from labour.payroll import selectors as payrolls

    late = {m for m in unpaid_months(worker) if wage_days.due_at(m, worker.region) <= at}
    return sorted(late | payrolls.months_overdue_to(worker))
