"""Reads of machines, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from credit.citing import language
from credit.conduct import barring, sanctions
from credit.enterprises import selectors as enterprises
from equipment import citing
from equipment.registry import rules
from equipment.registry.machine import DEREGISTERED, FILED, IDLE, MACHINE, NEW, NOTIFIED
from equipment.registry.models import LiftingMachine, plate_key
from equipment.registry.rules import MachineFacts
from equipment.registry.schemas import EngagePayload, MachinePayload, NoticePayload
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import acts_for
from kernel.documents import scans
from kernel.errors import Refusal
from kernel.parties.models import Membership
from kernel.regulation import selectors as law
from kernel.regulation.due import latest_before
from kernel.regulation.named import named
from kernel.regulation.rules import add_months

CODE_LISTS = ("machine_kind", "machine_paper", "operator_trade")


@MACHINE.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> MachineFacts:
    """Everything that the guards of a machine look at."""
    day, words = clock.legal_date(at), language()
    values = citing.values(day)
    return MachineFacts(
        today=day,
        now=at,
        codes={
            name: frozenset(code for code, _label in law.options(name, at)) for name in CODE_LISTS
        },
        taken=_taken(payload) if isinstance(payload, MachinePayload) else "",
        made_on=_made_on(payload) if isinstance(payload, MachinePayload) else None,
        papers=frozenset(paper["kind"] for paper in case.papers if paper["number"]),
        required_papers={
            kind: named("machine_paper", kind, at)
            for key, value in values.items()
            if value == "required" and (kind := key.partition("paper.")[2])
        },
        missing_files=_missing_files(payload, actor),
        life_ends_on=case.life_ends_on,
        inspected_until=_last_day(case.inspection_ends_at),
        hired_until=case.hired_until,
        cycle_ends_on=add_months(day, int(values["inspection.cycle_months"])),
        operators_until=_last_day(case.operators_end_at),
        blocked_by=case.blocked_by,
        notice_runs=_notice_runs(case, at),
        installer_refusals=_installer_refusals(payload, actor, values, at),
        owner_listed=sanctions.refusals(case.owner_uscc or "", at),
        articles=citing.articles(day, words),
        installer_known=isinstance(payload, EngagePayload) and _installs(payload.installer_uscc),
        tester_interested=acts_for(
            actor, (case.owner_uscc, case.contractor_uscc, case.installer_uscc), at
        ),
        assessed_until=_assessed_until(case, day, values),
    )


def _assessed_until(case: Any, day: date, values: Any) -> date | None:
    if not case.kind:
        return None
    years = rules.assessed_years(case.kind, case.capacity_knm, values)
    return add_months(day, 12 * years)


def _taken(payload: MachinePayload) -> str:
    """A machine of this plate that stands on record, or was scrapped, whatever became of it."""
    same = LiftingMachine.objects.filter(plate_key=plate_key(payload.maker, payload.serial))
    other = same.filter(~Q(state=DEREGISTERED) | Q(scrapped=True)).first()
    return other.reference if other else ""


def _made_on(payload: MachinePayload) -> date | None:
    """The day of make under which a machine of this plate was on record before."""
    same = LiftingMachine.objects.filter(plate_key=plate_key(payload.maker, payload.serial))
    other = same.order_by("manufactured_on").first()
    return other.manufactured_on if other else None


def _missing_files(payload: Any, actor: Actor | None) -> frozenset[str]:
    if payload is None or actor is None or actor.is_platform:
        return frozenset()
    named = {
        value for name, value in payload.model_dump().items() if name.endswith("sha256") and value
    }
    named |= {paper.file_sha256 for paper in getattr(payload, "papers", ())}
    return scans.missing(actor.organisation_id, named)


def _last_day(ends_at: datetime | None) -> date | None:
    return None if ends_at is None else clock.legal_date(ends_at - timedelta(seconds=1))


def _notice_runs(case: Any, at: datetime) -> date | None:
    """The day of a notice that has not run long enough for an installation now."""
    if case.notified_at is None or case.state != NOTIFIED:
        return None
    latest = latest_before(
        at, "crane.installation.notify", region=case.rule_region, provisional=True
    )
    return clock.legal_date(case.notified_at) if case.notified_at >= latest.at else None


def _installer_refusals(
    payload: Any, actor: Actor | None, values: Any, at: datetime
) -> tuple[Refusal, ...]:
    if isinstance(payload, EngagePayload):
        uscc = payload.installer_uscc if _installs(payload.installer_uscc) else ""
    else:
        uscc = actor.uscc if isinstance(payload, NoticePayload) and actor else ""
    if not uscc:
        return ()
    return tuple(
        enterprises.refusals_to_bid(
            uscc, trade=values["installer.trade"], grade=values["installer.grade"], at=at
        )
    )


def _installs(uscc: str) -> bool:
    held = Membership.objects.filter(organisation__uscc=uscc, role="installer_clerk")
    return bool(uscc) and held.exists()


@MACHINE.sifts
def waiting(cases: Sequence[Any], actor: Actor, at: datetime) -> dict[int, frozenset[str]]:
    """Nothing is offered of an owner on a list, nor what has outlived its life; one query."""
    barred = actor.role == "lessor_clerk" and bool(sanctions.refusals(actor.uscc, at))
    every = frozenset(act.code for act in MACHINE.transitions)
    today = clock.legal_date(at)
    return {
        case.pk: every - {"offer"} if barred or case.life_ends_on < today else every
        for case in cases
    }


def public_register(text: str = "", kind: str = "", region: str = "") -> QuerySet[LiftingMachine]:
    """Machines that were filed, whatever became of them, newest filing first."""
    found: QuerySet[LiftingMachine] = LiftingMachine.objects.exclude(number="")
    if text:
        found = found.filter(
            Q(model__contains=text) | Q(number__startswith=text) | Q(owner_name__contains=text)
        )
    if kind:
        found = found.filter(kind=kind)
    if region:
        found = found.filter(region__startswith=region)
    return found.order_by("-filed_at", "-pk")


def to_let(among: QuerySet[LiftingMachine] | None = None) -> QuerySet[LiftingMachine]:
    """Machines that may be hired now, cheapest first: none whose owner is on a list."""
    found: QuerySet[LiftingMachine] = LiftingMachine.objects.all() if among is None else among
    found = found.filter(state=IDLE).exclude(owner_uscc__in=barring.barred())
    return found.order_by("daily_rent_fen", "pk")


def offered_by(uscc: str) -> int:
    """How many machines an owner offers, whether or not the market shows them."""
    return LiftingMachine.objects.filter(owner_uscc=uscc, state=IDLE).count()


def machines_on(site_number: str) -> list[LiftingMachine]:
    """The machines that stand on a site, or are hired for it."""
    found = LiftingMachine.objects.filter(site_number=site_number)
    return list(found.exclude(state__in=[NEW, FILED, IDLE]).order_by("pk"))


def by_number(number: str) -> LiftingMachine | None:
    """A filed machine by its number, or None."""
    return public_register().filter(number=number).first()


def installers() -> list[tuple[str, str]]:
    """Credit code and name of every firm that somebody here installs for; the first 500."""
    held = Membership.objects.filter(role="installer_clerk").order_by("organisation__name")
    return list(held.values_list("organisation__uscc", "organisation__name").distinct()[:500])
