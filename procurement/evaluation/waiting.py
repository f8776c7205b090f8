"""What of a session really waits on desks: nothing that was done, nothing that would be refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.workflow import judge
from procurement.evaluation import counting, rules, selectors, time_rules
from procurement.evaluation import session_rules as session
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import CommitteeSeat, Question
from procurement.evaluation.states import PRELIMINARY, REVIEW

_DESK = tuple(act for act in EVALUATION.transitions if act.desk)
_EVERY = frozenset(act.code for act in _DESK)


@EVALUATION.sifts
def waiting(cases: Sequence[Any], actor: Actor, at: datetime) -> dict[int, frozenset[str]]:
    """What these actors can do in each of these evaluations.

    A member sits in few sessions at a time, and of each its guards are asked. Of an owner's, an
    agency's, a bidder's evaluations one query is asked for all.
    """
    if actor.role == "expert":
        return {case.pk: _of_member(case, actor, at) for case in cases}
    if actor.role == "contractor_clerk":
        asked = _answerable(cases, actor, at)
        return {
            case.pk: frozenset({"reply"} & _EVERY if case.pk in asked else ()) for case in cases
        }
    short = _short_of_time(cases)
    return {case.pk: _EVERY if case.pk in short else _EVERY - {"extend_time"} for case in cases}


def _of_member(case: Any, actor: Actor, at: datetime) -> frozenset[str]:
    facts = selectors.facts(case, at, actor=actor)
    able = {act.code for act in _DESK if not judge.refusals(EVALUATION, act, case, facts, None)}
    if facts.mine is not None and facts.mine.status == rules.CALLED:
        # Who was called is told so before the bids are opened; the act's page says when.
        able.add("check_in")
    else:
        able.discard("check_in")
    if not left_to_vote(facts) and case.state != REVIEW:
        able.discard("vote")
    if not left_to_score(facts):
        able.discard("score_detail")
    if session.valid(facts):  # too few to compete is the committee's to say, and waits for nobody
        able.discard("fail")
    return frozenset(able)


def left_to_vote(facts: rules.EvaluationFacts) -> tuple[int, ...]:
    """Bids that the actor has not voted on, and those whose rejection lacks a shared ground."""
    if facts.mine is None:
        return ()
    bids = [bid.bid_id for bid in facts.bids if not bid.void]
    missing = {bid for _seat, bid in counting.missing(facts.votes, [facts.mine.number], bids)}
    return tuple(sorted(missing | set(counting.undecided(facts.votes, bids, len(facts.members)))))


def left_to_score(facts: rules.EvaluationFacts) -> tuple[int, ...]:
    """Valid bids that the actor has not scored, and those where they must say why so far off."""
    if facts.mine is None:
        return ()
    seat = facts.mine.number
    missing = {bid for _seat, bid in counting.missing(facts.scores, [seat], session.valid(facts))}
    return tuple(sorted(missing | set(own_deviations(facts, seat))))


def own_deviations(facts: rules.EvaluationFacts, seat: int) -> list[int]:
    """Bids for which a member must say why; only once everybody has scored."""
    left = session.valid(facts)
    if counting.missing(facts.scores, [s.number for s in facts.members], left):
        return []
    percent = facts.numbers["score.deviation_percent"]
    return [bid for who, bid in counting.unexplained(facts.scores, left, percent) if who == seat]


def only_failing_is_left(facts: rules.EvaluationFacts) -> bool:
    """Whether all have voted and no bid is left: then the leader rejects them all."""
    voted = not list(session.votes_are_in(facts, None))
    return facts.state == PRELIMINARY and bool(facts.bids) and voted and not session.valid(facts)


def _answerable(cases: Sequence[Any], actor: Actor, at: datetime) -> set[int]:
    """Evaluations in which a question to a bidder still waits, and its time has not passed."""
    found = Question.objects.filter(
        evaluation__in=cases, uscc=actor.uscc, answered_at=None, reply_by__gte=at
    )
    return set(found.values_list("evaluation_id", flat=True))


def _short_of_time(cases: Sequence[Any]) -> set[int]:
    """Evaluations whose time more than a third of the members hold to be too short."""
    limited = [case.pk for case in cases if case.ends_at is not None]
    if not limited:
        return set()
    members: dict[int, list[bool]] = {}
    rows = CommitteeSeat.objects.filter(evaluation_id__in=limited).exclude(status=rules.GONE)
    for pk, asked in rows.values_list("evaluation_id", "asked_time_at"):
        members.setdefault(pk, []).append(asked is not None)
    return {pk for pk, said in members.items() if time_rules.is_too_short(sum(said), len(said))}
