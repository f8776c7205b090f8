"""The time that members have, and what becomes of it when more than a third find it too short."""

from __future__ import annotations

from datetime import timedelta

from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing
from procurement.evaluation.committee import seat_of
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation


@EVALUATION.effect("start_preliminary")
def _start(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.ends_at = doing.at + timedelta(hours=case.hours) if case.hours else None
    return []


@EVALUATION.effect("ask_time")
def _ask_time(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    seat = seat_of(case, doing.facts.mine.number)
    seat.asked_time_at = doing.at
    seat.save(update_fields=["asked_time_at"])
    return []


@EVALUATION.effect("extend_time")
def _extend(case: Evaluation, doing: Doing) -> list[DomainEvent]:
    case.ends_at = doing.payload.until
    case.seats.update(asked_time_at=None)
    return []
