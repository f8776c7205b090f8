"""What a security asks of rooms that come later; without an answer nothing is there."""

from __future__ import annotations

from procurement.tendering.needs import Need

# (contract number) -> its price in fen, or None where there is no such contract.
contract_price: Need[[str], int | None] = Need("contract_price", None)
