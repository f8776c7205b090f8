"""Writes of lots from draft to closing: what each act changes besides the state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.events.procurement_tendering import (
    LotClarified,
    LotClosed,
    LotFailed,
    LotPublished,
    LotRetendered,
    LotTerminated,
)
from kernel.events.registry import DomainEvent
from kernel.workflow.firing import fire
from kernel.workflow.machines import OPEN, Doing
from kernel.workflow.numbers import next_number
from kernel.workflow.receipts import Receipt
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.schemas import LotPayload


def open_lot(*, actor: Actor, payload: Mapping[str, Any], key: str) -> Receipt:
    """Open a lot of a registered project as a draft. Raises Refused with every reason."""
    return fire(LOT.code, None, OPEN, actor=actor, payload=payload, key=key)


def names(case: Lot) -> dict[str, Any]:
    """What every event of a lot says of it."""
    return {
        "lot_id": case.pk,
        "number": case.number,
        "project_number": case.project_number,
        "owner_uscc": case.owner_uscc,
        "agency_uscc": case.agency_uscc,
    }


@LOT.effect(OPEN)
def _open(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Give the lot its number: that of its project and a serial."""
    project = doing.facts.project
    case.owner_uscc, case.region = project.owner_uscc, project.region
    _fill(case, doing.payload)
    serial = next_number(f"lot:{case.project_number}")
    case.number = f"{case.project_number}-{serial:02d}"
    if doing.facts.retendered is not None:
        case.failures = doing.facts.retendered.failures
    return []


@LOT.effect("amend")
def _amend(case: Lot, doing: Doing) -> list[DomainEvent]:
    fixed = case.project_number, case.retender_of
    _fill(case, doing.payload)
    # The number says whose lot it is; what it follows was looked at when it was opened.
    case.project_number, case.retender_of = fixed
    return []


def _fill(case: Lot, payload: LotPayload) -> None:
    plain = payload.model_dump(mode="json")
    for name in LotPayload.model_fields:
        value = getattr(payload, name)
        setattr(case, name, plain[name] if isinstance(value, tuple) else value)


@LOT.effect("publish")
def _publish(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.published_at = doing.at
    case.sale_clock_at = case.sale_ends_at
    case.policy_sha256 = doing.facts.policy_sha256
    return [
        LotPublished(
            **names(case),
            name=case.name,
            kind=case.kind,
            region=case.region,
            ceiling_price_fen=case.ceiling_price_fen,
            bid_deadline_at=_instant(case.bid_deadline_at),
            policy_sha256=case.policy_sha256,
        )
    ]


@LOT.effect("close_sale")
def _close_sale(case: Lot, _doing: Doing) -> list[DomainEvent]:
    case.sale_clock_at = None
    return []


@LOT.effect("clarify")
def _clarify(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Add the addendum; move the deadline where it says so."""
    payload = doing.payload
    new = payload.bid_deadline_at
    moved = bool(new and new != case.bid_deadline_at)
    if moved:
        case.bid_deadline_at = new
    plain = payload.model_dump(mode="json")
    serial = len(case.clarifications) + 1
    case.clarifications = [
        *case.clarifications,
        {
            "serial": serial,
            "at": doing.at.isoformat(),
            "text": payload.text,
            "affects_bids": payload.affects_bids,
            "documents": plain["documents"],
            "bid_deadline_at": plain["bid_deadline_at"] if moved else None,
        },
    ]
    deadline = _instant(case.bid_deadline_at)
    return [LotClarified(**names(case), serial=serial, bid_deadline_at=deadline, moved=moved)]


@LOT.effect("pause")
def _pause(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.paused_at = doing.at
    return []


@LOT.effect("resume")
def _resume(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Go on; what ended during the pause ends so much later."""
    _shift(case, doing.at, ("sale_clock_at", "bid_deadline_at"))
    return []


def _shift(case: Lot, at: datetime, columns: tuple[str, ...]) -> None:
    for name in columns:
        instant: datetime | None = getattr(case, name)
        if instant is not None and case.paused_at is not None and instant <= at:
            setattr(case, name, instant + (at - case.paused_at))
    case.paused_at = None


@LOT.effect("close")
def _close(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.closed_at = doing.at
    return [LotClosed(**names(case), bid_deadline_at=_instant(case.bid_deadline_at))]


@LOT.effect("open_bids")
def _open_bids(case: Lot, doing: Doing) -> list[DomainEvent]:
    _count(case, doing)
    case.opened_bids_at = doing.at
    return []


@LOT.effect("fail")
def _fail(case: Lot, doing: Doing) -> list[DomainEvent]:
    if case.state == "closing" or doing.payload.closing_list_sha256:
        _count(case, doing)  # a corrected list counts anew
    case.failed_reason = doing.payload.reason
    case.failures += 1
    return [LotFailed(**names(case), failures=case.failures)]


def _count(case: Lot, doing: Doing) -> None:
    case.live_bids = doing.payload.live_bids
    case.closing_list_sha256 = doing.payload.closing_list_sha256


@LOT.effect("retender")
def _retender(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.retender_approval = doing.payload.approval_number
    return [LotRetendered(**names(case), failures=case.failures)]


@LOT.effect("terminate")
def _terminate(case: Lot, _doing: Doing) -> list[DomainEvent]:
    return [LotTerminated(**names(case))]


@LOT.effect("suspend")
def _suspend(case: Lot, doing: Doing) -> list[DomainEvent]:
    case.suspended_from = str(case.state)
    # Where an objection has stopped the time already, it stands still from then on.
    case.paused_at = case.paused_at or doing.at
    return []


def _lift(case: Lot, doing: Doing) -> list[DomainEvent]:
    """Go on from where it was stopped; what ended meanwhile ends so much later."""
    _shift(
        case,
        doing.at,
        ("sale_clock_at", "bid_deadline_at", "publicity_start_due_at", "report_due_at"),
    )
    case.suspended_from = ""
    return []


def _lift_to_pause(case: Lot, _doing: Doing) -> list[DomainEvent]:
    """An objection still waits: the time stands still until it is answered."""
    case.suspended_from = ""
    return []


for _code in ("lift", "lift_evaluation", "lift_award", "lift_awarded"):
    LOT.effect(_code)(_lift)
for _code in ("lift_pause", "lift_publicity_pause"):
    LOT.effect(_code)(_lift_to_pause)


def _instant(value: datetime | None) -> datetime:
    if value is None:
        raise ValueError("a published lot has its deadline")
    return value
