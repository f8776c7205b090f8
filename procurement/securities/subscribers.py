"""What a signed contract causes: the bid securities of its lot are to be returned."""

from __future__ import annotations

from typing import Any

from kernel.events.procurement_tendering import LotContracted
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from procurement.securities import selectors
from procurement.securities.machine import SECURITY


@subscribe(LotContracted, "procurement.securities.contracted")
def bid_securities_are_called_back(envelope: Envelope, _prepared: Any) -> None:
    """Start the five days of each bid security of the lot, winner and losers alike."""
    event = envelope.event
    assert isinstance(event, LotContracted)
    for held in selectors.in_force("bid", event.number, envelope.occurred_at):
        call_back(held.pk, "contract_signed", envelope)


def call_back(pk: int, reason: str, envelope: Envelope) -> None:
    """Let a security be due for return because of an event."""
    follow(
        SECURITY.code,
        pk,
        "call_back",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={"reason": reason},
    )
