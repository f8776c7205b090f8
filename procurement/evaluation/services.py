"""What a session's acts change: votes, clarifications, marks. fire() calls these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import Conflict
from kernel.events.procurement_evaluation import EvaluationScored, EvaluationVoted
from kernel.events.registry import DomainEvent
from kernel.workflow.firing import fire
from kernel.workflow.machines import Doing
from kernel.workflow.receipts import Receipt
from procurement.evaluation import formulas, selectors
from procurement.evaluation import session_rules as session
from procurement.evaluation.committee import seat_of
from procurement.evaluation.inputs import TECHNICAL
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import BidScore, BidVote, BillFinding, Evaluation, Question
from procurement.evaluation.states import PRELIMINARY

_TRIES = 8


def act_as_member(
    pk: int, transition: str, *, actor: Actor, payload: Mapping[str, Any], key: str
) -> Receipt:
    """A member's own act in a session where others act at the same time.

    What a member looks at (the opened bids, their own entries) no other member's act changes, so
    the case's present version is what they saw. Raises Refused with every reason.
    """
    for left in reversed(range(_TRIES)):
        version = Evaluation.objects.values_list("version", flat=True).get(pk=pk)
        try:
            return fire(
                EVALUATION.code,
                pk,
                transition,
                actor=actor,
                payload=payload,
                key=key,
                seen_version=version,
            )
        except Conflict as conflict:
            overtaken = {"workflow.act.stale", "workflow.act.lost_race"}
            if not left or not overtaken & {r.code for r in conflict.refusals}:
                raise
    raise AssertionError("unreachable")


@EVALUATION.effect("vote")
def _vote(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    BidVote.objects.update_or_create(
        seat=seat_of(case, doing.facts.mine.number),
        bid_id=payload.bid_id,
        defaults={
            "evaluation": case,
            "findings": [finding.model_dump(mode="json") for finding in payload.findings],
            "at": doing.at,
            "void": False,
        },
    )
    now = selectors.facts(case, doing.at)
    done = not list(session.votes_are_in(now, None)) and bool(session.valid(now))
    if case.state != PRELIMINARY or not done:
        return []
    return [EvaluationVoted(case.pk, case.lot_number)]


@EVALUATION.effect("clear")
def _clear(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.findings.all().delete()
    BillFinding.objects.bulk_create(
        BillFinding(
            evaluation=case,
            bid_id=found.bid_id,
            finding=found.model_dump(mode="json", exclude={"bid_id"}),
        )
        for found in doing.payload.findings
    )
    return []


@EVALUATION.effect("clarify")
def _clarify(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    Question.objects.create(
        evaluation=case,
        bid_id=payload.bid_id,
        uscc=doing.facts.bid(payload.bid_id).uscc,
        question=payload.question,
        asked_at=doing.at,
        reply_by=payload.reply_by,
    )
    return []


@EVALUATION.effect("recall_question")
def _recall(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    """Nobody waits for it from now on: its time is over."""
    over = doing.at - timedelta(microseconds=1)
    case.questions.filter(pk=doing.payload.clarification).update(reply_by=over)
    return []


@EVALUATION.effect("reply")
def _reply(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    Question.objects.filter(evaluation_id=case.pk, pk=doing.payload.clarification).update(
        answer=doing.payload.answer, answered_at=doing.at
    )
    return []


@EVALUATION.effect("score_detail")
def _score(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _give(case, doing)
    now = selectors.facts(case, doing.at)
    waiting = (*session.scores_are_in(now, None), *session.deviations_are_explained(now, None))
    return [] if waiting else [EvaluationScored(case.pk, case.lot_number)]


@EVALUATION.effect("rescore")
def _rescore(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    _give(case, doing)
    return []


def _give(case: Evaluation, doing: Doing) -> None:
    kinds = {one.code: one.kind for one in doing.facts.terms.criteria}
    marks = {m.criterion: formulas.parse_points(m.points) for m in doing.payload.marks}
    technical = sum(given for code, given in marks.items() if kinds[code] == TECHNICAL)
    BidScore.objects.update_or_create(
        seat=seat_of(case, doing.facts.mine.number),
        bid_id=doing.payload.bid_id,
        defaults={
            "evaluation": case,
            "marks": marks,
            "technical": technical,
            "commercial": sum(marks.values()) - technical,
            "reason": doing.payload.deviation_reason,
            "at": doing.at,
            "void": False,
        },
    )
