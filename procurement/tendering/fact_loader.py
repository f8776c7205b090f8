"""The one load of everything that the guards of a lot look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from pydantic import TypeAdapter

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import fonts, scans
from kernel.documents import selectors as papers
from kernel.documents.models import DocumentState
from kernel.errors import Refusal
from kernel.parties.models import Organisation
from kernel.regulation.due import due, earliest_allowed, latest_before
from kernel.workflow.models import Act
from procurement.projects import naming
from procurement.projects import selectors as projects
from procurement.projects.machine import REGISTERED
from procurement.tendering import law_facts, lint, needs
from procurement.tendering.documents import CANDIDATES, candidates_number
from procurement.tendering.facts import LotFacts, ProjectView, Retendered
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot, Objection, TenderPlan
from procurement.tendering.procedures import registry
from procurement.tendering.schemas import ClarifyPayload, LotPayload, NextCandidatePayload

_FORM = TypeAdapter(LotPayload)
TEXTS = ("name", "scope", "qualification_text", "evaluation_text", "contract_text", "quality")
# Every font of ours draws these; only for others are the fonts opened and asked.
_ODD = re.compile(r"[^\s!-~\u00b7\u3001-\u3015\u4e00-\u9fa5\uff01-\uff5e]")
_ENDED = ("failed", "retendered", "terminated")


@LOT.facts
def facts(case: Lot, at: datetime, payload: Any = None, actor: Actor | None = None) -> LotFacts:
    """Everything that the guards of a lot look at, at a legal moment."""
    form = _form(case, payload)
    project = _project(form.project_number)
    region = case.region or (project.region if project else "")
    procedure = registry.serving(form.method, form.kind)
    rules = law_facts.of(at, region, procedure.values if procedure else law_facts.VALUES)
    found = LotFacts(
        at=at,
        number=case.number,
        state=str(case.state),
        form=form,
        project=project,
        articles=rules.articles,
        codes=rules.codes,
        thresholds=rules.thresholds,
        limits=rules.limits,
        procedure=procedure,
        actor_uscc=actor.uscc if actor else "",
        owner_uscc=case.owner_uscc,
        same_kind_fen=_same_kind(case, form),
        hits=tuple(lint.hits(_texts(form, payload), rules.suspicions)),
        agency_known=not isinstance(payload, LotPayload)
        or not form.agency_uscc
        or naming.has_role(form.agency_uscc, "agency_clerk"),
        missing_files=_missing(case, form, payload, actor, project),
        unprintable=tuple(_unprintable(form)),
        policy_sha256=needs.signed_policy(case.number) if case.number else "",
        unstamped=needs.unstamped_policy(case.number) if case.number else "",
        bill=needs.bill(form.bill_sha256) if form.bill_sha256 else None,
        drawings_passed=bool(form.project_number)
        and needs.drawings_passed(form.project_number, at),
        retendered=_retendered(case, form.retender_of),
        failures=case.failures,
        open_objections=open_objections(case.pk),
        objection_upheld=_objection_upheld(case),
        by_authority=actor is not None and bool(actor.authority),
        unsigned_publicity=_unsigned_publicity(case),
        winner_refusals=_winner_refusals(case, at),
        found_void=found_void(case),
        suspended_from=case.suspended_from,
        plan_project=_plan_project(form.plan),
    )
    return _with_award(case, _with_times(case, found, region))


def _form(case: Lot, payload: Any) -> LotPayload:
    """The form that is being saved, else the one that the case holds."""
    if isinstance(payload, LotPayload):
        fixed = {"project_number": case.project_number, "retender_of": case.retender_of}
        return payload.model_copy(update=fixed) if case.pk else payload
    return _FORM.validate_python({name: getattr(case, name) for name in LotPayload.model_fields})


def _project(number: str) -> ProjectView | None:
    project = projects.public_project(number) if number else None
    if project is None:
        return None
    return ProjectView(
        registered=project.state == REGISTERED,
        owner_uscc=project.owner.uscc,
        region=project.region,
        project_class=project.project_class,
        total_investment_fen=project.total_investment_fen,
        funding=tuple((item["source"], item["amount_fen"]) for item in project.funding),
    )


def _same_kind(case: Lot, form: LotPayload) -> int:
    """Estimates of the project's other living lots of this kind; they count together."""
    others = Lot.objects.filter(project_number=form.project_number, kind=form.kind)
    others = others.exclude(pk=case.pk).exclude(state__in=_ENDED)
    return int(others.aggregate(total=Sum("estimate_fen"))["total"] or 0)


def _texts(form: LotPayload, payload: Any) -> Mapping[str, str]:
    if isinstance(payload, ClarifyPayload):
        return {"text": payload.text}
    texts = {name: str(getattr(form, name)) for name in TEXTS}
    return texts | {f"scored_awards.{i}.name": a.name for i, a in enumerate(form.scored_awards)}


def _missing(
    case: Lot, form: LotPayload, payload: Any, actor: Actor | None, project: ProjectView | None
) -> frozenset[str]:
    """Named files that neither the owner nor its agency brought to this very lot.

    One of the two brings its own by naming them. What the other has uploaded elsewhere counts once
    it has acted here itself: to know a file's hash is no right to it, and whatever stands on the
    lot opens for whoever reads the lot (``kernel.web.case_files``).
    """
    named = {item.file_sha256 for item in form.documents} | {form.override_sha256}
    if isinstance(payload, ClarifyPayload):
        named |= {item.file_sha256 for item in payload.documents}
    if isinstance(payload, NextCandidatePayload):
        named |= {payload.file_sha256}
    parties = {case.owner_uscc, form.agency_uscc, project.owner_uscc if project else ""} - {""}
    missing = frozenset(named - {""})
    acted = Act.objects.filter(machine=LOT.code, case_pk=case.pk).exclude(organisation=None)
    here = Q(pk__in=acted.values("organisation_id"), uscc__in=parties)
    # Whether who acts may, is for others to say: of an agency that is not engaged, too.
    here |= Q(pk=actor.organisation_id if actor else 0)
    for pk in Organisation.objects.filter(here).values_list("pk", flat=True) if missing else ():
        missing = scans.missing(pk, missing)
    return missing


