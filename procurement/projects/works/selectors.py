"""Reads of works, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from pydantic import TypeAdapter

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.regulation import selectors as law
from kernel.regulation.due import earliest_allowed, latest_before
from procurement.projects import citing, naming
from procurement.projects.drawings import selectors as drawings
from procurement.projects.models import Project
from procurement.projects.schemas import Paper
from procurement.projects.works import needs, warranty
from procurement.projects.works.machine import WORKS
from procurement.projects.works.models import Works
from procurement.projects.works.party_rules import Team
from procurement.projects.works.rules import PaperCondition, WorksFacts
from procurement.projects.works.schemas import ApplyPayload, DangerousWork, Leader
from procurement.projects.works.states import (
    FILED,
    PERMIT_REVIEW,
    REACCEPTANCE,
    UNDER_CONSTRUCTION,
    UNPERMITTED,
)
from procurement.projects.works.warranty import Warranty

_PAPERS = TypeAdapter(tuple[Paper, ...])
_LEADERS = TypeAdapter(tuple[Leader, ...])
_DANGEROUS = TypeAdapter(tuple[DangerousWork, ...])
# Columns that the project's own record of parties fills: role there -> column here.
PARTY_COLUMNS = {
    "survey_firm": "survey_uscc",
    "design_firm": "design_uscc",
    "supervision_firm": "supervision_uscc",
}
# Who must have people here to sign the acceptance: column -> role.
_SIGNING = {
    "supervision_uscc": "chief_supervisor",
    "survey_uscc": "survey_clerk",
    "design_uscc": "design_clerk",
}


@WORKS.facts
def facts(case: Any, at: datetime, payload: Any = None, actor: Actor | None = None) -> WorksFacts:
    """Everything that the guards of works look at, at a legal moment."""
    applied = payload if isinstance(payload, ApplyPayload) else case
    told = case.state in UNPERMITTED and payload is None
    named = getattr(payload, "papers", None) or getattr(payload, "completion_papers", None) or ()
    files = [one.file_sha256 for one in (*named, *getattr(payload, "leaders", ()))]
    notified = case.acceptance_notified_at
    return WorksFacts(
        today=clock.legal_date(at),
        at=at,
        contract_number=case.contract_number,
        contractor_uscc=case.contractor_uscc,
        contractor_known=_contractor_known(case),
        trade=applied.trade,
        trade_listed=applied.trade in citing.codes("permit_trade", at),
        papers=None if told else _PAPERS.validate_python(applied.papers),
        permit_conditions=_conditions("values.permit", "works_paper", at, case.region),
        dangerous=None if told else _DANGEROUS.validate_python(applied.dangerous),
        no_dangerous=applied.no_dangerous,
        drawings_passed=case.state in (*UNPERMITTED, PERMIT_REVIEW)
        and drawings.drawings_passed(case.project_number),
        unknown_parties=tuple(
            column
            for column, role in _SIGNING.items()
            if not naming.has_role(getattr(applied, column), role)
        )
        if isinstance(payload, ApplyPayload)
        else (),
        needs=_needs(case, at),
        stop_orders=needs.stop_orders(case.number)
        if case.state in (UNDER_CONSTRUCTION, REACCEPTANCE)
        else (),
        open_hazards=needs.open_hazards(case.number)
        if case.state in (UNDER_CONSTRUCTION, REACCEPTANCE)
        else (),
        extensions=case.extensions,
        extensions_most=citing.values("values.permit", at, case.region)["extension.most"],
        suspended_on=case.suspended_on,
        recheck_from=_recheck_from(case),
        notified_on=clock.legal_date(notified) if notified else None,
        notice_latest_on=_notice_latest(case, getattr(payload, "planned_on", None), at),
        completion_papers=getattr(payload, "completion_papers", None),
        completion_conditions=_conditions("values.acceptance", "completion_paper", at, case.region),
        team=None if told else _team(case, applied, at),
        warranty=_warranty(case, at),
        station_reported=case.station_reported_on is not None,
        archived=case.archived_on is not None,
        missing_scans=scans.missing(actor.organisation_id, files)
        if actor is not None
        else frozenset(),
        kinds=citing.codes("works_paper", at) | citing.codes("completion_paper", at),
        articles={
            **citing.articles("values.permit", at, case.region),
            **citing.articles("values.acceptance", at, case.region),
        },
    )


def _team(case: Any, applied: Any, at: datetime) -> Team | None:
    """Who builds, as the application or the works say; None where no permit is asked for."""
    if case.state not in (*UNPERMITTED, PERMIT_REVIEW):
        return None
    project = Project.objects.filter(number=case.project_number).first()
    record = {(party["role"], party["uscc"]) for party in (project.parties if project else ())}
    return Team(
        off_record=tuple(
            column
            for role, column in PARTY_COLUMNS.items()
            if getattr(applied, column) and (role, getattr(applied, column)) not in record
        ),
        leaders=_LEADERS.validate_python(applied.leaders),
        roles={
            code: citing.named("project_leader", code, at)
            for code, _label in citing.options("project_leader", at)
        },
        manager=case.project_manager,
    )


def _warranty(case: Any, at: datetime) -> Warranty:
    """The least periods: of buildings every part has one."""
    articles = citing.articles("values.acceptance", at, case.region)
    values = citing.values("values.acceptance", at, case.region)
    least = {}
    for field, key in warranty.LEAST.items():
        if key in values:
            least[field] = (int(values[key]), articles[key])
        else:
            row = law.find_period(key, at, case.region)[1]
            least[field] = (int(row["amount"]), citing.cited(row, citing.language()))
    article = articles["warranty.structure"]
    return Warranty(least, article, whole=case.trade == warranty.BUILDINGS)


def _conditions(code: str, kinds: str, at: datetime, region: str) -> tuple[PaperCondition, ...]:
    articles = citing.articles(code, at, region)
    return tuple(
        PaperCondition(name, kind, citing.named(kinds, kind, at), articles[key])
        for key, kind in citing.values(code, at, region).items()
        if (name := key.partition("condition.")[2]) and isinstance(kind, str)
    )


def _contractor_known(case: Any) -> bool:
    if case.state not in (*UNPERMITTED, PERMIT_REVIEW):
        return bool(case.contractor_uscc)
    return naming.has_role(case.contractor_uscc, "contractor_clerk")


def _needs(case: Any, at: datetime) -> dict[str, str | None]:
    """What other rooms say, where the next step asks them."""
    wanted = (
        {
            **dict.fromkeys(UNPERMITTED, needs.PERMIT_NEEDS),
            PERMIT_REVIEW: needs.PERMIT_NEEDS,
            FILED: needs.CLOSE_NEEDS,
        }.get(case.state, ())
        if case.pk
        else ()
    )
    asked = needs.Asked(
        case.number,
        case.contract_number,
        case.project_number,
        case.owner_uscc,
        case.contractor_uscc,
        at,
    )
    return {need: needs.answer(need, asked) for need in wanted}


def _recheck_from(case: Any) -> datetime | None:
    if case.suspended_on is None:
        return None
    start = clock.start_of(case.suspended_on)
    return earliest_allowed(
        start, "works.resumption.recheck", region=case.region, provisional=True
    ).at


def _notice_latest(case: Any, planned_on: date | None, at: datetime) -> date | None:
    """The last day to tell the station: of the planned acceptance, else of one that is today.

    None for a day that is past: it is too late for it, however far back it lies.
    """
    if planned_on is not None and planned_on < clock.legal_date(at):
        return None
    end = clock.start_of(planned_on) if planned_on else at
    return latest_before(
        end, "acceptance.notify_station", region=case.region, moment=at, provisional=True
    ).last_day


def by_number(number: str) -> Works | None:
    """Works by their number, or None."""
    found: Works | None = Works.objects.filter(number=number).first()
    return found


def of_project(project_number: str) -> list[Works]:
    """All works of a project, oldest first."""
    return list(Works.objects.filter(project_number=project_number).order_by("pk"))


def public_register() -> QuerySet[Works]:
    """What everybody may see: works that have, or had, a permit."""
    found: QuerySet[Works] = (
        Works.objects.exclude(permit_number="")
        .select_related("permitted_by")
        .order_by("-permitted_on", "-pk")
    )
    return found


def public_works(number: str) -> Works | None:
    """Works with a permit by their number, or None."""
    return public_register().filter(number=number).first()
