"""Who answers what contracts ask: bills come from the room of costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kernel.errors import NotFound
from procurement.contracts import needs
from procurement.contracts.needs import BillLine
from procurement.cost import selectors as bills

_SCALE = 10_000  # quantities are kept in ten-thousandths


@needs.bill.answered_by
def bill(sha256: str) -> Mapping[str, BillLine]:
    """The priced items of a stored bill by code; empty where nobody knows it."""
    try:
        rows = bills.items(sha256)
    except NotFound:
        return {}
    return {
        row.code: BillLine(
            code=row.code,
            name=row.name,
            unit=row.measure_unit,
            quantity=Decimal(row.quantity_e4) / _SCALE,
            price_fen=row.price_fen,
        )
        for row in rows
        if row.price_fen is not None
    }
