"""The credit certificates of an opening: the grade for everybody, the reasons for who judges.

They are taken at the closing, and are nobody's to know of before the bids are open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse

from credit.scoring import entitled
from credit.scoring import selectors as scoring
from credit.scoring.points import graded, points
from kernel.access.actors import Actor
from procurement.bids import selectors
from procurement.bids.access import JUDGES
from procurement.bids.machines import OPENED
from procurement.bids.machines import OPENING as MACHINE
from procurement.bids.models import Bid, Opening
from procurement.bids.relations import SEALED

OPENING = "procurement.opening"
"""What a certificate of an opening is for; the lot's number stands behind a colon."""


def purpose(lot_number: str) -> str:
    """What the certificates of a lot's opening are for."""
    return f"{OPENING}:{lot_number}"


@dataclass(frozen=True)
class Grade:
    """What a certificate said at an opening. reasons_url: empty for who may not open them."""

    grade: str
    value: str
    number: str
    url: str
    reasons_url: str = ""


def judges(actor: Actor, lot_number: str) -> bool:
    """Whether an actor runs or supervises a lot whose opening is over."""
    relations = {row.relation for row in JUDGES if row.role == actor.role}
    if not relations:
        return False
    found = Opening.objects.filter(lot_number=lot_number, state=OPENED).first()
    return found is not None and any(
        (relation := MACHINE.relation(code)) is not None and relation.holds(found, actor)
        for code in relations
    )


def known(certified: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of (bidder, lot) those who are known to have bid: the lot is opened, and their bid was.

    One query.
    """
    lots = [lot for _uscc, lot in certified]
    opened = Opening.objects.filter(lot_number__in=lots, state=OPENED).values("lot_number")
    rows = Bid.objects.filter(
        lot_number__in=opened, bidder_uscc__in=[uscc for uscc, _lot in certified]
    ).exclude(state__in=SEALED)
    return set(rows.values_list("bidder_uscc", "lot_number")).intersection(certified)


def at_opening(lot_number: str, usccs: Iterable[str], actor: Actor | None) -> dict[str, Grade]:
    """The grades of some bidders of an opened lot, by credit code; empty before the opening.

    Two queries, one more for who may be a judge.
    """
    if not selectors.is_opened(lot_number):
        return {}
    held = scoring.certificates(usccs, purpose(lot_number))
    judge = actor is not None and judges(actor, lot_number)
    return {
        uscc: Grade(
            grade=graded(one.grade),
            value=points(one.millionths),
            number=one.number,
            url=reverse("credit:enterprise", args=[uscc]),
            reasons_url=reverse("credit:certificate", args=[one.number])
            if judge or (actor is not None and entitled.may_see_all(actor, uscc))
            else "",
        )
        for uscc, one in held.items()
    }
