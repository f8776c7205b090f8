"""Reads of a site, and the one load of facts that its guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.workflow.relations import region_prefix
from labour.roster import selectors as roster
from procurement.projects import citing
from procurement.projects.works import selectors as works
from procurement.projects.works.models import Works
from procurement.projects.works.states import (
    ACCEPTANCE,
    PERMITTED,
    REACCEPTANCE,
    SUSPENDED,
    UNDER_CONSTRUCTION,
)
from procurement.site import criteria
from procurement.site.machine import CLOSED, HAZARD, SITE_VISIT, STOPPED
from procurement.site.models import Hazard
from procurement.site.rules import HazardFacts

OPEN_STATES = (PERMITTED, UNDER_CONSTRUCTION, SUSPENDED, ACCEPTANCE, REACCEPTANCE)


@SITE_VISIT.facts
@HAZARD.facts
def facts(case: Any, at: datetime, payload: Any = None, actor: Actor | None = None) -> HazardFacts:
    """Everything that the guards of visits and hazards look at, at a legal moment."""
    opening = case.pk is None and payload is not None
    told = payload if opening else case
    found = works.by_number(told.works_number) if opening else None
    areas = citing.codes("inspection_area", at)
    named = getattr(told, "areas", None) or [getattr(told, "area", "")]
    row = criteria.criterion(getattr(payload, "criterion", ""), at, case.region)
    photos = getattr(payload, "photos", ()) or getattr(payload, "rectified_photos", ())
    return HazardFacts(
        today=clock.legal_date(at),
        works_number=told.works_number,
        works_open=not opening or (found is not None and found.state in OPEN_STATES),
        concerned=not opening or (found is not None and _concerned(found, actor)),
        area_listed=set(named) <= areas,
        grade=getattr(case, "grade", ""),
        criterion_grade=str(row["grade"]) if row else "",
        rechecked=getattr(case, "rechecked_on", None) is not None,
        role=actor.role if actor else "",
        missing_scans=scans.missing(actor.organisation_id, (photo.file_sha256 for photo in photos))
        if actor is not None
        else frozenset(),
        articles=citing.articles("values.hazard", at, case.region),
        rectify_by_on=getattr(case, "rectify_by_on", None),
    )


def _concerned(found: Works, actor: Actor | None) -> bool:
    if actor is None:
        return False
    if actor.authority:
        return found.region.startswith(region_prefix(actor.region))
    if actor.role == "worker":
        return roster.stands_on(found.number, actor.person_id)
    if actor.role == "project_manager":
        return found.contractor_uscc == actor.uscc
    return found.supervision_uscc == actor.uscc


def open_hazards(works_number: str, grade: str = "") -> int:
    """How many hazards of works are not closed; of one grade where it is named."""
    found = Hazard.objects.filter(works_number=works_number).exclude(state=CLOSED)
    return (found.filter(grade=grade) if grade else found).count()


def stop_orders(works_number: str) -> tuple[str, ...]:
    """Notices of major hazards of works for which the station stopped work and lifted nothing."""
    found = Hazard.objects.filter(works_number=works_number, state=STOPPED).order_by("pk")
    return tuple(found.values_list("notice_number", flat=True))


def open_major(works_number: str) -> tuple[str, ...]:
    """Notices of major hazards of works that are not closed; without those that stop work."""
    found = Hazard.objects.filter(works_number=works_number, grade="major")
    found = found.exclude(state__in=(CLOSED, STOPPED)).order_by("pk")
    return tuple(found.values_list("notice_number", flat=True))


def works_of(actor: Actor) -> list[tuple[str, str]]:
    """Works being built that are an actor's to look at: see ``_concerned``."""
    found = Works.objects.filter(state__in=OPEN_STATES).order_by("-pk")
    if actor.authority:
        found = found.filter(region__startswith=region_prefix(actor.region))
    elif actor.role == "worker":
        found = found.filter(number__in=roster.sites_of(actor.person_id))
    elif actor.role == "project_manager":
        found = found.filter(contractor_uscc=actor.uscc)
    else:
        found = found.filter(supervision_uscc=actor.uscc)
    return [(one.number, f"{one.number} {one.name}") for one in found[:200]]
