"""The API of closing and opening: trustees, bidders, the procuring entity (docs/sealed-bids.md)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from kernel import clock
from kernel.api.acts import key_of
from kernel.api.tokens import TokenAuth
from kernel.sealing.bids.policy import MAX_BID
from kernel.web import door
from kernel.workflow import throttle
from procurement.bids import answers, correcting, opening, schemas
from procurement.bids.api import BODY, REFUSED, SignatureIn, SignatureOut, asking

router = Router(tags=["sealed bids"], auth=TokenAuth())
door.widen("PUT", r"/api/v1/lots/[^/]+/closing/bids/[^/]+", MAX_BID)
door.widen("POST", r"/api/v1/lots/[^/]+/closing/(marks|shares|cured-marks)", 4 * 1024 * 1024)


class TokenOut(Schema):
    """A time-stamp (RFC 3161, DER in base64) and the authority's name."""

    authority: str
    token: str


class ListedOut(Schema):
    """A bid on the closing list with its proof in the list's tree."""

    bidder: str
    manifest: str
    p7s: str
    receipt: str
    receipt_p7s: str
    proof: tuple[str, ...]


class NonceOut(Schema):
    """A revealed nonce."""

    uscc: str
    nonce: str


class MomentOut(Schema):
    """A moment from which a time of the opening runs, under the operator's signature."""

    moment: str
    p7s: str


class MarksOut(Schema):
    """A trustee's marks."""

    uscc: str
    marks: str
    p7s: str


class CureOut(Schema):
    """A bidder's cure of an envelope."""

    uscc: str
    cure: str
    p7s: str


class CuredMarksOut(Schema):
    """A trustee's marks of cures."""

    uscc: str
    cured_marks: str
    p7s: str


class ProtestOut(Schema):
    """A founded protest."""

    uscc: str
    protest: str
    p7s: str


class ReplacedOut(Schema):
    """A list that was corrected."""

    listed: str = Field(alias="list")
    p7s: str


class LogOut(Schema):
    """An entry of the log with its proof, as receipts carry it."""

    log: str
    index: int
    size: int
    root: str
    leaf: str
    salt: str
    entry: str
    proof: tuple[str, ...]


class EarlierOut(Schema):
    """The stage before: its signed list and result; proof: of the result's entry in this list."""

    listed: str = Field(alias="list")
    p7s: str
    signatures: tuple[SignatureOut, ...]
    result: str
    result_p7s: str
    log: LogOut
    proof: tuple[str, ...]


class ClosingOut(Schema):
    """The closing list of the newest stage and everything said of it so far."""

    state: str
    over: bool = Field(description="Whether no share of the lot is asked for any more")
    listed: str = Field(alias="list", description="The closing list's exact text")
    p7s: str
    signatures: tuple[SignatureOut, ...]
    bids: tuple[ListedOut, ...]
    sealed_shares: dict[str, dict[str, str]]
    nonces: tuple[NonceOut, ...]
    draw: str | None
    moments: tuple[MomentOut, ...]
    timestamp: TokenOut | None
    marks: tuple[MarksOut, ...]
    cures: tuple[CureOut, ...]
    cured_marks: tuple[CuredMarksOut, ...]
    protests: tuple[ProtestOut, ...]
    replaced: tuple[ReplacedOut, ...]
    earlier: EarlierOut | None
    chain: str
    crls: tuple[str, ...]
    anchors: str
    demonstration: bool
    time: str


class NonceIn(Schema):
    """The nonce that the party committed to."""

    nonce: schemas.Digest


class MarksIn(Schema):
    """Marks under the trustee's signature."""

    marks: schemas.Signed
    p7s: schemas.P7s


class ReleaseIn(Schema):
    """Shares under the trustee's signature."""

    release: schemas.Signed
    p7s: schemas.P7s


class CureIn(Schema):
    """Fresh shares of an envelope under the bidder's signature."""

    cure: schemas.Signed
    p7s: schemas.P7s


class CuredMarksIn(Schema):
    """Marks of cures under the trustee's signature."""

    cured_marks: schemas.Signed
    p7s: schemas.P7s


class ProtestIn(Schema):
    """A receipt-holder's protest under its signature."""

    protest: schemas.Signed
    p7s: schemas.P7s


