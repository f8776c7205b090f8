"""The closing of a lot: uploads that were in time are finished, then the list is made."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.errors import NotFound
from kernel.events.registry import DomainEvent
from kernel.evidence import keys
from kernel.evidence import services as evidence
from kernel.sealing import hpke
from kernel.sealing.bids import closing as formats
from kernel.workflow.following import follow
from kernel.workflow.machines import Doing, machine
from kernel.workflow.numbers import fresh_id
from procurement.bids import believed, lots, readings, stamps, upload_parts, uploads, vault
from procurement.bids.bid_machine import AWAITING, BID, RECEIVED
from procurement.bids.machines import LISTED, OPENING
from procurement.bids.models import (
    Bid,
    BidVersion,
    Opening,
    OpeningPolicy,
    OpeningSession,
    PendingUpload,
    PolicyVersion,
)
from procurement.bids.policies import STAGE
from procurement.bids.schemas import ListPayload

# Real seconds: how long an upload whose last byte is not written down yet is waited for after the
# deadline, how long its own thread is left alone, and how long all of it may take.
GRACE, ALONE, PATIENCE = 5.0, 2.0, 60.0
# An upload that began so long ago in real time belongs to a server that died.
DEAD = timedelta(hours=12)
_Status = PendingUpload.Status


def close(lot_number: str) -> Opening:
    """Close a lot whose deadline is over: list, opening, and the lot goes on or fails.

    Slow, outside any transaction, and may be called again: what is done stays done. Raises
    NotFound where the lot has no policy in force.
    """
    lot, policy = lots.find(lot_number), readings.in_force(lot_number)
    if lot is None or policy is None:
        raise NotFound.because("procurement.policy.unknown", lot=lot_number[:80])
    opening = Opening.objects.filter(lot_number=lot_number).first()
    if opening is None:
        deadline = policy.policy.deadline
        await_uploads(lot_number, deadline)
        uploads.void_unfinished(lot_number)
        opening = _list(lot, policy, deadline)
        stamps.stamp_list(opening)  # trustees wait for it; where it fails, the worker goes on
    _go_on(opening, lot)
    return opening


def await_uploads(lot_number: str, deadline: datetime) -> None:
    """Wait until every upload whose last byte was in time has been settled, and no longer."""
    began = time.monotonic()
    while rows := list(_unsettled(lot_number, deadline)):
        waited = time.monotonic() - began
        for row in rows:
            if row.status == _Status.OPEN:
                dead = clock.technical_now() - row.started_really_at > DEAD
                coming = waited <= PATIENCE and vault.came(row.id.hex)
                if dead or (waited > GRACE and not coming):
                    # Its last byte, if it ever comes, comes later than the deadline.
                    PendingUpload.objects.filter(pk=row.pk, status=_Status.OPEN).update(
                        status=_Status.VOID
                    )
            elif waited > PATIENCE or (waited > ALONE and upload_parts.resume(row) is None):
                PendingUpload.objects.filter(pk=row.pk).exclude(status=_Status.SETTLED).update(
                    status=_Status.VOID
                )
        time.sleep(0.05)


def _unsettled(lot_number: str, deadline: datetime) -> Any:
    rows = PendingUpload.objects.filter(
        lot_number=lot_number, status__in=[_Status.OPEN, _Status.WHOLE]
    )
    for row in rows:
        if (row.last_byte_at or row.started_at) <= deadline:
            yield row


def _list(lot: lots.Lot, policy: readings.InForce, deadline: datetime) -> Opening:
    """Make and sign the closing list over the log as it stands; the opening that it begins."""
    head = evidence.sign_head(clock.now(), keys.signer())
    rows = (
        BidVersion.objects.filter(bid__lot_number=lot.number, bid__state=RECEIVED)
        .select_related("bid")
        .order_by("log_index")
    )
    session = hpke.new_key()
    closing = formats.ClosingList(
        lot=lot.number,
        policy_sha256=policy.sha256,
        policy_version=policy.number,
        stage=STAGE,
        closed_at=deadline,
        tree_size=head.size,
        tree_root=bytes(head.root).hex(),
        session_key=hpke.public_bytes(session.public_key()),
        bids=tuple(
            formats.LiveBid(
                v.bid.bidder_uscc, v.number, v.manifest_sha256, v.received_at, v.log_index
            )
            for v in rows
            if v.number == v.bid.bid_version
        ),
    )
    text = closing.encode()
    kept = OpeningSession.objects.create(
        private=hpke.private_bytes(session), made_at=clock.technical_now()
    )
    payload = ListPayload(
        lot_number=lot.number,
        policy_id=policy.policy_id,
        text=text.decode(),
        p7s=believed.signed_text(text, deadline),
        session=kept.pk.hex,
    )
    receipt = follow(
        OPENING.code, None, "list", key=f"lot:{lot.number}", at=deadline, payload=payload
    )
    assert receipt is not None
    return Opening.objects.get(pk=receipt.case_pk)


@OPENING.effect("list")
def _listed(case: Opening, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    policy = OpeningPolicy.objects.get(pk=payload.policy_id)
    case.pk = fresh_id()
    for name in (
        "lot_id", "lot_number", "project_number", "region", "owner_uscc", "agency_uscc", "title",
    ):  # fmt: skip
        setattr(case, name, getattr(policy, name))
    case.policy = policy
    case.session_id = payload.session
    case.closed_at = doing.at
    window = timedelta(minutes=policy.decrypt_window_minutes)
    case.reveal_until_at, case.window_ends_at = doing.at + window / 2, doing.at + window
    case.list_text, case.list_p7s = payload.text, payload.p7s
    case.list_sha256 = formats.read_list(payload.text.encode()).sha256
    return []


def _go_on(opening: Opening, lot: lots.Lot) -> None:
    """What the list causes: bids wait for their opening, or never are; old versions are deleted."""
    closing = formats.read_list(opening.list_text.encode())
    few = len(closing.bids) < lots.least_bids(opening.closed_at, lot)
    at, cause = opening.closed_at, f"opening:{opening.pk}"
    for bid in Bid.objects.filter(lot_number=lot.number, state=RECEIVED).only("pk"):
        follow(BID.code, bid.pk, "await_decryption", key=cause, at=at)
    if machine(lots.TENDER) is not None:
        told = {"live_bids": len(closing.bids), "closing_list_sha256": opening.list_sha256}
        act = "fail" if few else "open_bids"
        follow(lots.TENDER, lot.pk, act, key=cause, at=at, payload=told)
    if few and opening.state == LISTED:
        follow(OPENING.code, opening.pk, "abandon", key=cause, at=at)
        return_unopened(opening, at)
    delete_dead(lot.number, all_of_it=few)


def return_unopened(opening: Opening, at: datetime) -> None:
    """A lot that is not opened gives its bids back as they came; nobody ever opens them."""
    for bid in Bid.objects.filter(lot_number=opening.lot_number, state=AWAITING).only("pk"):
        follow(BID.code, bid.pk, "return_unopened", key=f"opening:{opening.pk}", at=at)


def delete_dead(lot_number: str, *, all_of_it: bool = False) -> int:
    """Delete files and shares of versions that nothing will ever open; how many."""
    rows = BidVersion.objects.filter(bid__lot_number=lot_number).exclude(vault="")
    gone = 0
    for version in rows.select_related("bid"):
        live = version.number == version.bid.bid_version and version.bid.state == AWAITING
        if live and not all_of_it:
            continue
        vault.delete(version.vault)
        BidVersion.objects.filter(pk=version.pk).update(vault="", shares={})
        gone += 1
    return gone


def policy_of(opening: Opening) -> PolicyVersion:
    """The version of the policy that the list names."""
    closing = formats.read_list(opening.list_text.encode())
    return PolicyVersion.objects.get(policy_id=opening.policy_id, sha256=closing.policy_sha256)
