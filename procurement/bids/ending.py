"""A lot that its owner terminated is never opened: its opening ends, its bids go back closed."""

from __future__ import annotations

from datetime import datetime

from procurement.bids import acting, closing, lots
from procurement.bids.bid_machine import (
    AWAITING,
    BID,
    CANDIDATE,
    PART_OPENED,
    RANKED,
    RECEIVED,
    SCORED,
    VALID,
)
from procurement.bids.bid_machine import OPENED as BID_OPENED
from procurement.bids.machines import OPENED, OPENING
from procurement.bids.models import Bid, Opening
from procurement.bids.rules.common import TERMINATED

_JUDGED = (BID_OPENED, VALID, SCORED, RANKED, CANDIDATE)


def is_over(lot_number: str) -> bool:
    """Whether a lot was terminated."""
    lot = lots.find(lot_number)
    return lot is not None and lot.state == TERMINATED


def end(lot_number: str, at: datetime) -> None:
    """End what a terminated lot has of an opening, also where no list was made yet.

    What was opened before stays open to its readers, and is judged no more: each such bid ends by
    an act that says why. A contract there is none: after its award notice no lot is terminated
    (``under_way.no_award_is_out``). Outside any transaction; may be called again: what is done
    stays done.
    """
    openings = Opening.objects.filter(lot_number=lot_number)
    if openings.filter(state=OPENED).exists():
        judged = Bid.objects.filter(lot_number=lot_number, state__in=_JUDGED)
        for pk in judged.values_list("pk", flat=True):
            acting.follows(BID, pk, "end_with_lot", key="end_with_lot", at=at)
        return
    for pk in openings.values_list("pk", flat=True):
        acting.follows(OPENING, pk, "end_with_lot", key="end_with_lot", at=at)
    closing.give_back(lot_number, "lot_terminated", at, (RECEIVED, AWAITING, PART_OPENED))
    closing.delete_dead(lot_number, all_of_it=True)