class ResultIn(Schema):
    """The result of a stage under the procuring entity's signature."""

    result: schemas.Signed
    p7s: schemas.P7s


class StateOut(Schema):
    """How far the opening is."""

    state: str


class RecordOut(Schema):
    """The opening record, signed by the platform; draw empty where nothing was drawn."""

    record: str
    p7s: str
    draw: str


@router.get(
    "/{lot}/closing", response={200: ClosingOut, **REFUSED}, url_name="lot-closing", by_alias=True
)
def closed(request: HttpRequest, lot: str) -> Any:
    """The closing list, and what has been said of it."""
    return answers.closed(lot, asking(request, lot))


def _say(request: HttpRequest, lot: str, act: str, data: Schema) -> dict[str, str]:
    actor, key = asking(request, lot), key_of(request)
    with throttle.refusals(actor):
        receipt = opening.act(
            lot, act, actor=actor, payload=data.model_dump(), key=key, at=clock.now()
        )
    return {"state": opening.state_of(receipt.case_pk)}


@router.post("/{lot}/closing/signature", response={200: StateOut, **REFUSED}, url_name="lot-list")
def countersign(request: HttpRequest, lot: str, data: SignatureIn) -> Any:
    """Sign the closing list."""
    return _say(request, lot, "countersign", data)


@router.post("/{lot}/closing/nonce", response={200: StateOut, **REFUSED}, url_name="lot-nonce")
def reveal(request: HttpRequest, lot: str, data: NonceIn) -> Any:
    """Reveal a nonce."""
    return _say(request, lot, "reveal", data)


@router.post("/{lot}/closing/marks", response={200: StateOut, **REFUSED}, url_name="lot-marks")
def mark(request: HttpRequest, lot: str, data: MarksIn) -> Any:
    """Say which shares open."""
    return _say(request, lot, "mark", data)


@router.post("/{lot}/closing/shares", response={200: StateOut, **REFUSED}, url_name="lot-shares")
def release(request: HttpRequest, lot: str, data: ReleaseIn) -> Any:
    """Release shares to the opening's session."""
    return _say(request, lot, "release", data)


@router.post("/{lot}/closing/cures", response={200: StateOut, **REFUSED}, url_name="lot-cure")
def cure(request: HttpRequest, lot: str, data: CureIn) -> Any:
    """Deal the committed key of an envelope anew."""
    return _say(request, lot, "cure", data)


@router.post(
    "/{lot}/closing/cured-marks", response={200: StateOut, **REFUSED}, url_name="lot-cured-marks"
)
def mark_cured(request: HttpRequest, lot: str, data: CuredMarksIn) -> Any:
    """Say which shares of cures open."""
    return _say(request, lot, "mark_cured", data)


@router.post("/{lot}/closing/protest", response={200: StateOut, **REFUSED}, url_name="lot-protest")
def protest(request: HttpRequest, lot: str, data: ProtestIn) -> Any:
    """Protest against a closing list by a receipt."""
    return _say(request, lot, "protest", data)


@router.post("/{lot}/closing/result", response={200: StateOut, **REFUSED}, url_name="lot-result")
def result(request: HttpRequest, lot: str, data: ResultIn) -> Any:
    """Say which bids passed a stage."""
    return _say(request, lot, "conclude", data)


@router.put(
    "/{lot}/closing/bids/{manifest}",
    response={200: StateOut, **REFUSED},
    url_name="lot-give-again",
    openapi_extra=BODY,
)
def give_again(request: HttpRequest, lot: str, manifest: schemas.Digest) -> Any:
    """Give the file of a receipted bid again, hash for hash, within the decrypt window."""
    actor = asking(request, lot)
    with throttle.refusals(actor):
        case = correcting.give_again(
            lot, manifest, actor=actor, read=request.read, at=clock.now()
        )  # fmt: skip
    return {"state": opening.state_of(case.pk)}


@router.get("/{lot}/opening", response={200: RecordOut, **REFUSED}, url_name="lot-opening")
def record(request: HttpRequest, lot: str) -> Any:
    """The opening record."""
    asking(request, lot)
    return answers.record(lot)
