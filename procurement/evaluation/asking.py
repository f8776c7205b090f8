"""A committee's written questions: as guards look at them, and as the bidder who was asked does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kernel.workflow.models import Act
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation, Question
from procurement.evaluation.rules import Asked


def asked_in(case: Evaluation) -> tuple[Asked, ...]:
    """The questions of a session."""
    asked = list(case.questions.all())
    back = _taken_back(asked)
    return tuple(
        Asked(q.pk, q.bid_id, q.uscc, q.reply_by, q.answered_at is not None, q.pk in back)
        for q in asked
    )


def asked_of(uscc: str) -> list[dict[str, Any]]:
    """What was asked of a bidder, oldest first: each question, and when it was taken back."""
    asked = list(Question.objects.filter(uscc=uscc or "-").select_related("evaluation"))
    back = _taken_back(asked)
    return [{"question": one, "recalled_at": back.get(one.pk)} for one in asked]


def _taken_back(asked: Iterable[Question]) -> dict[int, datetime]:
    """When the committee took questions back, by question.

    The question itself only keeps that its time is over; that nobody waited for it any more, and
    not that the bidder let the time pass, stands in the act.
    """
    cases = {one.evaluation_id for one in asked if one.answered_at is None}
    if not cases:
        return {}
    acts = Act.objects.filter(
        machine=EVALUATION.code, transition="recall_question", case_pk__in=cases
    )
    return {payload["clarification"]: at for payload, at in acts.values_list("payload", "at")}
