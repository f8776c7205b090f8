"""What is told of a bid that was rejected: why, in the reader's language, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import clock
from kernel.access.actors import Actor
from kernel.regulation.named import told
from kernel.web import desk_parts, presets
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import due_view
from kernel.web.refusals import in_words
from kernel.web.viewmodels import DeskRow, DueView
from kernel.web.words import cited, sentences
from kernel.workflow.models import Deadline
from procurement.bids import needs
from procurement.bids.bid_machine import BID, REJECTED
from procurement.bids.models import Bid
from procurement.tendering import selectors as tendering
from procurement.tendering.models import Lot
from procurement.tendering.objections.machine import OBJECTION

TOLD_FOR = timedelta(days=60)
"""How long a rejection stands on its bidder's desk, where nothing can be done about it any more."""
SHOWN = 20
_PUBLICITY, _FAILED = ("publicity", "publicity_paused"), ("failed", "retendered")
# As reasons are kept: grounds one after the other, in Chinese.
_KEPT_BETWEEN = gettext_noop("；")
_ARTICLE = "《招标投标法实施条例》第五十四条"


@dataclass(frozen=True)
class Remedy:
    """What a rejected bidder may do now. url: the act that does it, with what is known, or empty;
    due: until when; failed: the whole lot came to nothing.
    """

    url: str = ""
    due: DueView | None = None
    failed: bool = False


def reason(bid: Bid) -> str:
    """Why a bid was rejected, dropped or void: words of lists in the reader's language.

    What people wrote themselves stays as they wrote it.
    """
    return sentences(told(part, bid.changed_at) for part in bid.reason.split(_KEPT_BETWEEN))


def remedy(lot: Lot, now: datetime) -> Remedy:
    """Within the publicity the candidates can be objected to; of a failed lot nobody is one."""
    if lot.state not in _PUBLICITY:
        return Remedy(failed=lot.state in _FAILED)
    url = presets.open_url(OBJECTION.code, lot_number=lot.number, stage="publicity")
    ends = lot.publicity_ends_at
    if ends is None:
        return Remedy(url)
    last = clock.legal_date(ends - timedelta(seconds=1))
    until = Deadline(
        role="contractor_clerk", due_at=ends, last_day=last, unit="day",
        article=cited(_ARTICLE), source="statute_text", provisional=False,
    )  # fmt: skip
    return Remedy(url, due_view(until, now)) if ends > now else Remedy()


def shown(bid: Bid | None, now: datetime) -> dict[str, Any]:
    """The case of the bid, and why it was rejected as far as its bidder is told by now."""
    if bid is None:
        return {}
    why = needs.rejection(bid.lot_number, bid.pk) if bid.state == REJECTED else None
    lot = tendering.public_lot(bid.lot_number) if why else None
    return {
        "case_url": case_url(bid),
        "rejection": why,
        "rejection_on_record": in_words(why.on_record) if why else (),
        "remedy": remedy(lot, now) if lot else None,
    }


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Of a bidder's desk: its bids that were rejected lately, why, and until when it may object."""
    if actor.role != "contractor_clerk" or not actor.uscc:
        return
    own = Bid.objects.filter(
        bidder_uscc=actor.uscc, state=REJECTED, changed_at__gt=now - TOLD_FOR
    ).order_by("-changed_at")[:SHOWN]
    bids = list(own)
    numbers = [bid.lot_number for bid in bids]
    lots = {lot.number: lot for lot in tendering.public_register().filter(number__in=numbers)}
    for bid in bids:
        lot = lots.get(bid.lot_number)
        # Not before everybody may know the result.
        if lot is None or needs.rejection(bid.lot_number, bid.pk) is None:
            continue
        open_ = remedy(lot, now)
        words = _("投标被否决：%(why)s；可以提出异议") if open_.url else _("投标被否决：%(why)s")
        yield DeskRow(
            act=words % {"why": reason(bid)},
            reference=lot.number,
            title=lot.name,
            url=reverse("procurement:bids-lot", args=[lot.number]),
            due=open_.due,
            state=chip(BID, bid.state),
            only_told=not open_.url,
        )


desk_parts.add(rows=rows)
