"""Plans: what each act changes, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing
from procurement.projects import naming
from procurement.projects import selectors as projects
from procurement.projects.machine import REGISTERED
from procurement.tendering import law_facts
from procurement.tendering.plans.machine import PLAN
from procurement.tendering.plans.models import TenderPlan
from procurement.tendering.plans.rules import PlanFacts
from procurement.tendering.plans.schemas import PlanPayload


@PLAN.facts
def facts(
    case: TenderPlan, at: datetime, payload: Any = None, actor: Actor | None = None
) -> PlanFacts:
    """Everything that the guards of a plan look at, at a legal moment."""
    form = _form(case, payload)
    project = projects.public_project(form.project_number) if form.project_number else None
    rules = law_facts.of(at, project.region if project else "")
    others = TenderPlan.objects.filter(project_number=form.project_number, state="announced")
    other = others.exclude(pk=case.pk).first()
    return PlanFacts(
        today=clock.legal_date(at),
        form=form,
        registered=project is not None and project.state == REGISTERED,
        owner_uscc=project.owner.uscc if project else "",
        actor_uscc=actor.uscc if actor else "",
        kinds=rules.codes["tender_kind"],
        articles=rules.articles,
        agency_known=not isinstance(payload, PlanPayload)
        or not form.agency_uscc
        or naming.has_role(form.agency_uscc, "agency_clerk"),
        announced=other.reference if other else "",
    )


def _form(case: TenderPlan, payload: Any) -> PlanPayload:
    if isinstance(payload, PlanPayload):
        fixed = {"project_number": case.project_number} if case.pk else {}
        return payload.model_copy(update=fixed)
    return PlanPayload(
        project_number=case.project_number, agency_uscc=case.agency_uscc, lots=case.lots
    )


@PLAN.effect("draw_up")
def _draw_up(case: TenderPlan, doing: Doing) -> list[DomainEvent]:
    project = projects.public_project(doing.payload.project_number)
    case.project_number = doing.payload.project_number
    case.owner_uscc = doing.facts.owner_uscc
    case.region = project.region if project else ""
    return _fill(case, doing.payload)


@PLAN.effect("amend")
def _amend(case: TenderPlan, doing: Doing) -> list[DomainEvent]:
    return _fill(case, doing.payload)


def _fill(case: TenderPlan, payload: PlanPayload) -> list[DomainEvent]:
    case.agency_uscc = payload.agency_uscc
    case.lots = [lot.model_dump(mode="json") for lot in payload.lots]
    return []


@PLAN.effect("announce")
def _announce(case: TenderPlan, doing: Doing) -> list[DomainEvent]:
    case.announced_at = doing.at
    return []
