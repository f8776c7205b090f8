"""Uploads in parts: begun, looked at, given up; those that nobody finishes are cleared away.

The bytes themselves are taken by :mod:`procurement.bids.upload_parts`. An upload is its bidder's
own: for everybody else it is not there. What it leaves behind is no public trace.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Conflict, NotFound, Refusal, Refused
from kernel.evidence import services as evidence
from procurement.bids import (
    bringing,
    covers,
    heads,
    lots,
    readings,
    refusing,
    upload_ends,
    upload_limits,
    vault,
)
from procurement.bids.models import PendingUpload, ResumableUpload
from procurement.bids.rules import bids, common

# Real time for which an upload that is whole is left to whoever brought it.
_ALONE = timedelta(seconds=30)
_LONGEST_KEY = 200
_UNFINISHED = "procurement.upload.unfinished"
_Status = ResumableUpload.Status


class OtherKey(Conflict):
    """The key was used for another upload."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to upload. length: bytes of the whole file; key: may be empty."""

    length: int
    name: str = ""
    key: str = ""


def begin(lot_number: str, wish: Wish, *, actor: Actor, bidder: str = "") -> ResumableUpload:
    """Begin an upload; under a key that began one before, that one.

    bidder: whose (USCC), where the supervisor's counter brings it; else the actor's own.

    Raises NotPermitted, NotFound (no such lot, no policy in force), BidRefused (logged and signed)
    where the lot takes no bids now or the file is larger than the policy allows, Conflict beyond
    the bidder's share.
    """
    uscc = bringing.whose(lot_number, actor, bidder)
    lot, policy = lots.find(lot_number), readings.in_force(lot_number)
    if lot is None or policy is None:
        raise NotFound.because("procurement.policy.unknown", lot=lot_number[:80])
    if len(wish.key) > _LONGEST_KEY or not wish.key.isprintable():
        raise Refused.because("workflow.key.invalid", longest=_LONGEST_KEY)
    row = ResumableUpload(
        lot_number=lot_number, bidder_uscc=uscc, organisation_id=actor.organisation_id,
        brought_by=actor.person_id if bidder else None, key=_key_of(wish, actor, bidder),
        name=wish.name, length=wish.length,
    )  # fmt: skip
    if (before := _of_key(row)) is not None:
        return before
    now = clock.now()
    facts = bids.BidFacts(
        lot_found=True, lot_state=lot.state, deadline=policy.policy.deadline, at=now
    )
    reasons = [*bids.lot_takes_bids(facts, None), *bids.deadline_is_not_over(facts, None)]
    kind = Refused if reasons else upload_limits.TooLarge
    if wish.length > (limit := policy.policy.maximum_size):
        facts_of_size = {"limit": limit}
        reasons.append(Refusal("procurement.bid.too_large", facts_of_size, common.ARTICLE_PLATFORM))
    if reasons:
        raise refusing.refuse(upload_ends.pending_of(row, actor), actor, kind(reasons), now)
    row.started_at, row.touched_really_at = now, clock.technical_now()
    return _insert(row)


def _key_of(wish: Wish, actor: Actor, bidder: str) -> str:
    """A key is its user's own: a counter's is none of the bidder's."""
    if not (bidder and wish.key):
        return wish.key
    return hashlib.sha256(f"{actor.person_id}:{wish.key}".encode()).hexdigest()


def _insert(row: ResumableUpload) -> ResumableUpload:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        before = _of_key(row)
        if before is None:
            raise
        return before
    try:
        upload_limits.check(row)
    except Refused:
        row.delete()
        raise
    return row


def _of_key(wanted: ResumableUpload) -> ResumableUpload | None:
    if not wanted.key:
        return None
    row = _alike(wanted).filter(key=wanted.key).first()
    if row is not None and row.length != wanted.length:
        raise OtherKey.because("procurement.upload.key_other", length=row.length)
    return row


def find(lot_number: str, number: str, actor: Actor, bidder: str = "") -> ResumableUpload:
    """An upload of the actor's own organisation; NotFound for every other.

    bidder: at the counter, whose; there it is its own person's, and no colleague's.
    """
    uscc = bringing.whose(lot_number, actor, bidder)
    try:
        pk = UUID(number)
    except ValueError:
        pk = None
    row = _own(lot_number, actor, uscc, bidder).filter(pk=pk).first() if pk else None
    if row is None:
        raise NotFound.because("procurement.upload.unknown")
    return row


