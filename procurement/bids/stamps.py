"""Receipts are completed: a token from outside, and what the first list after receipt says.

Done by the worker, after the bidder has its first receipt. Entries of the log come among covers,
as those of receipts do, so that nobody counts bids by them. What is slow (asking an authority)
happens outside any transaction; whoever dies in between leaves a row whose turn comes again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kernel import clock
from kernel.evidence import services as evidence
from kernel.evidence import stamping
from kernel.sealing.bids import receipts as formats
from kernel.sealing.timestamps import WITHIN
from procurement.bids import believed, covers, gathering, later_lists, readings, receipts
from procurement.bids.bid_machine import BID
from procurement.bids.machines import CONCLUDED, OPENED, STOPPED
from procurement.bids.models import (
    BidStamp,
    BidVersion,
    ListToken,
    Opening,
    OpeningPolicy,
    PolicyVersion,
)

STAMP = "procurement.bid.stamp"
# Real seconds until the next attempt, by the number of those before; the last of them for ever.
_PAUSES = (2, 5, 10, 30, 60, 300, 600)
# So long nobody else takes up what this worker has begun.
_LEASE = timedelta(minutes=2)
_AT_ONCE = 64
Certificate = BidStamp.Certificate


def follow_up(limit: int = _AT_ONCE) -> int:
    """Go on with the receipts that lack something; how many got what they lacked."""
    rows = _claimed(limit)
    wanted = [row for row in rows if not _stamp_of(row).token]
    found = stamping.obtain_many(
        [(bytes.fromhex(row.manifest_sha256), _names(row), row.received_at) for row in wanted]
    )
    outcomes = dict(zip([row.pk for row in wanted], found, strict=True))
    return sum(_go_on(row, outcomes.get(row.pk)) for row in rows)


def _claimed(limit: int) -> list[BidVersion]:
    now = clock.technical_now()
    due = BidVersion.objects.filter(follow_up_at__lte=now).order_by("follow_up_at")
    rows = list(due.select_related("bid", "stamp")[:limit])
    return [
        row
        for row in rows
        if BidVersion.objects.filter(pk=row.pk, follow_up_at=row.follow_up_at).update(
            follow_up_at=now + _LEASE
        )
    ]


def _stamp_of(version: BidVersion) -> BidStamp:
    found: BidStamp | None = getattr(version, "stamp", None)
    return found or BidStamp(version=version)


def _names(version: BidVersion) -> tuple[str, ...]:
    """Whose tokens count for a version: those whom its policy names."""
    text = PolicyVersion.objects.values_list("text", flat=True).get(
        lot_number=version.bid.lot_number, sha256=version.policy_sha256
    )
    return readings.policy_of(text).timestamp_authorities


def _go_on(version: BidVersion, outcome: stamping.Outcome | None) -> bool:
    """Write down what came of it; whether the receipt says more now than before."""
    stamp, now = _stamp_of(version), clock.now()
    entries: list[evidence.NewEntry] = []
    more = outcome is not None and _take(version, stamp, outcome, now, entries)
    fallen = None
    if later_lists.is_waiting(version, stamp):
        fallen = later_lists.look(version, now)
        if fallen is not None:
            stamp.certificate, more = fallen, True
    stamp.attempts += 1
    waits = not stamp.token or later_lists.is_waiting(version, stamp)
    with transaction.atomic():
        if more:
            stamp.receipt, stamp.receipt_p7s = "", b""
        stamp.save()
        pause = _PAUSES[min(stamp.attempts, len(_PAUSES)) - 1]
        if not stamp.token and outcome is not None and not _names(version):
            waits = later_lists.is_waiting(version, stamp)  # nobody's token would count
        due = clock.technical_now() + timedelta(seconds=pause) if waits else None
        BidVersion.objects.filter(pk=version.pk).update(follow_up_at=due)
        if entries:  # last, under the log's one lock
            place = next(i for i, entry in enumerate(entries) if entry.kind == STAMP)
            index = evidence.append_many(entries)[place]
            BidStamp.objects.filter(pk=stamp.pk).update(log_index=index)
    if fallen == Certificate.REVOKED:
        later_lists.fall(version, stamp, now)
    if more:
        newest(version)
    return bool(more)


def _take(
    version: BidVersion,
    stamp: BidStamp,
    outcome: stamping.Outcome,
    now: datetime,
    entries: list[evidence.NewEntry],
) -> bool:
    """Take a token into the row, with its entry of the log; False where there is none to take."""
    stamp.failures = [failure.as_json() for failure in outcome.failures]
    got = outcome.stamp
    if got is None:
        return False
    apart = abs(got.gen_time - version.received_at) > WITHIN
    if apart and abs(now - version.received_at) <= WITHIN:
        return False  # an honest clock may still answer in time
    stamp.authority, stamp.token, stamp.gen_time = got.authority, got.token, got.gen_time
    stamp.reason = "sealing.timestamp.time" if apart else ""
    body = {
        "lot": version.bid.lot_number,
        "bidder": version.bid.bidder_uscc,
        "version": version.number,
        "manifest_sha256": version.manifest_sha256,
        "authority": got.authority,
        "token_sha256": hashlib.sha256(got.token).hexdigest(),
    }
    case = f"{BID.code}:{version.bid_id}"
    rows, _place = covers.among(kind=STAMP, case=case, at=now, body=body)
    entries += rows
    return True


def newest(version: BidVersion) -> tuple[str, bytes]:
    """The newest receipt of a version and the platform's signature over it."""
    first = receipts.of(version)
    stamp = BidStamp.objects.filter(version=version).first()
    if stamp is None or not (stamp.token or stamp.certificate):
        return first
    if not stamp.receipt_p7s:
        _complete(version, first[0], stamp)
    return stamp.receipt, bytes(stamp.receipt_p7s)


