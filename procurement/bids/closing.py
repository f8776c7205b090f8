"""The closing of a lot: uploads that were in time are finished, then the list is made."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.errors import NotFound
from kernel.evidence import keys
from kernel.evidence import services as evidence
from kernel.sealing import hpke
from kernel.sealing.bids import closing as formats
from kernel.workflow.following import follow
from kernel.workflow.machines import machine
from procurement.bids import (
    believed,
    coming_and_going,
    extending,
    keeper,
    lots,
    readings,
    stamps,
    upload_ends,
    uploads,
    vault,
)
from procurement.bids.bid_machine import AWAITING, BID, OPENED, PART_OPENED, RECEIVED
from procurement.bids.machines import LISTED, OPENING
from procurement.bids.models import Bid, BidVersion, Opening, OpeningSession, PendingUpload
from procurement.bids.rules.common import CLOSING
from procurement.bids.schemas import ListPayload

# Real seconds of idle waiting after the deadline: how long for an upload whose last byte is not
# there, how long its own thread is left alone, how long for a byte that came and is not timed yet.
GRACE, ALONE, PATIENCE = 5.0, 2.0, 60.0
# An upload that began so long ago in real time belongs to a server that died.
DEAD = timedelta(hours=12)
_Status = PendingUpload.Status
# What still waits for its opening, or has had it: an opened file stays as evidence.
_LIVE = frozenset({AWAITING, PART_OPENED, OPENED})


def close(lot_number: str) -> Opening:
    """Close a lot whose deadline is over: list, opening, and the lot goes on or fails.

    Slow, outside any transaction, and may be called again: what is done stays done. Raises
    NotFound where the lot has no policy in force, and Refused where bids were promised more time
    than that policy gave them (``procurement.opening.extension_unsigned``).
    """
    lot, policy = lots.find(lot_number), readings.in_force(lot_number)
    if lot is None or policy is None:
        raise NotFound.because("procurement.policy.unknown", lot=lot_number[:80])
    opening = Opening.objects.filter(lot_number=lot_number, before=None).first()
    if opening is None:
        extending.check(lot, policy)
        deadline = policy.policy.deadline
        await_uploads(lot_number, deadline)
        uploads.void_unfinished(lot_number)
        if lot.state == CLOSING:  # of no other is a list made
            coming_and_going.end(lot_number, deadline)
        opening = _list(lot, policy, deadline)
        stamps.stamp_list(opening)  # trustees wait for it; where it fails, the worker goes on
    _go_on(opening, lot)
    return opening


def await_uploads(lot_number: str, deadline: datetime) -> None:
    """Wait until every upload whose last byte was in time has been settled, and no longer.

    One that is whole is finished however long that takes; it ends by its receipt, by a refusal or
    with its file gone. Time that finishing others took is nobody's: only idle waiting counts.
    """
    waited = 0.0
    while rows := list(_unsettled(lot_number, deadline)):
        for row in rows:
            if row.status == _Status.OPEN:
                dead = clock.technical_now() - row.started_really_at > DEAD
                coming = waited <= PATIENCE and vault.came(row.id.hex)
                if dead or (waited > GRACE and not coming):
                    # Its last byte, if it ever comes, comes later than the deadline.
                    PendingUpload.objects.filter(pk=row.pk, status=_Status.OPEN).update(
                        status=_Status.VOID
                    )
            elif waited > ALONE and upload_ends.resume(row) is None:  # refused, or gone
                PendingUpload.objects.filter(pk=row.pk).exclude(status=_Status.SETTLED).update(
                    status=_Status.VOID
                )
        began = time.monotonic()
        time.sleep(0.05)
        waited += time.monotonic() - began


def _unsettled(lot_number: str, deadline: datetime) -> Any:
    rows = PendingUpload.objects.filter(
        lot_number=lot_number, status__in=[_Status.OPEN, _Status.WHOLE]
    )
    for row in rows:
        if (row.last_byte_at or row.started_at) <= deadline:
            yield row


def _list(lot: lots.Lot, policy: readings.InForce, deadline: datetime) -> Opening:
    """Make and sign the closing list over the log as it stands; the opening that it begins."""
    rows = (
        BidVersion.objects.filter(bid__lot_number=lot.number, bid__state=RECEIVED)
        .select_related("bid")
        .order_by("log_index")
    )
    live = [live_bid(v) for v in rows if v.number == v.bid.bid_version]
    payload = make_list(policy, policy.policy.stages[0].name, deadline, live)
    return begin(payload, f"lot:{lot.number}", deadline)


def live_bid(version: BidVersion) -> formats.LiveBid:
    """A version as it stands on a list."""
    return formats.LiveBid(
        version.bid.bidder_uscc,
        version.number,
        version.manifest_sha256,
        version.received_at,
        version.log_index,
    )


def make_list(
    policy: readings.InForce,
    stage: str,
    at: datetime,
    bids: Iterable[formats.LiveBid],
    before: int = 0,
    **rests: str,
) -> ListPayload:
    """A list over the log as it stands, with a session key of its own, signed by the platform.

    before: the opening of the stage before; rests: the hashes that the list rests on.
    """
    head = evidence.sign_head(clock.now(), keys.signer())
    session = hpke.new_key()
    text = formats.ClosingList(
        lot=policy.policy.lot,
        policy_sha256=policy.sha256,
        policy_version=policy.number,
        stage=stage,
        closed_at=at,
        tree_size=head.size,
        tree_root=bytes(head.root).hex(),
        session_key=hpke.public_bytes(session.public_key()),
        bids=tuple(bids),
        **rests,
    ).encode()
    kept = OpeningSession.objects.create(
        private=hpke.private_bytes(session), made_at=clock.technical_now()
    )
    return ListPayload(
        lot_number=policy.policy.lot,
        policy_id=policy.policy_id,
        text=text.decode(),
        p7s=believed.signed_text(text, at),
        session=kept.pk.hex,
        before=before,
    )


def begin(payload: ListPayload, key: str, at: datetime) -> Opening:
    """The opening that a list begins; of two at once, one."""
    receipt = follow(OPENING.code, None, "list", key=key, at=at, payload=payload)
    assert receipt is not None
    return Opening.objects.get(pk=receipt.case_pk)


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
    if not few:
        keeper.keep_listed(opening)
    delete_dead(lot.number, all_of_it=few)


def gave_up(opening: Opening, at: datetime) -> bool:
    """Where a corrected list has too few bids left, the lot fails and nothing is opened; whether.

    Only of a first stage: how many must pass one is no number of the law's.
    """
    lot = lots.find(opening.lot_number)
    listed = formats.read_list(opening.list_text.encode())
    if lot is None or opening.before_id is not None:
        return False
    if len(listed.bids) >= lots.least_bids(opening.closed_at, lot):
        return False
    cause = f"opening:{opening.pk}:{listed.sha256[:16]}"
    if machine(lots.TENDER) is not None:
        told = {"live_bids": len(listed.bids), "closing_list_sha256": opening.list_sha256}
        follow(lots.TENDER, lot.pk, "fail", key=cause, at=at, payload=told)
    follow(OPENING.code, opening.pk, "abandon", key=cause, at=at)
    return_unopened(opening, at)
    delete_dead(lot.number, all_of_it=True)
    return True


def return_unopened(opening: Opening, at: datetime) -> None:
    """A lot that is not opened gives its bids back as they came; nobody ever opens them."""
    give_back(opening.lot_number, f"opening:{opening.pk}", at, (AWAITING, PART_OPENED))


def give_back(lot_number: str, cause: str, at: datetime, states: Collection[str]) -> None:
    """Give back the bids of a lot that are in some states."""
    unopened = Bid.objects.filter(lot_number=lot_number, state__in=states)
    for bid in unopened.only("pk"):
        follow(BID.code, bid.pk, "return_unopened", key=cause, at=at)


def delete_dead(lot_number: str, *, all_of_it: bool = False) -> int:
    """Delete files and shares of versions that nothing will ever open; how many."""
    rows = BidVersion.objects.filter(bid__lot_number=lot_number).exclude(vault="")
    gone = 0
    for version in rows.select_related("bid"):
        live = version.number == version.bid.bid_version and version.bid.state in _LIVE
        if live and not all_of_it:
            continue
        vault.delete(version.vault)
        keeper.delete(version.keeper)
        BidVersion.objects.filter(pk=version.pk).update(vault="", keeper="", shares={})
        gone += 1
    return gone
