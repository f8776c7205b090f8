"""What the acts on an evaluation bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from kernel.workflow import texts
from kernel.workflow.machines import Payload
from procurement.tendering.schemas import Moment


def _text(longest: int) -> Any:
    return Field(max_length=longest, json_schema_extra={"pattern": texts.PATTERN})


Code = Annotated[str, _text(40)]
Words = Annotated[str, _text(2000)]
Key = Annotated[int, Field(gt=0, lt=2**53)]
STAGES = ("form", "qualification", "response")


class OpenPayload(Payload):
    """A committee for a lot. experts: drawn from the bank; representatives: keys of the owner's
    persons who sit on it; hours: how long the review may take, 0 where that is left open.
    late_reason: why it was not formed before the opening, where it was not."""

    lot_number: Code
    experts: Annotated[int, Field(ge=0, le=99)]
    representatives: Annotated[tuple[Key, ...], Field(max_length=9)] = ()
    hours: Annotated[int, Field(ge=0, le=999)] = 0
    late_reason: Words = ""


class DrawPayload(Payload):
    """The procuring entity's share of the seed: any text that nobody could foresee."""

    nonce: Annotated[str, _text(200)]


class LateDrawPayload(Payload):
    """The supervising authority's decision. document: its number; reason: why it was too late."""

    document: Code
    reason: Words


class CheckInPayload(Payload):
    """Who checks in declares that nothing stands between them and any bidder."""

    no_conflict: bool = False


class DeclarePayload(Payload):
    """An expert steps back. cause: a code of the list ``expert_absence``."""

    cause: Code
    statement: Words


class ElectPayload(Payload):
    """Whom the members chose to lead; the number of a seat."""

    leader: Annotated[int, Field(ge=1, le=999)]


class Finding(Payload):
    """What a member found at one step. ground: a code of ``bid_rejection`` where the bid fails."""

    stage: Literal["form", "qualification", "response"]
    passed: bool
    ground: Code = ""
    evidence: Words = ""


class VotePayload(Payload):
    """A member's preliminary review of one bid, all three steps."""

    bid_id: Key
    findings: Annotated[tuple[Finding, ...], Field(max_length=9)]


class PointedOut(Payload):
    """What clearing found about a bid: the parts of a refusal, as advice."""

    bid_id: Key
    code: Annotated[str, Field(max_length=100)]
    facts: dict[str, Any]
    article: Annotated[str, Field(max_length=300)] = ""
    field: Annotated[str, Field(max_length=200)] = ""


class ClearPayload(Payload):
    """All that clearing found."""

    findings: tuple[PointedOut, ...] = ()


class ClarifyPayload(Payload):
    """A written question to one bidder, to be answered by an instant."""

    bid_id: Key
    question: Words
    reply_by: Moment


class RecallPayload(Payload):
    """A question that needs no answer any more, and why."""

    clarification: Key
    reason: Words = ""


class ReplyPayload(Payload):
    """The bidder's written answer; it changes nothing of the bid's substance."""

    clarification: Key
    answer: Words


class Mark(Payload):
    """Points for one criterion, at most two decimals."""

    criterion: Code
    points: Annotated[Decimal, Field(ge=0, le=1000, max_digits=8)]


class ScorePayload(Payload):
    """A member's points for one bid, all criteria.

    deviation_reason: why it is so far from what the others gave.
    """

    bid_id: Key
    marks: Annotated[tuple[Mark, ...], Field(max_length=60)]
    deviation_reason: Words = ""


class DissentPayload(Payload):
    """A member's own opinion, which the report states."""

    opinion: Words


class RefusalPayload(Payload):
    """A member who will not sign the report; the number of a seat."""

    seat: Annotated[int, Field(ge=1, le=999)]


class ReplacePayload(Payload):
    """Why a member is replaced: seat, a code of ``expert_absence``, and the facts."""

    seat: Annotated[int, Field(ge=1, le=999)]
    cause: Code
    statement: Words


class ExtendPayload(Payload):
    """Until when the review may take."""

    until: Moment


class ReasonPayload(Payload):
    """Why."""

    reason: Words = ""
