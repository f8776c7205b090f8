"""What a committee asks of a bidder in writing, and how long scoring waits for the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.evaluation.rules import Asked, EvaluationFacts, refuse
from procurement.evaluation.session_rules import valid


def question_is_lawful(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A question is in writing, to a bidder still in the race, with time to answer."""
    if payload is None:
        return
    if not payload.question:
        yield refuse(facts, "question_missing", "clarification.asked", "question")
    if payload.reply_by <= facts.at:
        yield refuse(facts, "reply_time_past", "clarification.asked", "reply_by")
    if facts.bid(payload.bid_id) is not None and payload.bid_id not in valid(facts):
        yield refuse(facts, "bid_rejected", "clarification.asked", "bid_id")


def question_is_open(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """A bidder answers what it was asked, once, in writing, in time."""
    if payload is None:
        return
    asked = next(
        (q for q in facts.asked if q.pk == payload.clarification and q.uscc == facts.actor_uscc),
        None,
    )
    if asked is None:
        yield refuse(facts, "question_unknown", "clarification.asked", "clarification")
        return
    if asked.answered:
        yield refuse(facts, "question_answered", "clarification.asked", "clarification")
    if asked.recalled:
        yield refuse(facts, "question_recalled", "clarification.asked", "clarification")
    elif facts.at > asked.reply_by:
        yield refuse(facts, "reply_late", "clarification.asked", "clarification")
    if not payload.answer:
        yield refuse(facts, "answer_missing", "clarification.asked", "answer")


def question_waits(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Only what still waits for its answer is taken back."""
    open_ones = {q.pk for q in waiting(facts)}
    if not open_ones:
        yield refuse(facts, "no_question_open", "clarification.asked")
    elif payload is not None and payload.clarification not in open_ones:
        yield refuse(facts, "question_unknown", "clarification.asked", "clarification")


def waiting(facts: EvaluationFacts) -> tuple[Asked, ...]:
    """The questions that still wait for their answer, and whose time has not passed."""
    return tuple(q for q in facts.asked if not q.answered and facts.at <= q.reply_by)


def questions_are_settled(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Scoring begins when every question is answered or its time has passed."""
    if open_ones := waiting(facts):
        yield refuse(facts, "questions_open", "clarification.asked", number=len(open_ones))
