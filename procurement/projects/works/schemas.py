"""What the acts on works bring along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Day, Fen, Line, Paper, Sha256, Uscc, Years, long_text

Papers = Annotated[tuple[Paper, ...], Field(max_length=30)]
Reason = Annotated[str, long_text()]


class OpenPayload(Payload):
    """What the signed contract says of the works. Money in fen, the period in calendar days."""

    contract_id: int
    contract_number: Code
    project_number: Code
    name: Line
    region: Code
    owner_uscc: Uscc
    contractor_uscc: Uscc
    supervision_uscc: Uscc = ""
    price_fen: Fen
    period_days: int
    project_manager: Line = ""


class DangerousWork(Payload):
    """A dangerous part of the works. kind: of ``dangerous_work``; over_scale: experts review it."""

    kind: Code
    part: Line = ""
    measures: Line = ""
    over_scale: bool = False
    plan_sha256: Sha256 = ""


class Leader(Payload):
    """Who leads the works for one of the five parties. role: of ``project_leader``.

    authorisation_number: of the letter by which the party's legal representative appoints; the
    commitment is the leader's own, to answer for quality for life.
    """

    role: Code
    name: Line = ""
    authorisation_number: Line = ""
    commitment_number: Line = ""
    signed_on: Day | None = None
    file_sha256: Sha256 = ""


class ApplyPayload(Payload):
    """The application for a construction permit."""

    trade: Code = ""
    size: Line = ""
    survey_uscc: Uscc = ""
    design_uscc: Uscc = ""
    supervision_uscc: Uscc = ""
    papers: Papers = ()
    leaders: Annotated[tuple[Leader, ...], Field(max_length=10)] = ()
    dangerous: Annotated[tuple[DangerousWork, ...], Field(max_length=30)] = ()
    no_dangerous: bool = False


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class SuspendPayload(Payload):
    """When and why work stopped."""

    suspended_on: Day | None = None
    reason: Reason = ""


class NoticePayload(Payload):
    """When the acceptance is to be."""

    planned_on: Day | None = None


class CompletionPayload(Payload):
    """What shows that the works are complete, and how long the contractor answers for them.

    Periods of the warranty in years, of heating and cooling in seasons; None where the works have
    no such part.
    """

    completion_papers: Papers = ()
    design_life_years: Years | None = None
    warranty_structure_years: Years | None = None
    warranty_waterproofing_years: Years | None = None
    warranty_heating_seasons: Years | None = None
    warranty_services_years: Years | None = None


class StationReportPayload(Payload):
    """What the station found of the acceptance. breach: it broke the rules."""

    conclusion: Reason = ""
    breach: bool = False
    report_sha256: Sha256 = ""


class ArchivePayload(Payload):
    """The archive's receipt."""

    archive_receipt: Line = ""


class PartyPayload(Payload):
    """Who stands in a column of the works from now on."""

    column: Code
    uscc: Uscc


class FiledPayload(Payload):
    """Which filing made the works filed."""

    filing_id: int
