"""Writes of visits and hazards: what each act changes besides the state."""

from __future__ import annotations

from typing import Any

from kernel import clock
from kernel.events.procurement_site import HazardClosed, HazardConfirmed, HazardPenalised
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.projects.works.models import Works
from procurement.site import criteria
from procurement.site.machine import HAZARD, PENALTY, SITE_VISIT
from procurement.site.models import Hazard, SiteVisit


def _begin(case: Any, doing: Doing) -> None:
    """Take over what was said, and what the works say of themselves."""
    for name, value in doing.payload.model_dump(mode="json").items():
        setattr(case, name, value)
    works = Works.objects.get(number=case.works_number)
    case.project_number, case.region = works.project_number, works.region
    case.works_name = works.name
    for column in ("owner_uscc", "contractor_uscc", "supervision_uscc"):
        setattr(case, column, getattr(works, column))


@SITE_VISIT.effect("record")
def _record(case: SiteVisit, doing: Doing) -> list[DomainEvent]:
    _begin(case, doing)
    case.visitor_uscc = doing.actor.uscc
    case.visited_on = clock.legal_date(doing.at)
    return []


@HAZARD.effect("find")
def _find(case: Hazard, doing: Doing) -> list[DomainEvent]:
    _begin(case, doing)
    case.found_by, case.found_as = doing.actor.uscc, doing.actor.role
    case.finder_id = doing.actor.person_id or None
    case.found_on = clock.legal_date(doing.at)
    return []


@HAZARD.effect("grade")
def _grade(case: Hazard, doing: Doing) -> list[DomainEvent]:
    """The criterion gives the grade; the notice has its number, and credit hears of it."""
    row = criteria.criterion(doing.payload.criterion, doing.at, case.region)
    assert row is not None
    case.criterion, case.grade, case.article = row.key, str(row["grade"]), row.article
    case.opinion = doing.payload.opinion
    case.graded_by_id, case.graded_as = doing.actor.organisation_id, doing.actor.role
    serial = next_number(f"hazard:{case.works_number}")
    case.notice_number = f"{case.works_number}-ZG{serial:03d}"
    station = doing.actor.organisation_name if case.graded_as == "station_officer" else ""
    told = _told(case)
    return [HazardConfirmed(**told, authority=station, self_reported=case.self_reported)]


def _told(case: Hazard) -> dict[str, Any]:
    return {
        "hazard_id": case.pk,
        "works_number": case.works_number,
        "project_number": case.project_number,
        "contractor_uscc": case.contractor_uscc,
        "grade": case.grade,
        "article": case.article,
        "document_number": case.notice_number,
        "found_on": case.found_on,
    }


@HAZARD.effect("assign")
def _assign(case: Hazard, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump().items():
        setattr(case, name, value)
    case.rectify_due_at = clock.end_of(doing.payload.rectify_by_on)
    return []


@HAZARD.effect("rectify")
def _rectify(case: Hazard, doing: Doing) -> list[DomainEvent]:
    plain = doing.payload.model_dump(mode="json")
    case.rectified_photos, case.result = plain["rectified_photos"], plain["result"]
    case.rechecked_on = None
    return []


@HAZARD.effect("recheck")
def _recheck(case: Hazard, doing: Doing) -> list[DomainEvent]:
    case.rechecked_on = clock.legal_date(doing.at)
    case.conclusion = doing.payload.conclusion
    return []


@HAZARD.effect("shorten")
@HAZARD.effect("send_back")
def _send_back(case: Hazard, doing: Doing) -> list[DomainEvent]:
    case.rectify_by_on = doing.payload.rectify_by_on
    case.rectify_due_at = clock.end_of(doing.payload.rectify_by_on)
    return []


@HAZARD.effect("penalise")
def _penalise(case: Hazard, doing: Doing) -> list[DomainEvent]:
    case.decision_number = doing.payload.decision_number
    case.fine_fen = doing.payload.fine_fen
    told = _told(case) | {"article": PENALTY, "document_number": case.decision_number}
    return [
        HazardPenalised(
            **told,
            decided_by=doing.actor.organisation_name,
            decided_on=clock.legal_date(doing.at),
            fine_fen=case.fine_fen,
        )
    ]


@HAZARD.effect("close")
def _close(case: Hazard, _doing: Doing) -> list[DomainEvent]:
    return [HazardClosed(**_told(case))]
