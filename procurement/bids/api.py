"""The API of sealed bids: what the tools of bidders and trustees ask (docs/sealed-bids.md)."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from kernel import clock
from kernel.access import actors
from kernel.access.actors import Actor
from kernel.api.acts import key_of
from kernel.api.errors import Reason, Refusals, body
from kernel.api.tokens import TokenAuth
from kernel.errors import NotFound
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import MAX_BID
from kernel.web import door
from kernel.workflow import texts, throttle
from procurement.bids import answers, bidding, gathering, opening, policies, receiving, schemas
from procurement.bids.models import PolicyParty
from procurement.bids.receipts import STATUSES, BidRefused

router = Router(tags=["sealed bids"], auth=TokenAuth())
REFUSED: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), Refusals)
_LONGEST_LOT = 80
# A bid is streamed to the disk; marks and shares of a thousand bids take some megabytes.
door.widen("PUT", r"/api/v1/lots/[^/]+/bids", MAX_BID)
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class SignatureOut(Schema):
    """A detached CMS signature in base64 and whose it is."""

    uscc: str
    p7s: str


class PolicyProofOut(Schema):
    """What a policy's time-stamp is over (``zhuxin-policy-proof/1``), and the token in base64."""

    text: str
    token: str


class SignedPolicyOut(Schema):
    """A policy's text, its signatures, and what proves by when they were there, if anything."""

    policy: str
    signatures: tuple[SignatureOut, ...]
    proof: PolicyProofOut | None = None


class PolicyOut(SignedPolicyOut):
    """The policy in force, what was in force before, and whom the server believes.

    asks: what the notice asks beyond it; ``ceiling_fen``, ``security_fen`` (0: none), ``bill``.
    """

    previous: tuple[SignedPolicyOut, ...]
    asks: dict[str, int | bool]
    chain: str
    crls: tuple[str, ...]
    anchors: str
    demonstration: bool
    time: str


class TimeOut(Schema):
    """The server's legal time."""

    time: str


class ChallengeOut(TimeOut):
    """The rehearsal's challenge; stage: the later one that it is repeated for, else empty."""

    challenge: str
    stage: str


class KeyIn(Schema):
    """A key's announcement under the party's signature."""

    announcement: schemas.Signed
    p7s: schemas.P7s


class KeyOut(Schema):
    """The announced key's hash; empty for a party that holds no share."""

    key_sha256: str


class AnswerIn(Schema):
    """A rehearsal's answer under the trustee's signature."""

    answer: schemas.Signed
    p7s: schemas.P7s


class PassedOut(Schema):
    """Whether the rehearsal was passed."""

    passed: bool


class SignatureIn(Schema):
    """A signature over the text that waits for it."""

    p7s: schemas.P7s


class CountOut(Schema):
    """How many have signed, of how many."""

    signed: int
    needed: int


class BidReceiptOut(Schema):
    """A receipt's exact text and the platform's signature over it."""

    receipt: str
    p7s: str


class FailureOut(Schema):
    """A time-stamp authority that was asked in vain, and the code why."""

    authority: str
    code: str


class StampOut(Schema):
    """How far a receipt is: ``waiting``, ``completed``, ``late`` or ``fallen``."""

    state: str
    authority: str = ""
    time: str = ""
    failures: tuple[FailureOut, ...] = ()


class NewestReceiptOut(BidReceiptOut):
    """The newest receipt; a signed refusal where the bid fell after its receipt."""

    stamp: StampOut | None = None
    refusal: str = ""
    refusal_p7s: str = ""


class BidRefusedOut(Schema):
    """Why a bid was not received: for people, and signed by the platform."""

    refusals: list[Reason]
    request_id: str
    refusal: str = Field("", description="The signed refusal's exact text")
    p7s: str = ""


class StatementIn(Schema):
    """A withdrawal under the bidder's signature."""

    statement: schemas.Signed
    p7s: schemas.P7s


def asking(request: HttpRequest, lot: str, *, confirm: bool = True) -> Actor:
    """Who asks, of a lot that may exist."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    if confirm:  # else the act itself does
        actors.confirm(actor, clock.today())
    if len(lot) > _LONGEST_LOT or not lot.isprintable() or not texts.is_fit(lot):
        raise NotFound.because("procurement.bid.lot_unknown", lot=lot[:20])
    return actor


@router.get("/{lot}/time", response={200: TimeOut, **REFUSED}, url_name="lot-time")
def time(request: HttpRequest, lot: str) -> Any:
    """The server's legal time."""
    asking(request, lot)
    return {"time": instant_text(clock.now())}


