"""What causes the return of bid securities: a bid taken back, a signed contract."""

from __future__ import annotations

from typing import Any

from kernel.events.procurement_bids import BidResubmitted, BidWithdrawn
from kernel.events.procurement_tendering import LotContracted
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from procurement.securities import needs, selectors
from procurement.securities.machine import SECURITY


@subscribe(LotContracted, "procurement.securities.contracted")
def bid_securities_are_called_back(envelope: Envelope, _prepared: Any) -> None:
    """Start the five days of each bid security of the lot, winner and losers alike."""
    event = envelope.event
    assert isinstance(event, LotContracted)
    for held in selectors.in_force("bid", event.number, envelope.occurred_at):
        call_back(held.pk, "contract_signed", envelope)


@subscribe(BidWithdrawn, "procurement.securities.withdrawn")
def withdrawn_bid_releases_its_security(envelope: Envelope, _prepared: Any) -> None:
    """Start the five days of the guarantee behind a bid that its bidder took back (art. 35)."""
    event = envelope.event
    assert isinstance(event, BidWithdrawn)
    bid = needs.bid_now(event.bid_id)
    if bid is None or not bid.withdrawn:
        return
    for held in selectors.in_force("bid", bid.lot_number, envelope.occurred_at, bid.bidder_uscc):
        call_back(held.pk, "withdrawn", envelope)


@subscribe(BidResubmitted, "procurement.securities.resubmitted")
def bid_handed_in_again_is_secured_again(envelope: Envelope, _prepared: Any) -> None:
    """A guarantee that was not returned meanwhile stands behind the bidder's next bid.

    Where the withdrawal was told too late to release anything, nothing has to be held again.
    """
    event = envelope.event
    assert isinstance(event, BidResubmitted)
    bid = needs.bid_now(event.bid_id)
    if bid is None or bid.withdrawn:
        return
    for held in selectors.in_force("bid", bid.lot_number, envelope.occurred_at, bid.bidder_uscc):
        if held.let_go:
            key = f"event:{envelope.id}"
            follow(SECURITY.code, held.pk, "hold", key=key, at=envelope.occurred_at)


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