def _complete(version: BidVersion, first: str, stamp: BidStamp) -> None:
    """Make the receipt that says all that is known by now; of two at once one counts."""
    receipt = formats.read_receipt(first.encode())
    lacks = {
        "crl": "crl" in receipt.provisional and stamp.certificate != Certificate.GOOD,
        "timestamp": not stamp.token or bool(stamp.reason),
    }
    said = replace(
        receipt,
        timestamp=bytes(stamp.token),
        provisional=tuple(name for name, still in lacks.items() if still),
    ).encode()
    p7s = believed.signed(said, clock.now())
    BidStamp.objects.filter(pk=stamp.pk, receipt="").update(receipt=said.decode(), receipt_p7s=p7s)
    stamp.refresh_from_db(fields=["receipt", "receipt_p7s"])


def state_of(version: BidVersion) -> dict[str, Any]:
    """How far a receipt is, for tools and pages.

    ``completed``; ``waiting`` with those who were asked in vain; ``late`` with the token's time,
    where it is too far from the receipt's; ``fallen`` where the certificate had been revoked.
    """
    stamp = BidStamp.objects.filter(version=version).first() or BidStamp(version=version)
    crl = later_lists.is_waiting(version, stamp)
    state = "late" if stamp.reason else "completed" if stamp.token and not crl else "waiting"
    return {
        "state": "fallen" if stamp.certificate == Certificate.REVOKED else state,
        "authority": stamp.authority,
        "gen_time": stamp.gen_time,
        "waits_for_list": crl,
        "failures": list(stamp.failures) if not stamp.token else [],
        "refusal": stamp.refusal,
        "refusal_p7s": bytes(stamp.refusal_p7s),
    }


# Closing lists ----------------------------------------------------------------------------------


def token_of(opening: Opening) -> ListToken | None:
    """The token over the list as it stands, None while nobody gave one."""
    return ListToken.objects.filter(opening=opening, list_sha256=opening.list_sha256).first()


def stamp_list(opening: Opening) -> ListToken | None:
    """A token over a closing list, later than its deadline; None where nobody gives one now."""
    if (found := token_of(opening)) is not None:
        return found
    names = gathering.policy_of(opening).timestamp_authorities
    digest = opening.list_sha256
    got = stamping.obtain(bytes.fromhex(digest), names).stamp if names else None
    if got is None or got.gen_time <= opening.closed_at:
        return None
    row, _new = ListToken.objects.get_or_create(
        opening=opening,
        list_sha256=digest,
        defaults={"authority": got.authority, "token": got.token, "gen_time": got.gen_time},
    )
    return row


def stamp_lists() -> int:
    """Tokens for the lists that have none and are not opened yet; how many got one."""
    stamped = ListToken.objects.filter(opening=OuterRef("pk"), list_sha256=OuterRef("list_sha256"))
    waiting = Opening.objects.exclude(state__in=_OVER).exclude(Exists(stamped))[:20]
    return sum(stamp_list(opening) is not None for opening in waiting)


_OVER = (OPENED, STOPPED, CONCLUDED)


# What the log's room asks -----------------------------------------------------------------------


def is_deadline_between(start: datetime, end: datetime) -> bool:
    """Whether bids for some lot are due between two instants."""
    return _deadlines().filter(deadline_at__range=(start, end)).exists()


def _deadlines() -> QuerySet[OpeningPolicy]:
    return OpeningPolicy.objects.exclude(state="superseded").order_by()
