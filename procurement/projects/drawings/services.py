"""Writes of drawing reviews: what each act changes besides the state."""

from __future__ import annotations

from kernel import clock
from kernel.events.procurement_drawings import DrawingsPassed
from kernel.events.registry import DomainEvent
from kernel.identifiers import project_number
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.projects.drawings.machine import DRAWING_REVIEW
from procurement.projects.drawings.models import DrawingReview
from procurement.projects.models import Project


@DRAWING_REVIEW.effect("file")
def _file(case: DrawingReview, doing: Doing) -> list[DomainEvent]:
    plain = doing.payload.model_dump(mode="json")
    for name, value in plain.items():
        setattr(case, name, value)
    case.owner_uscc = doing.actor.uscc
    case.region = Project.objects.values_list("region", flat=True).get(number=case.project_number)
    return []


@DRAWING_REVIEW.effect("refile")
def _refile(case: DrawingReview, doing: Doing) -> list[DomainEvent]:
    case.documents = doing.payload.model_dump(mode="json")["documents"]
    case.survey_uscc = doing.payload.survey_uscc or case.survey_uscc
    case.design_uscc = doing.payload.design_uscc or case.design_uscc
    return []


@DRAWING_REVIEW.effect("return")
def _return(case: DrawingReview, doing: Doing) -> list[DomainEvent]:
    case.opinions = list(doing.payload.opinions)
    return []


@DRAWING_REVIEW.effect("pass")
def _pass(case: DrawingReview, doing: Doing) -> list[DomainEvent]:
    """Give the certificate its number; what it says is drafted for the reviewer's signature."""
    serial = next_number(f"drawings:{case.project_number}")
    case.certificate_number = project_number.related(case.project_number, "TX", serial)
    case.conclusion = doing.payload.conclusion
    case.reviewed_by_id = doing.actor.organisation_id
    case.passed_on = clock.legal_date(doing.at)
    return [DrawingsPassed(case.pk, case.project_number, case.certificate_number)]
