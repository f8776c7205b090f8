"""A lot that its owner terminated is never opened: its opening ends, its bids go back closed."""

from __future__ import annotations

from datetime import datetime

from procurement.bids import acting, closing, lots
from procurement.bids.bid_machine import AWAITING, PART_OPENED, RECEIVED
from procurement.bids.machines import OPENED, OPENING
from procurement.bids.models import Opening
from procurement.bids.rules.common import TERMINATED


def is_over(lot_number: str) -> bool:
    """Whether a lot was terminated."""
    lot = lots.find(lot_number)
    return lot is not None and lot.state == TERMINATED


def end(lot_number: str, at: datetime) -> None:
    """End what a terminated lot has of an opening; what was opened before it stays as it is.

    Also where no list was made yet. Outside any transaction; may be called again: what is done
    stays done.
    """
    openings = Opening.objects.filter(lot_number=lot_number)
    if openings.filter(state=OPENED).exists():
        return
    for pk in openings.values_list("pk", flat=True):
        acting.follows(OPENING, pk, "end_with_lot", key="end_with_lot", at=at)
    closing.give_back(lot_number, "lot_terminated", at, (RECEIVED, AWAITING, PART_OPENED))
    closing.delete_dead(lot_number, all_of_it=True)
