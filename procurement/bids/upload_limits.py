"""How much one bidder may have under way, and how much the disk takes."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet, Sum

from kernel.errors import Conflict, Refusal, Refused
from procurement.bids import vault
from procurement.bids.models import PendingUpload, ResumableUpload
from procurement.bids.rules.common import ARTICLE_PLATFORM

# What a server that died left open counts no longer than this, in real time.
_ABANDONED = timedelta(hours=1)
_Status = ResumableUpload.Status
_UNDER_WAY = (_Status.OPEN, _Status.WHOLE)


class TooLarge(Refused):
    """No file of this size is taken."""

    status = 413


class NoSpace(Refused):
    """The disk does not take so much now."""

    status = 507


def check(row: ResumableUpload) -> None:
    """Refuse an upload whose row was just written, where it is one too many or one too large.

    Asked after the row is there and counting it: of several at once none slips through.
    """
    limits = settings.UPLOADS
    mine = ResumableUpload.objects.filter(bidder_uscc=row.bidder_uscc, status__in=_UNDER_WAY)
    # What a counter has under way for a bidder takes nothing from what the bidder may have.
    mine = mine.filter(brought_by=row.brought_by)
    reasons = []
    if mine.filter(lot_number=row.lot_number).count() > limits["most_open"]:
        facts = {"most": limits["most_open"]}
        reasons.append(Refusal("procurement.upload.too_many", facts, ARTICLE_PLATFORM))
    if _sum(mine, "length") > limits["most_bytes"]:
        facts = {"most": limits["most_bytes"]}
        reasons.append(Refusal("procurement.upload.too_much", facts, ARTICLE_PLATFORM))
    if reasons:
        raise Conflict(reasons)
    _fits(0)


def check_whole(row: PendingUpload, length: int) -> None:
    """Refuse a file in one piece before any of it is read: one too many, or no place for it.

    length: its bytes, or the most that may come.
    """
    most, since = settings.UPLOADS["most_open"], row.started_really_at - _ABANDONED
    mine = PendingUpload.objects.filter(
        lot_number=row.lot_number, organisation_id=row.organisation_id,
        bidder_uscc=row.bidder_uscc, status=PendingUpload.Status.OPEN,
        started_really_at__gt=since,
    ).exclude(pk__in=ResumableUpload.objects.values("pk"))  # fmt: skip
    if mine.count() >= most:
        facts = {"most": most}
        raise Conflict(Refusal("procurement.upload.too_many", facts, ARTICLE_PLATFORM))
    _fits(length)


def _fits(length: int) -> None:
    promised = _sum(ResumableUpload.objects.filter(status=_Status.OPEN), "length", "offset")
    if vault.free() - promised - length < settings.UPLOADS["keep_free_bytes"]:
        raise no_space()


def no_space() -> NoSpace:
    """The refusal of what the disk does not take."""
    return NoSpace(Refusal("procurement.upload.no_space", {}, ARTICLE_PLATFORM))


def _sum(rows: QuerySet[ResumableUpload], of: str, less: str = "") -> int:
    value = F(of) - F(less) if less else F(of)
    found = rows.aggregate(found=Sum(value))
    return int(found["found"] or 0)
