"""How much one bidder may have under way, and how much the disk takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.conf import settings
from django.db.models import F, QuerySet, Sum

from kernel.errors import Conflict, Refusal, Refused
from kernel.queries import Prepared
from procurement.bids import vault
from procurement.bids.models import ResumableUpload
from procurement.bids.rules.common import ARTICLE_PLATFORM

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
    if _bytes_of(mine) > limits["most_bytes"]:
        facts = {"most": limits["most_bytes"]}
        reasons.append(Refusal("procurement.upload.too_much", facts, ARTICLE_PLATFORM))
    if reasons:
        raise Conflict(reasons)
    _fits(0)


def check_whole(length: int) -> None:
    """Refuse a file in one piece before any of it is read where there is no place for it.

    length: its bytes, or the most that may come.
    """
    _fits(length)


_whole: Counter[tuple[int, str]] = Counter()
_counting = Lock()


@contextmanager
def one_of_few(organisation_id: int, lot_number: str) -> Iterator[None]:
    """While a file in one piece is taken in; Conflict where its organisation has as many under way.

    Counted by each server process of its own, in memory: what a server that was killed had under
    way takes nothing from whoever comes again in the last minute.
    """
    place, most = (organisation_id, lot_number), settings.UPLOADS["most_open"]
    with _counting:
        if _whole[place] >= most:
            facts = {"most": most}
            raise Conflict(Refusal("procurement.upload.too_many", facts, ARTICLE_PLATFORM))
        _whole[place] += 1
    try:
        yield
    finally:
        with _counting:
            _whole[place] -= 1
            if not _whole[place]:
                del _whole[place]


# Asked before every bid: what is still to come of the uploads under way, in bytes, all in one row.
_to_come = Prepared(
    lambda _slots: (
        ResumableUpload.objects.order_by()
        .filter(status=_Status.OPEN)
        .values("status")
        .annotate(found=Sum(F("length") - F("offset")))
        .values_list("found")
    )
)


def _fits(length: int) -> None:
    promised = sum(int(found) for (found,) in _to_come.rows())
    if vault.free() - promised - length < settings.UPLOADS["keep_free_bytes"]:
        raise no_space()


def no_space() -> NoSpace:
    """The refusal of what the disk does not take."""
    return NoSpace(Refusal("procurement.upload.no_space", {}, ARTICLE_PLATFORM))


def _bytes_of(rows: QuerySet[ResumableUpload]) -> int:
    found = rows.aggregate(found=Sum("length"))
    return int(found["found"] or 0)
