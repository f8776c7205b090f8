"""What the acts on policies, bids and openings bring along. Pure: no ORM, no clock.

Signed texts travel as the exact text that was signed; signatures in base64.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kernel.workflow import texts
from kernel.workflow.machines import Payload
from procurement.projects.schemas import Line, Sha256, Uscc

_SIGNED = Field(max_length=4 * 1024 * 1024, json_schema_extra={"pattern": texts.PATTERN})
Signed = Annotated[str, _SIGNED]
P7s = Annotated[str, Field(max_length=350_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
Number = Annotated[
    str, Field(max_length=80, min_length=1, json_schema_extra={"pattern": texts.PATTERN})
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[str, Field(max_length=2000, json_schema_extra={"pattern": texts.PATTERN})]


class TrusteeLine(Payload):
    """A holder of an opening key. body: who controls it in the end, empty where nobody does."""

    uscc: Uscc
    body: Uscc = ""


class DrawLine(Payload):
    """Something to be drawn at the opening: its name and its choices, separated by commas."""

    name: Annotated[str, Field(max_length=80, min_length=1, pattern=texts.PATTERN)]
    choices: Annotated[str, Field(max_length=2000, min_length=1, pattern=texts.PATTERN)]


class PolicyPayload(Payload):
    """An opening policy as it is drawn up; keys and commitments are announced afterwards.

    threshold: keys that open. decrypt_window_minutes: from the closing. stages: a preset of
    :mod:`procurement.bids.presets`. padding_minimum: bytes an
    envelope has at least. maximum_size: bytes a bid has at most.
    """

    lot_number: Number
    trustees: Annotated[tuple[TrusteeLine, ...], Field(min_length=1, max_length=16)]
    supervisor: Uscc
    threshold: Annotated[int, Field(ge=1, le=16)] = 2
    decrypt_window_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    draws: Annotated[tuple[DrawLine, ...], Field(max_length=16)] = ()
    stages: Literal["one_stage", "two_envelopes"] = "one_stage"
    padding_minimum: Annotated[int, Field(ge=1024, le=2**30)] = 2**20
    maximum_size: Annotated[int, Field(ge=4096, le=2**32 - 2**24)] = 2**31


class AnnouncePayload(Payload):
    """A party's key and commitment (``zhuxin-opening-key/1``) under its signature."""

    announcement: Signed
    p7s: P7s


class RehearsePayload(Payload):
    """The answer to the challenge (``zhuxin-rehearsal-answer/1``) under the trustee's signature."""

    answer: Signed
    p7s: P7s


class SignaturePayload(Payload):
    """A signature over the text that waits for it."""

    p7s: P7s


class UploadPayload(Payload):
    """A version of a bid that was uploaded and checked, by the number of its upload."""

    upload: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    lot_number: Number
    manifest_sha256: Digest


class WithdrawPayload(Payload):
    """A bidder's signed statement (``zhuxin-bid-withdrawal/1``)."""

    statement: Signed
    p7s: P7s


class NoncePayload(Payload):
    """The nonce that the party committed to, in hex."""

    nonce: Digest


class MarksPayload(Payload):
    """A trustee's marks (``zhuxin-share-marks/1``) under its signature."""

    marks: Signed
    p7s: P7s


class ReleasePayload(Payload):
    """A trustee's shares (``zhuxin-share-release/1``) under its signature."""

    release: Signed
    p7s: P7s


class CurePayload(Payload):
    """Fresh shares of an envelope (``zhuxin-share-cure/1``) under the bidder's signature."""

    cure: Signed
    p7s: P7s


class CuredMarksPayload(Payload):
    """A trustee's marks for cures (``zhuxin-cured-marks/1``) under its signature."""

    cured_marks: Signed
    p7s: P7s


class ProtestPayload(Payload):
    """A receipt-holder's protest (``zhuxin-protest/1`` or ``/2``) under its signature."""

    protest: Signed
    p7s: P7s


class ResultPayload(Payload):
    """Which bids passed a stage (``zhuxin-stage-result/1``), signed by the procuring entity."""

    result: Signed
    p7s: P7s


class ReasonPayload(Payload):
    """Why."""

    reason: Reason = ""


class ListPayload(Payload):
    """The closing list as the platform made and signed it; before: opening of the stage before."""

    lot_number: Number
    policy_id: int
    text: Signed
    p7s: P7s
    session: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    before: int = 0


class DrawPayload(Payload):
    """The draw's text; empty where the policy draws nothing."""

    text: Signed = ""


class BrokenShare(Payload):
    """A share that its trustee (USCC) had found good and did not give. sent: another was sent."""

    trustee: str
    manifest_sha256: Digest
    envelope: str
    sent: bool


class RecordPayload(Payload):
    """The opening record under the platform's signature, the bids that opened, broken shares."""

    text: Signed
    p7s: P7s
    bid_ids: tuple[int, ...] = ()
    broken: tuple[BrokenShare, ...] = ()


class CreditLine(Payload):
    """A credit certificate as it stood at the deadline; value in hundredths of a point.

    value is None where the scheme gives the bidder no score; its points are then counted as nought.
    """

    value: int | None
    day: str
    scheme_sha256: Digest
    certificate_sha256: Digest


class OpenedPayload(Payload):
    """What a bid said when it was opened. Price in fen."""

    bidder_name: Line
    price_fen: Annotated[int, Field(ge=1)]
    period_days: Annotated[int, Field(ge=1)]
    quality: Line
    project_manager: Line
    bid_security: Line = ""
    bill_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    credit: CreditLine | None = None


class OpenedPartPayload(Payload):
    """That a bid's envelopes of an earlier stage are open, and of which stage."""

    stage: Line


class RelistPayload(Payload):
    """The version of a bid that a corrected list names."""

    number: int


class FailedPayload(Payload):
    """Why a bid did not open: the refusal's code."""

    code: Annotated[str, Field(max_length=120)]


class RejectPayload(Payload):
    """Why the committee rejected a bid."""

    reason: Reason


class VoidPayload(Payload):
    """An authority's decision that a bid is void.

    ground: what was found, as 招标投标法 art. 53 and 54 name it. document_number, file_sha256: of
    the decision and of its scan, which the authority uploaded.
    """

    ground: Literal["collusion", "bribery", "false_information"]
    document_number: Line
    file_sha256: Sha256
    reason: Reason


class ScorePayload(Payload):
    """A bid's score in hundredths of a point."""

    score: Annotated[int, Field(ge=0, le=10**6)]


class RankPayload(Payload):
    """A bid's place."""

    rank: Annotated[int, Field(ge=1, le=10_000)]