def _unprintable(form: LotPayload) -> Iterator[tuple[str, str]]:
    for name in (*TEXTS, "contact"):
        odd = "".join(sorted(set(_ODD.findall(getattr(form, name)))))
        if odd and (missing := fonts.uncovered(odd)):
            yield name, missing


def _retendered(case: Lot, number: str) -> Retendered | None:
    before = Lot.objects.filter(number=number).first() if number else None
    if before is None:
        return None
    taken: Any = Lot.objects.filter(retender_of=number).exclude(pk=case.pk)
    taken = taken.exclude(state="terminated").values_list("number", flat=True)
    return Retendered(
        number,
        before.state,
        before.project_number,
        before.failures,
        before.retender_approval,
        before.method,
        next(iter(taken), ""),
    )


def open_objections(lot_id: int | None) -> tuple[str, ...]:
    """References of a lot's objections that wait for their answer."""
    if lot_id is None:
        return ()
    waiting = Objection.objects.filter(lot_id=lot_id, state__in=("raised", "overdue"))
    return tuple(objection.reference for objection in waiting.order_by("pk"))


def _objection_upheld(case: Lot) -> bool:
    """Whether an objection to the candidates that are public now was upheld."""
    since = case.publicised_at
    return since is not None and Objection.objects.filter(
        lot_id=case.pk, stage="publicity", upheld=True, answered_at__gte=since
    ).exists()  # fmt: skip


def _unsigned_publicity(case: Lot) -> str:
    """The number of the candidates' notice that nobody has signed yet, asked before an award."""
    if case.state != "award_pending":
        return ""
    number = candidates_number(case)
    issued = papers.of_case(LOT.code, str(case.pk)).filter(
        form=CANDIDATES, number=number, state=DocumentState.ISSUED
    )
    return "" if issued.exists() else number


def _winner_refusals(case: Lot, at: datetime) -> tuple[Refusal, ...]:
    """Why the candidate who would be awarded may not bid any more, asked when that is at hand."""
    if case.state != "award_pending" or not 1 <= case.candidate_rank <= len(case.candidates):
        return ()
    uscc = case.candidates[case.candidate_rank - 1]["uscc"]
    return needs.bidder_refusals(case.number, uscc, at)


def found_void(case: Lot) -> needs.VoidDecision | None:
    """The decision that voids the bid of the candidate who would be awarded, or was."""
    at_hand = 1 <= case.candidate_rank <= len(case.candidates)
    if case.state not in ("award_pending", "awarded") or not at_hand:
        return None
    return needs.void_decision(case.number, case.candidates[case.candidate_rank - 1]["uscc"])


def _plan_project(plan: int) -> str:
    """The project of an announced plan, or empty."""
    found = TenderPlan.objects.filter(pk=plan, state="announced").first() if plan else None
    return found.project_number if found else ""


def _with_times(case: Lot, found: LotFacts, region: str) -> LotFacts:
    """The law's bounds around this moment and around the announced deadline."""
    sale = earliest_allowed(found.at, "tender.documents.sale", region=region, provisional=True)
    bids = earliest_allowed(found.at, "tender.bid.prepare", region=region, provisional=True)
    deadline = case.bid_deadline_at
    if deadline is None:
        return replace(found, sale_earliest_at=sale.at, deadline_earliest_at=bids.at)
    last = latest_before(
        deadline,
        "tender.clarification",
        region=region,
        subject={"documents": "tender"},
        moment=found.at,
        provisional=True,
    )
    return replace(
        found,
        sale_earliest_at=sale.at,
        deadline_earliest_at=bids.at,
        clarification_until=last.at,
        clarified_deadline_at=_moved(deadline, found.at, last.amount),
    )


def _moved(deadline: datetime, at: datetime, days: int) -> datetime:
    """The first instant, at the deadline's time of day, that lies so many days after ``at``."""
    day = clock.legal_date(at) + timedelta(days=days)
    local = deadline.astimezone(clock.LEGAL_ZONE)
    moved = local.replace(year=day.year, month=day.month, day=day.day)
    return min(moved, deadline) if clock.legal_date(deadline) == day else moved


def _with_award(case: Lot, found: LotFacts) -> LotFacts:
    """What stands after the evaluation: report, candidates, publicity."""
    report = needs.evaluation_report(case.number) if case.number else None
    start = report.reported_at if report else case.reported_at
    until = (
        due(start, "tender.publicity.start", region=case.region, provisional=True).at
        if start
        else None
    )
    least = (
        earliest_allowed(
            case.publicised_at, "tender.publicity.length", region=case.region, provisional=True
        ).at
        if case.publicised_at
        else None
    )
    return replace(
        found,
        report=report,
        publicity_until=until,
        publicity_earliest_end_at=least,
        publicity_ends_at=case.publicity_ends_at,
        candidates=len(case.candidates),
        candidate_rank=case.candidate_rank,
        award_reported=case.award_reported_at is not None,
    )
