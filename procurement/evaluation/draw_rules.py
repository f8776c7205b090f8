"""Guards of when a committee is formed and drawn: before the opening, or by leave. Pure.

The opening is an hour that the documents name (Tendering Law, art. 34), not the moment at which
its last share arrives: whoever has bid is known to some from that hour on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from kernel.errors import Refusal
from procurement.evaluation.inputs import LotTerms
from procurement.evaluation.rules import EvaluationFacts, refuse


def lot_is_live(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody is drawn for a lot that has failed, was ended or is stopped."""
    if facts.terms is not None and not facts.terms.live:
        yield refuse(facts, "lot_over", "committee.drawn")


def committee_is_formed_in_time(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """Before the opening. What is formed after it is an application to the supervising authority,
    and says why: who bids is known by then, and nobody draws without leave (draw_late).
    """
    if payload is None or not _is_too_late(facts):
        return
    if not payload.late_reason.strip():
        yield refuse(facts, "formed_late", "draw.after_opening", "late_reason")


def _is_too_late(facts: EvaluationFacts) -> bool:
    if facts.terms is None or facts.numbers["draw.after_opening"]:
        return False
    return was_overtaken(facts.terms, facts.at)


def was_overtaken(terms: LotTerms, at: datetime) -> bool:
    """Whether the hour of the opening has come, or the bids are open."""
    return terms.opened or at >= terms.opens_at


def it_is_time_to_draw(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Neither long before the opening nor, where the row says so, after it."""
    if facts.terms is None:
        return
    hours = facts.numbers["draw.hours_before"]
    if facts.at < facts.terms.opens_at - timedelta(hours=hours):
        yield refuse(
            facts, "draw_early", "draw.hours_before",
            opens=facts.terms.opens_at.isoformat(), hours=hours,
        )  # fmt: skip
    if _is_too_late(facts) and not facts.late_draw:
        yield refuse(facts, "draw_late", "draw.after_opening")


def draw_is_too_late(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what the opening overtook is allowed by the supervising authority, and once."""
    if facts.terms is None:
        return
    if not _is_too_late(facts):
        yield refuse(facts, "draw_in_time", "draw.after_opening")
    if facts.late_draw:
        yield refuse(facts, "late_draw_allowed", "draw.after_opening")


def late_draw_is_reasoned(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """The decision has a number and says why."""
    if payload is None:
        return
    for name in ("document", "reason"):
        if not getattr(payload, name).strip():
            yield refuse(facts, f"late_draw_{name}", "draw.after_opening", name)
