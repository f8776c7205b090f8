"""Guards of the time for a review (Regulations of the Tendering Law, art. 48). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from kernel.web import formats
from procurement.evaluation.rules import EvaluationFacts, refuse


def time_is_limited(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Where the owner set no time, none is too short."""
    if facts.ends_at is None:
        yield refuse(facts, "time_unlimited", "committee.time")


def time_is_asked_for_once(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """A member counts once until the time is extended."""
    if facts.mine is not None and facts.mine.short:
        yield refuse(facts, "time_asked", "committee.time")


def more_than_a_third_asks(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """The time is extended when more than a third of the members hold it to be too short."""
    if not _is_too_short(facts):
        yield refuse(
            facts, "time_not_short", "committee.time",
            asked=facts.short_of_time, members=len(facts.members),
        )  # fmt: skip


def new_end_is_later(facts: EvaluationFacts, payload: Any) -> Iterator[Refusal]:
    """An extension ends after now and after what it extends."""
    if payload is not None and payload.until <= max(facts.at, facts.ends_at or facts.at):
        yield refuse(facts, "time_end_early", "committee.time", "until")


def time_is_left(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody votes or scores after the time; a review of errors has none of its own."""
    if facts.state != "review" and facts.ends_at is not None and facts.at > facts.ends_at:
        yield refuse(facts, "time_over", "committee.time", ended=formats.minute(facts.ends_at))


def time_was_extended(facts: EvaluationFacts, _payload: Any) -> Iterator[Refusal]:
    """No result is confirmed over more than a third who asked for more time and got none."""
    if _is_too_short(facts):
        yield refuse(
            facts, "time_not_extended", "committee.time",
            asked=facts.short_of_time, members=len(facts.members),
        )  # fmt: skip


def _is_too_short(facts: EvaluationFacts) -> bool:
    return is_too_short(facts.short_of_time, len(facts.members))


def is_too_short(asked: int, members: int) -> bool:
    """Whether the law holds a time to be too short: more than a third of the members do."""
    return asked * 3 > members
