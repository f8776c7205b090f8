"""Guards of the session: votes, questions, scores, the result, the report. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.evaluation import counting, formulas
from procurement.evaluation.inputs import OpenedBid
from procurement.evaluation.rules import EvaluationFacts, refuse
from procurement.evaluation.schemas import STAGES

# The ground of rejection that an authority's decision is, whichever of the three it found.
VOID = "collusion"


def bid_is_opened(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """What is voted on and scored is an opened bid of this lot."""
    if payload is not None and facts.bid(payload.bid_id) is None:
        yield refuse(facts, "bid_unknown", "score.criteria", "bid_id", bid=payload.bid_id)


def vote_is_whole(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Form, qualification and response are each answered once."""
    if payload is None:
        return
    given = [finding.stage for finding in payload.findings]
    if sorted(given) != sorted(STAGES):
        yield refuse(facts, "vote_incomplete", "score.criteria", "findings")


def rejection_has_its_ground(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A bid fails only on a ground of art. 51, with what was seen; who passes it names none."""
    for place, finding in enumerate(payload.findings if payload is not None else ()):
        field = f"findings.{place}"
        if finding.passed:
            if finding.ground:
                yield refuse(facts, "ground_of_passed", "vote.rejection", f"{field}.ground")
            continue
        if finding.ground not in facts.grounds:
            yield refuse(
                facts, "ground_unlisted", "vote.rejection", f"{field}.ground", code=finding.ground
            )
        if not finding.evidence:
            yield refuse(facts, "evidence_missing", "vote.rejection", f"{field}.evidence")


def record_is_not_voted_away(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Nobody passes a bid at a step that it fails by what is on record (``inputs.Fault``)."""
    for place, finding in enumerate(payload.findings if payload is not None else ()):
        for fault in facts.faults if finding.passed else ():
            if fault.stage == finding.stage:
                why = fault.refusal
                yield Refusal(why.code, why.facts, why.article, f"findings.{place}.passed")


def votes_are_in(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Every member has voted on every bid, and where most reject, they agree why."""
    open_ones = counting.missing(facts.votes, _seats(facts), _bids(facts))
    if open_ones:
        yield refuse(facts, "votes_missing", "vote.majority", number=len(open_ones))
        return
    for bid in counting.undecided(facts.votes, _bids(facts), len(facts.members)):
        yield refuse(facts, "grounds_differ", "vote.majority", bidder=_name(facts, bid))


def a_bid_is_left(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Where all are rejected there is nothing to score; the evaluation fails."""
    if not valid(facts):
        yield refuse(facts, "none_valid", "competition.fewest")


def competition_is_lost(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """All bids fail where none is valid, or too few to compete and the committee says so."""
    left, fewest = len(valid(facts)), facts.numbers["competition.fewest"]
    if left >= fewest:
        yield refuse(facts, "competition_holds", "competition.fewest", left=left, fewest=fewest)
    elif left and payload is not None and not payload.reason:
        yield refuse(facts, "reason_missing", "competition.fewest", "reason")


def scored_bid_is_valid(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A rejected bid is not scored."""
    if payload is None or facts.bid(payload.bid_id) is None:
        return
    if payload.bid_id not in valid(facts):
        yield refuse(facts, "bid_rejected", "score.criteria", "bid_id")


def marks_are_whole_and_bounded(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Each criterion of the documents once, nothing else, within its bounds, two decimals."""
    if payload is None or facts.terms is None:
        return
    known = {one.code: one for one in facts.terms.criteria}
    given = [mark.criterion for mark in payload.marks]
    for code in sorted(set(known) - set(given)):
        yield refuse(facts, "mark_missing", "score.criteria", "marks", criterion=known[code].label)
    for place, mark in enumerate(payload.marks):
        field = f"marks.{place}.points"
        if mark.criterion not in known or given.count(mark.criterion) > 1:
            yield refuse(facts, "criterion_unknown", "score.criteria", field, code=mark.criterion)
            continue
        try:
            points = formulas.parse_points(mark.points)
        except ValueError:
            yield refuse(facts, "points_decimals", "score.criteria", field)
            continue
        limit = known[mark.criterion].maximum
        if points > limit:
            yield refuse(
                facts, "points_high", "score.criteria", field,
                criterion=known[mark.criterion].label, most=formulas.points(limit),
            )  # fmt: skip


def scores_are_in(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Every member has scored every valid bid."""
    open_ones = counting.missing(facts.scores, _seats(facts), valid(facts))
    if open_ones:
        yield refuse(facts, "scores_missing", "score.criteria", number=len(open_ones))


def deviations_are_explained(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Who is far off the mean has written why."""
    percent = facts.numbers["score.deviation_percent"]
    for seat, bid in counting.unexplained(facts.scores, valid(facts), percent):
        yield refuse(
            facts, "deviation_unexplained", "score.deviation_percent",
            seat=seat, bidder=_name(facts, bid), percent=percent,
        )  # fmt: skip


def what_the_formula_needs_was_drawn(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """A factor was drawn at the opening, before any bid was opened."""
    name = formula_of(facts)
    if name not in formulas.BENCHMARKS:
        yield refuse(facts, "formula_unknown", "score.criteria", formula=name)
    elif name in formulas.NEEDS_FACTOR and (facts.opened is None or facts.opened.factor is None):
        yield refuse(facts, "factor_missing", "formula.m2")


def result_stands(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """What was counted is what comes out when it is counted again."""
    if facts.result_sha256 != facts.counted_sha256:
        yield refuse(facts, "result_differs", "score.criteria")


def result_differs(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """What was counted is counted again only where something else comes out now."""
    if facts.result_sha256 == facts.counted_sha256:
        yield refuse(facts, "result_same", "score.criteria")


def candidates_are_not_public(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Once candidates are public the committee looks again only when they were sent back to it."""
    if facts.terms is not None and facts.terms.publicised:
        yield refuse(facts, "candidates_public", "report.signed")


def opinion_is_given(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A different opinion stands in writing with its reasons."""
    if payload is not None and not payload.opinion:
        yield refuse(facts, "opinion_missing", "report.signed", "opinion")


def refuser_is_a_member(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Who does not sign is a member, and was not noted before."""
    if payload is None:
        return
    seat = next((one for one in facts.members if one.number == payload.seat), None)
    if seat is None or seat.signing:
        yield refuse(facts, "seat_unknown", "report.signed", "seat", seat=payload.seat)


def a_majority_signs(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A report that most members do not sign is none."""
    left = sum(not seat.signing for seat in facts.members) - (payload is not None)
    if 2 * left <= len(facts.members):
        yield refuse(facts, "signers_few", "report.signed", left=left)


def valid(facts: EvaluationFacts) -> tuple[int, ...]:
    """The bids that no majority rejected and no authority found void."""
    return counting.valid_bids(facts.votes, _bids(facts), len(facts.members))


def rejected_for(facts: EvaluationFacts, bid: OpenedBid) -> tuple[str, ...]:
    """Why a bid is out: what a majority found, and an authority's decision (art. 51(7))."""
    found = counting.rejected_for(facts.votes, bid.bid_id, len(facts.members))
    return tuple(sorted({*found, VOID})) if bid.void else found


def formula_of(facts: EvaluationFacts) -> str:
    """The name of the formula that the lot's documents chose, by the rule set."""
    if facts.terms is None:
        return ""
    return str(facts.numbers.values.get(f"formula.{facts.terms.formula}", ""))


def inputs(facts: EvaluationFacts) -> dict[str, Any]:
    """All that the result is counted from (see ``counting.result``)."""
    terms, numbers, name = facts.terms, facts.numbers, formula_of(facts)
    if terms is None or facts.opened is None:
        raise ValueError("nothing was opened")
    left = valid(facts)
    return {
        "formula": name,
        "trim_above": numbers["formula.trim_above"],
        "factor": facts.opened.factor if name in formulas.NEEDS_FACTOR else None,
        "price_marks": terms.price_marks,
        "rise": terms.rise,
        "fall": terms.fall,
        "credit_marks": terms.credit_marks,
        "credit_full": numbers["credit.full"],
        "seed": facts.opened.seed,
        "bids": [
            {
                "bid_id": bid.bid_id,
                "uscc": bid.uscc,
                "price_fen": bid.price_fen,
                "credit": bid.credit,
                "scores": [
                    {"seat": s.seat, "technical": s.technical, "commercial": s.commercial}
                    for s in facts.scores
                    if s.bid_id == bid.bid_id
                ],
            }
            for bid in facts.bids
            if bid.bid_id in left
        ],
        "rejected": [
            {
                "bid_id": bid.bid_id,
                "uscc": bid.uscc,
                "codes": list(rejected_for(facts, bid)),
            }
            for bid in facts.bids
            if bid.bid_id not in left
        ],
    }


def _seats(facts: EvaluationFacts) -> list[int]:
    return [seat.number for seat in facts.members]


def _bids(facts: EvaluationFacts) -> list[int]:
    """Those that are voted on: of a void one nothing is left to find."""
    return [bid.bid_id for bid in facts.bids if not bid.void]


def _name(facts: EvaluationFacts, bid_id: int) -> str:
    bid = facts.bid(bid_id)
    return bid.name if bid else str(bid_id)
