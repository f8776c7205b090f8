"""An objection pauses its lot; when the last one is answered, the lot goes on."""

from __future__ import annotations

from typing import Any

from kernel.events.procurement_tendering import ObjectionAnswered, ObjectionRaised
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from procurement.tendering.fact_loader import open_objections
from procurement.tendering.machine import LOT

# At an opening it is answered on the spot: nothing is paused.
_PAUSE = {"documents": "pause", "publicity": "pause_publicity"}
_RESUME = {"documents": "resume", "publicity": "resume_publicity"}


@subscribe(ObjectionRaised, "procurement.tendering.pause")
def lot_is_paused(envelope: Envelope, _prepared: Any) -> None:
    """Pause, unless the lot is paused already or the objection was answered meanwhile."""
    event = envelope.event
    assert isinstance(event, ObjectionRaised)
    if event.stage in _PAUSE and open_objections(event.lot_id):
        _follow(event.lot_id, _PAUSE[event.stage], envelope)


@subscribe(ObjectionAnswered, "procurement.tendering.resume")
def lot_is_resumed(envelope: Envelope, _prepared: Any) -> None:
    """Resume once nothing waits for an answer any more."""
    event = envelope.event
    assert isinstance(event, ObjectionAnswered)
    if event.stage in _RESUME and not open_objections(event.lot_id):
        _follow(event.lot_id, _RESUME[event.stage], envelope)


def _follow(lot_id: int, act: str, envelope: Envelope) -> None:
    follow(LOT.code, lot_id, act, key=f"event:{envelope.id}", at=envelope.occurred_at)
