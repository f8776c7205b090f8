"""What visits to a site and acts on hazards bring along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Day, Fen, Line, Sha256, long_text

Text = Annotated[str, long_text()]


class Photo(Payload):
    """A picture by its content hash, and what it shows."""

    file_sha256: Sha256 = ""
    note: Line = ""


Photos = Annotated[tuple[Photo, ...], Field(max_length=12)]


class VisitPayload(Payload):
    """A visit to a site: what was looked at and what was found. areas: of ``inspection_area``."""

    photos: Photos = ()
    works_number: Code = ""
    areas: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    findings: Text = ""


class FindPayload(Payload):
    """A hazard as it is found, the photograph first. visit_id: of the visit that found it."""

    photos: Photos = ()
    works_number: Code = ""
    area: Code = ""
    place: Line = ""
    description: Text = ""
    visit_id: int | None = None


class GradePayload(Payload):
    """Which criterion a hazard meets; the criterion has its grade."""

    criterion: Code = ""
    opinion: Text = ""


class AssignPayload(Payload):
    """Person, measure, money, time, plan: all five, or it is not assigned."""

    responsible: Line = ""
    measure: Text = ""
    money_fen: Fen | None = None
    rectify_by_on: Day | None = None
    plan: Text = ""


class RectifyPayload(Payload):
    """What was done about it."""

    rectified_photos: Photos = ()
    result: Text = ""


class RecheckPayload(Payload):
    """What the re-check found."""

    conclusion: Text = ""


class ReasonPayload(Payload):
    """Why."""

    reason: Text = ""


class SendBackPayload(Payload):
    """Why a repair is not good enough, and until when it has to be."""

    reason: Text = ""
    rectify_by_on: Day | None = None


class PenaltyPayload(Payload):
    """A penalty: the decision's number and the fine in fen."""

    decision_number: Line = ""
    fine_fen: Fen = 0
    reason: Text = ""