@router.get("/{lot}/policy", response={200: PolicyOut, **REFUSED}, url_name="lot-policy")
def policy(request: HttpRequest, lot: str) -> Any:
    """The opening policy in force."""
    asking(request, lot)
    return answers.policy(lot)


@router.get("/{lot}/policy/draft", response={200: PolicyOut, **REFUSED}, url_name="lot-draft")
def draft(request: HttpRequest, lot: str) -> Any:
    """The version that waits for signatures."""
    return answers.draft(lot, asking(request, lot))


@router.post("/{lot}/trustee-key", response={201: KeyOut, **REFUSED}, url_name="lot-key")
def trustee_key(request: HttpRequest, lot: str, data: KeyIn) -> Any:
    """Announce an opening key and a commitment."""
    actor, key = asking(request, lot), key_of(request)
    with throttle.refusals(actor):
        receipt = policies.act(
            lot, "announce_key", actor=actor, payload=data.model_dump(), key=key, at=clock.now()
        )
    party = PolicyParty.objects.get(policy_id=receipt.case_pk, uscc=actor.uscc)
    return Status(201, {"key_sha256": party.key_sha256})


@router.get("/{lot}/rehearsal", response={200: ChallengeOut, **REFUSED}, url_name="lot-rehearsal")
def challenge(request: HttpRequest, lot: str) -> Any:
    """The challenge of the rehearsal."""
    return answers.rehearsal(lot, asking(request, lot))


@router.post("/{lot}/rehearsal", response={200: PassedOut, **REFUSED}, url_name="lot-rehearse")
def rehearse(request: HttpRequest, lot: str, data: AnswerIn) -> Any:
    """Answer it."""
    actor, key = asking(request, lot), key_of(request)
    # Before a later stage it is the opening's; the first is part of the policy.
    act = opening.act if gathering.awaits_rehearsal(lot) else policies.act
    with throttle.refusals(actor):
        act(lot, "rehearse", actor=actor, payload=data.model_dump(), key=key, at=clock.now())
    return {"passed": True}


@router.post("/{lot}/policy/signature", response={200: CountOut, **REFUSED}, url_name="lot-sign")
def sign(request: HttpRequest, lot: str, data: SignatureIn) -> Any:
    """Sign the version that waits."""
    actor, key = asking(request, lot), key_of(request)
    with throttle.refusals(actor):
        receipt = policies.act(
            lot, "sign", actor=actor, payload=data.model_dump(), key=key, at=clock.now()
        )
    return policies.count(receipt.case_pk)


@router.put(
    "/{lot}/bids",
    response={
        200: NewestReceiptOut,
        201: BidReceiptOut,
        **REFUSED,
        **dict.fromkeys(STATUSES, BidRefusedOut),
    },
    url_name="lot-bids",
    openapi_extra=BODY,
)
def put_bid(request: HttpRequest, lot: str) -> Any:
    """Submit a sealed bid (``.zxb``). The time of its last byte counts."""
    actor = asking(request, lot, confirm=False)
    length = request.META.get("CONTENT_LENGTH", "")
    try:
        with throttle.refusals(actor):
            version, new = receiving.upload(
                lot,
                actor=actor,
                read=request.read,
                length=int(length) if length.isascii() and length.isdecimal() else None,
            )
    except BidRefused as refused:
        return _signed(request, refused)
    return Status(201, answers.receipt(version)) if new else Status(200, answers.newest(version))


def _signed(request: HttpRequest, refused: BidRefused) -> Any:
    signed = {"refusal": refused.text, "p7s": base64.b64encode(refused.p7s).decode()}
    return Status(refused.status, {**body(request, refused.refusals), **signed})


@router.get(
    "/{lot}/bids/receipt", response={200: NewestReceiptOut, **REFUSED}, url_name="lot-receipt"
)
def newest_receipt(request: HttpRequest, lot: str, manifest: schemas.Digest) -> Any:
    """The newest receipt of the bidder's own version: with its time-stamp once there is one."""
    actor = asking(request, lot)
    return answers.newest(answers.own_version(lot, manifest, actor))


@router.post(
    "/{lot}/bids/withdrawal",
    response={201: BidReceiptOut, **REFUSED, **dict.fromkeys(STATUSES, BidRefusedOut)},
    url_name="lot-withdrawal",
)
def withdraw(request: HttpRequest, lot: str, data: StatementIn) -> Any:
    """Withdraw a bid by a signed statement."""
    actor, key = asking(request, lot), key_of(request)
    try:
        with throttle.refusals(actor):
            text, p7s = bidding.withdraw(
                lot, actor=actor, statement=data.statement, p7s=data.p7s, key=key
            )
    except BidRefused as refused:
        return _signed(request, refused)
    return Status(201, {"receipt": text, "p7s": base64.b64encode(p7s).decode()})