def under_way(lot_number: str, actor: Actor) -> list[ResumableUpload]:
    """The uploads of the actor's organisation for a lot that are not finished."""
    mine = _own(lot_number, actor, actor.uscc)
    return list(mine.filter(status__in=(_Status.OPEN, _Status.WHOLE)))


def _own(lot_number: str, actor: Actor, uscc: str, bidder: str = "") -> QuerySet[ResumableUpload]:
    return _alike(
        ResumableUpload(
            lot_number=lot_number, bidder_uscc=uscc, organisation_id=actor.organisation_id,
            brought_by=actor.person_id if bidder else None,
        )
    )  # fmt: skip


def _alike(row: ResumableUpload) -> QuerySet[ResumableUpload]:
    """The uploads of the same bidder for the same lot that the same hands brought."""
    return ResumableUpload.objects.filter(
        lot_number=row.lot_number,
        bidder_uscc=row.bidder_uscc or "-",
        organisation_id=row.organisation_id,
        brought_by=row.brought_by,
    )


def offset_of(row: ResumableUpload) -> int:
    """How many bytes are kept: what was told, and never more than what is on the disk."""
    if row.status != _Status.OPEN:
        return row.offset
    return min(row.offset, vault.size_of(row.id.hex))


def expires_at(row: ResumableUpload) -> datetime:
    """The technical time at which it is given up if nothing is added."""
    return row.touched_really_at + timedelta(hours=settings.UPLOADS["idle_hours"])


def give_up(row: ResumableUpload) -> None:
    """Its bidder does not go on with it: signed and logged as an upload that is void.

    Refused once it is whole: then it counts.
    """
    if row.status != _Status.OPEN or not _end(row, "procurement.upload.given_up"):
        raise Conflict.because("procurement.upload.whole")


def void_unfinished(lot_number: str) -> int:
    """At the closing: what is not whole is nothing, and an earlier version stands; how many.

    Each is refused like a file that came too late, logged and signed; also one that was made void
    by a closing that died before it said so. Covers stand beside, for nobody to count them.
    """
    with transaction.atomic():
        evidence.append_many(covers.some(clock.now()))
    rows = ResumableUpload.objects.filter(lot_number=lot_number).filter(
        Q(status=_Status.OPEN) | Q(status=_Status.VOID, refusal="")
    )
    return sum(_refuse_unfinished(row) for row in rows)


def _refuse_unfinished(row: ResumableUpload) -> bool:
    """Whether it was unfinished, and is refused now."""
    if row.status == _Status.VOID and [each["code"] for each in row.reasons] != [_UNFINISHED]:
        return False  # its bidder gave it up, or let it lie
    return _end(row, _UNFINISHED)


def sweep() -> int:
    """Give up what nothing was added to for too long, finish what its server left; how many."""
    now = clock.technical_now()
    idle = now - timedelta(hours=settings.UPLOADS["idle_hours"])
    stale = ResumableUpload.objects.filter(status=_Status.OPEN, touched_really_at__lt=idle)
    done = sum(_end(row, "procurement.upload.expired") for row in stale)
    left = ResumableUpload.objects.filter(status=_Status.WHOLE, touched_really_at__lt=now - _ALONE)
    for pending in PendingUpload.objects.filter(pk__in=left.values("pk")):
        upload_ends.resume(pending)
        done += 1
    return done


def _end(row: ResumableUpload, code: str) -> bool:
    """Make an unfinished upload void, signed and logged; whether it was unfinished."""
    if row.status not in (_Status.OPEN, _Status.VOID) or row.refusal:
        return False
    actor = bringing.who_began(row)
    came = upload_ends.pending_of(row, actor)
    with vault.Part(row.id.hex) as part:
        came.size = min(row.offset, vault.size_of(row.id.hex))
        came.file_sha256 = heads.sha256_of(part, came.size)
        came.found = heads.found_so_far(part, came.size)
    late = code == _UNFINISHED
    article = common.ARTICLE_LATE if late else common.ARTICLE_PLATFORM
    return upload_ends.end(row, came, actor, Refused(Refusal(code, {}, article)))
