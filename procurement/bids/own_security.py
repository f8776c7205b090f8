"""A bidder's own bid security against what its lot asks for, before its evaluation looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel import clock
from procurement.bids import needs
from procurement.bids.lots import Lot

NONE, TERM, SHORT, WHOLE = "none", "term", "short", "whole"


@dataclass(frozen=True)
class Standing:
    """asked_fen: what the lot asks for. least: the day up to which it has to be good.

    held: those for the lot's owner. state: ``none``; ``term``: none is good for long enough;
    ``short``: those that are do not reach the amount; ``whole``.
    """

    asked_fen: int
    least: date
    held: tuple[needs.OwnSecurity, ...]
    state: str


def standing(lot: Lot, uscc: str, at: datetime) -> Standing | None:
    """How a bidder's own security stands for a lot; None where the lot takes no bids or asks
    for none.

    The same rule as the evaluation's (``procurement.evaluation.on_record``), which asks it of the
    deadline.
    """
    if lot.state != "published" or not lot.security_fen or lot.bid_deadline_at is None:
        return None
    least = clock.legal_date(lot.bid_deadline_at) + timedelta(days=lot.validity_days)
    held = tuple(
        one
        for one in needs.own_securities(lot.number, uscc, at)
        if one.beneficiary_uscc == lot.owner_uscc
    )
    return Standing(lot.security_fen, least, held, _state(lot.security_fen, least, held))


def _state(asked_fen: int, least: date, held: tuple[needs.OwnSecurity, ...]) -> str:
    if not held:
        return NONE
    good = [one.amount_fen for one in held if one.valid_to >= least]
    if not good:
        return TERM
    return WHOLE if sum(good) >= asked_fen else SHORT
