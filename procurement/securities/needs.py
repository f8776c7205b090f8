"""What a security asks of rooms that come later; without an answer nothing is there."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.tendering.needs import Need


@dataclass(frozen=True)
class BidNow:
    """Whose bid it is, for which lot, and whether it is withdrawn at this moment."""

    lot_number: str
    bidder_uscc: str
    withdrawn: bool


# (key of a bid) -> how it stands now, or None. What is answered is told to nobody.
bid_now: Need[[int], BidNow | None] = Need("bid_now", None)

# (contract number) -> its price in fen, or None where there is no such contract.
contract_price: Need[[str], int | None] = Need("contract_price", None)
