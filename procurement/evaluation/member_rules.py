"""Guards of who may judge, who steps back and who is replaced: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from kernel.errors import Refusal
from procurement.evaluation import draw
from procurement.evaluation.rules import PRESENT, EvaluationFacts, Seat, actor_leads, refuse

# Own default: who was called comes within so long of the opening, or of the call where that is
# later. Before that nobody can say that they did not appear.
TO_APPEAR = timedelta(minutes=30)


def nothing_stands_between(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Nobody evaluates a bidder for whom they work or worked (Tendering Law, art. 37)."""
    if payload is not None and not payload.no_conflict:
        yield refuse(facts, "conflict_undeclared", "committee.conflict", "no_conflict")
    yield from works_for_no_bidder(facts, payload)


def works_for_no_bidder(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Neither by what they told, now or before the draw, nor by whom they act for here."""
    if facts.mine is None:
        return
    names = {bid.uscc: bid.name for bid in facts.bids}
    told = (*facts.mine.employments, *facts.told_at_draw)
    found = draw.conflicting(told, names, facts.today, facts.numbers["draw.former_years"])
    for uscc in sorted({*found, *(facts.acts_for & names.keys())}):
        yield refuse(facts, "conflict_employer", "committee.conflict", bidder=names[uscc])


def absence_is_explained(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Stepping back and replacing have a listed cause and a written statement."""
    if payload is None:
        return
    if payload.cause not in facts.absences:
        yield refuse(facts, "cause_unlisted", "committee.replaced", "cause", code=payload.cause)
    if not payload.statement:
        yield refuse(facts, "statement_missing", "committee.replaced", "statement")


def somebody_is_left(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """There is a next one in the order of the draw."""
    if not facts.reserve:
        yield refuse(facts, "reserve_empty", "committee.drawn")


def committee_or_authority_asks(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A signed report is opened again by the committee, for which its leader acts, or by the
    supervisor: no member who saw the ranking changes points by calling for it alone.
    """
    if not facts.supervises:
        yield from actor_leads(facts, payload)


def replaced_seat_is_held(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Only who sits on the committee is replaced, and only by the next of the draw.

    Who is present steps back or is replaced by the supervisor: owner and agency, who would know
    how somebody judged, choose nobody out of the committee.
    """
    if payload is None:
        return
    seat = next((one for one in facts.members if one.number == payload.seat), None)
    if seat is None:
        yield refuse(facts, "seat_unknown", "committee.replaced", "seat", seat=payload.seat)
        return
    if not facts.reserve:
        yield refuse(facts, "reserve_empty", "committee.drawn")
    if seat.status == PRESENT and payload.cause == "no_show":
        yield refuse(facts, "present_appeared", "committee.replaced", "cause")
    if seat.status == PRESENT and not facts.supervises:
        yield refuse(facts, "present_stays", "committee.replaced", "seat", seat=payload.seat)
    if seat.status != PRESENT and not facts.supervises:
        yield from _may_still_appear(facts, seat)


def _may_still_appear(facts: EvaluationFacts, seat: Seat) -> Iterator[Refusal]:
    """Else owner and agency would call one after the other until somebody whom they like is among
    them, and the order of the draw would be none. Who cannot come declares it.
    """
    told = (facts.terms.opens_at if facts.terms else None, seat.called_at)
    until = max((at for at in told if at is not None), default=facts.at) + TO_APPEAR
    if not facts.bids:
        until = max(until, facts.at + TO_APPEAR)
    if facts.at < until:
        yield refuse(
            facts, "may_appear", "committee.replaced", "seat",
            seat=seat.number, until=until.isoformat(),
        )  # fmt: skip
