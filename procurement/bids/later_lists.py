"""A receipt without a revocation list waits for the first one after it.

No list at hand at receipt says nothing about the bidder, so the bid was received provisionally.
The first list that covers the moment of receipt settles it: not revoked by then, and the receipt
is whole; revoked by then, and the bid was never validly signed. It falls, under a signed refusal
and an entry of the log: an earlier version stands again, and without one the bidder may hand in
anew until the deadline. On a closing list already, it fails to open. A revocation after receipt
harms nothing (RFC 5280; the moment of signing counts).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from kernel.errors import Refusal, Refused, catalogue
from kernel.evidence import selectors as log
from kernel.sealing import cms
from kernel.sealing.bids import refusals
from kernel.workflow.following import follow
from procurement.bids import believed, coming_and_going, covers, receipts
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid, BidStamp, BidVersion
from procurement.bids.schemas import FailedPayload

if TYPE_CHECKING:
    from kernel.events.registry import DomainEvent
    from kernel.workflow.machines import Doing

FALLEN = "procurement.bid.fallen"
REVOKED = "sealing.certificate.revoked"
_NO_LIST = {"sealing.certificate.crl_missing", "sealing.certificate.crl_stale"}
Certificate = BidStamp.Certificate


def is_waiting(version: BidVersion, stamp: BidStamp) -> bool:
    """Whether a version was received without a list and none has settled it yet."""
    return "crl" in version.provisional and not stamp.certificate


def look(version: BidVersion, now: datetime) -> str | None:
    """What the lists say now of a certificate at the moment of receipt; None while they are silent.

    Every reason but the lack of a list means that the signature did not hold at receipt.
    """
    signed = cms.check(bytes(version.signature), version.manifest.encode())
    try:
        believed.trust(now).chains.trusted(signed, version.received_at)
    except Refused as refused:
        if {reason.code for reason in refused.refusals} <= _NO_LIST:
            return None
        return Certificate.REVOKED
    return Certificate.GOOD


def fallen(version: BidVersion) -> str:
    """Why a version is not opened that fell: ``sealing.certificate.revoked``; else empty."""
    gone = BidStamp.objects.filter(version=version, certificate=Certificate.REVOKED).exists()
    return REVOKED if gone else ""


def fall(version: BidVersion, stamp: BidStamp, now: datetime) -> None:
    """Log, sign and act on what a list said against a version; may be called again."""
    if stamp.certificate_index is None:
        reason = _reason(version)
        body = {
            "lot": version.bid.lot_number,
            "bidder": version.bid.bidder_uscc,
            "version": version.number,
            "manifest_sha256": version.manifest_sha256,
            "codes": [reason.code],
        }
        with transaction.atomic():
            index = covers.append(kind=FALLEN, case=version.bid.case_ref, at=now, body=body)
            BidStamp.objects.filter(pk=stamp.pk).update(certificate_index=index)
        stamp.certificate_index = index
    if not stamp.refusal:
        stamp.refusal, stamp.refusal_p7s = _signed(version, stamp.certificate_index, now)
        stamp.save(update_fields=["refusal", "refusal_p7s"])
    bid = Bid.objects.get(pk=version.bid_id)
    if bid.bid_version != version.number:
        return
    act = "fall_back" if standing_before(bid) is not None else "annul"
    payload = FailedPayload(code=REVOKED)
    with transaction.atomic():
        coming_and_going.hold(bid.lot_number)
        if coming_and_going.is_over(bid.lot_number):
            return  # on a closing list: the opening finds it fallen, and says so in its record
        follow(BID.code, bid.pk, act, key=f"fallen:{version.number}", at=now, payload=payload)


def _signed(version: BidVersion, index: int, now: datetime) -> tuple[str, bytes]:
    text = refusals.SignedRefusal(
        lot=version.bid.lot_number,
        bidder=version.bid.bidder_uscc,
        file_sha256=version.file_sha256,
        manifest_sha256=version.manifest_sha256,
        size=version.size,
        received_at=version.received_at,
        reasons=refusals.reasons_of([_reason(version)], catalogue.message),
        log=receipts.proof_of(log.entry(index).index),
    ).encode()
    return text.decode(), believed.signed(text, now)


def _reason(version: BidVersion) -> Refusal:
    signed = cms.check(bytes(version.signature), version.manifest.encode())
    try:
        believed.trust(version.received_at).chains.trusted(signed, version.received_at)
    except Refused as refused:
        if refused.refusals[0].code not in _NO_LIST:
            return refused.refusals[0]
    # The list that said it is gone by now; what it said stands in the log.
    told = {"subject": version.certificate_serial, "revoked_at": version.received_at.isoformat()}
    return Refusal(REVOKED, told)


def standing_before(bid: Bid) -> BidVersion | None:
    """The version that stands where the live one falls: the one before, unless it was taken back.

    A withdrawal ends all before it, and a version that fell itself stands for nothing.
    """
    for row in bid.versions.filter(number__lt=bid.bid_version).order_by("-number"):
        if row.withdrawn_at is not None:
            return None
        fallen = BidStamp.objects.filter(version=row, certificate=Certificate.REVOKED).exists()
        if not fallen and row.vault:
            found: BidVersion = row
            return found
    return None


@BID.effect("fall_back")
def _fall_back(case: Bid, _doing: Doing) -> list[DomainEvent]:
    earlier = standing_before(case)
    assert earlier is not None  # nothing takes a version away before the deadline
    case.bid_version = earlier.number
    case.manifest_sha256 = earlier.manifest_sha256
    case.policy_sha256 = earlier.policy_sha256
    case.certificate_serial = earlier.certificate_serial
    case.received_at = earlier.received_at
    return []


@BID.effect("annul")
def _annul(case: Bid, doing: Doing) -> list[DomainEvent]:
    case.failure = doing.payload.code
    return []
