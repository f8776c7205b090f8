"""Writes of objections: what each act changes besides the state."""

from __future__ import annotations

from datetime import datetime

from kernel import clock
from kernel.events.procurement_tendering import ObjectionAnswered, ObjectionRaised
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from procurement.tendering.models import Lot
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.objections.models import Objection


@OBJECTION.effect("raise")
def _raise(case: Objection, doing: Doing) -> list[DomainEvent]:
    """Note who objects to what; the time to answer runs."""
    lot = Lot.objects.get(number=doing.payload.lot_number)
    case.lot_id, case.lot_number = lot.pk, lot.number
    case.project_number, case.region = lot.project_number, lot.region
    case.owner_uscc, case.agency_uscc = lot.owner_uscc, lot.agency_uscc
    case.raiser_uscc = doing.actor.uscc
    case.stage, case.text = doing.payload.stage, doing.payload.text
    case.file_sha256 = doing.payload.file_sha256
    case.interest = doing.payload.interest
    case.interest_sha256 = doing.payload.interest_sha256
    case.raised_at = doing.at
    case.answer_due_at = _answer_due(lot, case.stage, doing.at)
    return [ObjectionRaised(lot_id=lot.pk, stage=case.stage)]


def _answer_due(lot: Lot, stage: str, at: datetime) -> datetime:
    """Within the law's days; at an opening on the spot, which is told here by its day's end."""
    if stage == "opening":
        return clock.end_of(clock.legal_date(at))
    return due(
        at, "tender.objection.answer", region=lot.region, subject={"stage": stage},
        provisional=True,
    ).at  # fmt: skip


@OBJECTION.effect("answer")
def _answer(case: Objection, doing: Doing) -> list[DomainEvent]:
    case.answer, case.upheld = doing.payload.text, doing.payload.upheld
    case.answered_at = doing.at
    return [_settled(case, "upheld" if case.upheld else "answered")]


@OBJECTION.effect("withdraw")
def _withdraw(case: Objection, _doing: Doing) -> list[DomainEvent]:
    return [_settled(case, "withdrawn")]


def _settled(case: Objection, outcome: str) -> ObjectionAnswered:
    return ObjectionAnswered(case.pk, case.lot_id, case.stage, outcome)
