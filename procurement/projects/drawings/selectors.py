"""Reads of drawing reviews, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from kernel.access.actors import Actor
from kernel.documents import scans
from procurement.projects import citing, naming
from procurement.projects.drawings.machine import DRAWING_REVIEW, GOOD
from procurement.projects.drawings.models import DrawingReview
from procurement.projects.drawings.rules import DrawingFacts
from procurement.projects.drawings.schemas import RefilePayload
from procurement.projects.machine import REGISTERED
from procurement.projects.models import Project
from procurement.projects.schemas import Paper

# Role in the project's record of parties -> column here.
_PARTIES = {"survey_firm": "survey_uscc", "design_firm": "design_uscc"}
_PAPERS = TypeAdapter(tuple[Paper, ...])


@DRAWING_REVIEW.facts
def facts(case: Any, at: datetime, payload: Any = None, actor: Actor | None = None) -> DrawingFacts:
    """What the guards look at: of what is being filed, else of what the case holds."""
    filed = payload if hasattr(payload, "project_number") else case
    documents = getattr(payload, "documents", None)
    if documents is None and case.pk:
        documents = _PAPERS.validate_python(case.documents)
    opening = case.pk is None and actor is not None
    values = citing.values("values.drawings", at, case.region)
    # That the project's record says who builds, is cited as at the permit.
    parties = citing.articles("values.permit", at, case.region)["cite.parties"]
    articles = {
        **citing.articles("values.drawings", at, case.region), "cite.parties": parties,
    }  # fmt: skip
    return DrawingFacts(
        project_number=filed.project_number,
        name=filed.name,
        project_registered=_registered(filed.project_number, actor) if opening else True,
        scale=filed.scale,
        scale_listed=filed.scale in citing.codes("drawing_scale", at),
        reviewer_uscc=filed.reviewer_uscc,
        reviewer_known=not opening or naming.has_role(filed.reviewer_uscc, "drawing_reviewer"),
        documents=documents,
        required={
            kind: (citing.named("drawing_paper", kind, at), articles[key])
            for key, value in values.items()
            if (kind := key.partition("paper.")[2]) and value == "required"
        },
        kinds=citing.codes("drawing_paper", at),
        missing_scans=scans.missing(
            actor.organisation_id, (paper.file_sha256 for paper in documents or ())
        )
        if actor is not None and payload is not None
        else frozenset(),
        articles=articles,
        off_record=_off_record(_parties(case, payload))
        if opening or isinstance(payload, RefilePayload)
        else {},
    )


def _parties(case: Any, payload: Any) -> dict[str, str]:
    """The project, and who surveys and designs, as is being filed; else as the case holds."""
    names = ("project_number", *_PARTIES.values())
    return {name: getattr(payload, name, "") or getattr(case, name) for name in names}


def _off_record(filed: Mapping[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Firms that a filing names and the project's record does not, with those that it has."""
    project = Project.objects.filter(number=filed["project_number"]).exclude(number="").first()
    if project is None:
        return {}
    known = naming.names(filed[column] for column in _PARTIES.values())
    found = {}
    for role, column in _PARTIES.items():
        named = filed[column]
        record = [one for one in project.parties if one["role"] == role]
        if named and named not in [one["uscc"] for one in record]:
            whole = f"{known.get(named, '')} {named}".strip()
            found[column] = (whole, tuple(f"{one['name']} {one['uscc']}" for one in record))
    return found


def _registered(number: str, actor: Actor | None) -> bool:
    found = Project.objects.filter(number=number, state=REGISTERED).exclude(number="")
    return actor is not None and found.filter(owner__uscc=actor.uscc).exists()


def drawings_passed(project_number: str) -> bool:
    """Whether some drawings of a project passed their review."""
    return DrawingReview.objects.filter(project_number=project_number, state__in=GOOD).exists()


def certificates(project_number: str) -> list[str]:
    """Numbers of the review certificates of a project, oldest first."""
    found = DrawingReview.objects.filter(project_number=project_number, state__in=GOOD)
    return list(found.order_by("passed_on", "pk").values_list("certificate_number", flat=True))
