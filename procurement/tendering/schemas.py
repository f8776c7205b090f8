"""What the acts on a lot bring along. Pure: no ORM, no clock. Money in fen, instants aware."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from kernel.workflow import texts
from kernel.workflow.machines import Payload
from procurement.projects.schemas import Code, Fen, Line, Sha256, Uscc


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return value


# An instant; without its offset from UTC nobody knows when it is.
Moment = Annotated[datetime, AfterValidator(_aware)]
Text = Annotated[str, Field(max_length=4000, json_schema_extra={"pattern": texts.PATTERN})]
Days = Annotated[int, Field(ge=0, le=3650)]
Points = Annotated[int, Field(ge=0, le=100)]
Size = Annotated[int, Field(ge=0, le=100_000_000)]
# How large works are, in the measures that limits of qualifications speak of; nought: not stated.
SIZES = ("building_height_m", "structure_height_m", "area_m2", "span_m", "length_m")
# A positive decimal as people write it, at most three places: percent and marks per percent.
Number = Annotated[str, Field(pattern=r"^(\d{1,3}(\.\d{1,3})?)?$")]


class TenderFile(Payload):
    """A file of the tender documents. kind: a code of ``tender_file``; named by its hash."""

    kind: Code
    name: Line
    file_sha256: Sha256 = ""


class Criterion(Payload):
    """One thing that members score. part: technical or commercial; points: its full marks."""

    part: Code
    name: Line
    points: Points = 0


class ScoredAward(Payload):
    """Awards or achievements that give points. scope: a code of ``award_scope``."""

    name: Line
    scope: Code
    points: Points = 0


class LotPayload(Payload):
    """A lot and its tender documents. Everything may still be missing while it is a draft.

    plan: the key of an announced tender plan, if one named the lot. kind, method, standard_text,
    evaluation_method: codes of their lists. override_number: the paper by which another method
    than the law's was allowed. minimum_price_fen: must stay 0, the law forbids one. points of
    price, technical, commercial and credit add up to the full marks, and criteria to those of
    their part; factors: percentages of
    which one is drawn at the opening; slope_above, slope_below: marks lost per percent above and
    below the benchmark. invited: credit codes, for an invited tender. retender_of: the number of
    the failed lot.
    """

    project_number: Annotated[str, Field(max_length=20)] = ""
    plan: Annotated[int, Field(ge=0)] = 0
    name: Line = ""
    kind: Code = ""
    epc: bool = False
    method: Code = ""
    override_number: Line = ""
    override_sha256: Sha256 = ""
    invited: Annotated[tuple[Uscc, ...], Field(max_length=50)] = ()
    agency_uscc: Uscc = ""
    agency_engagement: Line = ""
    retender_of: Annotated[str, Field(max_length=24)] = ""
    scope: Text = ""
    estimate_fen: Fen = 0
    ceiling_price_fen: Fen = 0
    minimum_price_fen: Fen = 0
    bill_sha256: Sha256 = ""
    period_days: Days = 0
    quality: Line = ""
    qualification_trade: Code = ""
    qualification_grade: Code = ""
    qualification_text: Text = ""
    building_height_m: Size = 0
    structure_height_m: Size = 0
    area_m2: Size = 0
    span_m: Size = 0
    length_m: Size = 0
    sale_ends_at: Moment | None = None
    bid_deadline_at: Moment | None = None
    bid_validity_days: Days = 0
    security_fen: Fen = 0
    accepts_guarantee: bool = False
    evaluation_method: Code = ""
    price_points: Points = 0
    technical_points: Points = 0
    commercial_points: Points = 0
    credit_points: Points = 0
    factors: Annotated[tuple[Number, ...], Field(max_length=20)] = ()
    slope_above: Number = ""
    slope_below: Number = ""
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=30)] = ()
    scored_awards: Annotated[tuple[ScoredAward, ...], Field(max_length=20)] = ()
    evaluation_text: Text = ""
    contract_text: Text = ""
    publicity_days: Days = 0
    standard_text: Code = ""
    documents: Annotated[tuple[TenderFile, ...], Field(max_length=40)] = ()
    contact: Line = ""


class ClarifyPayload(Payload):
    """An addendum to the documents for all. bid_deadline_at: the new deadline, if it moves."""

    text: Text = ""
    affects_bids: bool = True
    documents: Annotated[tuple[TenderFile, ...], Field(max_length=20)] = ()
    bid_deadline_at: Moment | None = None


class ClosingPayload(Payload):
    """What the closing list says: how many live bids, and the list's hash."""

    live_bids: Annotated[int, Field(ge=0)]
    closing_list_sha256: Sha256 = ""


class FailPayload(Payload):
    """Why a lot failed: too few bids, or all rejected by the committee."""

    live_bids: Annotated[int, Field(ge=0)] = 0
    closing_list_sha256: Sha256 = ""
    reason: Text = ""


class ReasonPayload(Payload):
    """Why something is stopped, resumed or ended."""

    reason: Annotated[str, Field(max_length=2000)] = ""


class RetenderPayload(Payload):
    """Why a lot is put out again. approval: needed to change the method after two failures."""

    reason: Annotated[str, Field(max_length=2000)] = ""
    approval_number: Line = ""


class ReportReceivedPayload(Payload):
    """A committee's report was handed over. reported_at starts the time for publicity."""

    evaluation_id: int
    reported_at: Moment


class PublicisePayload(Payload):
    """Publicity of the candidates. late_reason: why it starts later than the law has it."""

    objection_channel: Line = ""
    late_reason: Text = ""


class NextCandidatePayload(Payload):
    """Why the candidate at hand falls out: a code of ``next_candidate_cause``, and the facts.

    file_sha256: what proves it (a written renunciation, a decision of an authority).
    """

    cause: Code = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
    file_sha256: Sha256 = ""


class ContractPayload(Payload):
    """The contract that followed the award."""

    contract_number: Line
