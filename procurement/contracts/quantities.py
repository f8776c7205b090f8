"""Sums over the payments and changes of one contract, which all its cases look at."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from procurement.contracts.adjustments.machine import COUNTED as ADJUSTED
from procurement.contracts.adjustments.models import PriceAdjustment
from procurement.contracts.payments.machine import COUNTED as PAID_FOR
from procurement.contracts.payments.machine import REVIEWED
from procurement.contracts.payments.models import Payment
from procurement.contracts.payments.schemas import Measured
from procurement.contracts.payments.sums import PREPAYMENT, PROGRESS, Before
from procurement.contracts.variations import rules as changing
from procurement.contracts.variations.machine import COUNTED as CHANGED
from procurement.contracts.variations.models import Variation
from procurement.contracts.variations.schemas import Valued

LINES = TypeAdapter(tuple[Measured, ...])
ITEMS = TypeAdapter(tuple[Valued, ...])


def _payments(contract_number: str, states: Iterable[str], but: int | None) -> Any:
    found = Payment.objects.filter(contract_number=contract_number, state__in=tuple(states))
    return found.exclude(pk=but) if but is not None else found


def measured(contract_number: str, but: int | None = None) -> dict[str, Decimal]:
    """Quantities by item that payments under review or approved hold. but: a payment left out."""
    found: dict[str, Decimal] = {}
    for payment in _payments(contract_number, (*REVIEWED, *PAID_FOR), but):
        held = payment.certified_lines or payment.lines
        for line in LINES.validate_python(held):
            found[line.code] = found.get(line.code, Decimal(0)) + line.quantity
    return found


def before(contract_number: str, but: int | None = None) -> Before:
    """What the approved payments came to. but: a payment left out."""
    rows = list(_payments(contract_number, PAID_FOR, but))
    progress = [row for row in rows if row.kind == PROGRESS]
    return Before(
        earned_fen=sum(row.work_fen + row.variations_fen + row.adjustments_fen for row in progress),
        gross_fen=sum(row.gross_fen for row in progress),
        prepaid_fen=sum(row.due_fen for row in rows if row.kind == PREPAYMENT),
        recovered_fen=sum(row.recovery_fen for row in progress),
        due_fen=sum(row.due_fen for row in rows),
    )


def changed(contract_number: str, but: int | None = None) -> list[Variation]:
    """Changes whose price is fixed."""
    found = Variation.objects.filter(contract_number=contract_number, state__in=CHANGED)
    return list(found.exclude(pk=but) if but is not None else found)


def extra_quantities(contract_number: str) -> dict[str, Decimal]:
    """By how much approved changes move what may be measured, by item of the bill."""
    found: dict[str, Decimal] = {}
    for change in changed(contract_number):
        items = ITEMS.validate_python(change.checked_items)
        for code, quantity in changing.bill_quantities(items).items():
            found[code] = found.get(code, Decimal(0)) + quantity
    return found


def changes_fen(contract_number: str, but: int | None = None) -> int:
    """What approved changes come to. but: a change left out."""
    return changes_of(changed(contract_number, but))


def changes_of(rows: Iterable[Variation]) -> int:
    """What those of some changes come to that are approved."""
    return sum(row.approved_fen for row in rows if row.state in CHANGED)


def adjusted_fen(contract_number: str) -> int:
    """What approved price adjustments come to."""
    found = PriceAdjustment.objects.filter(contract_number=contract_number, state__in=ADJUSTED)
    return sum(found.values_list("amount_fen", flat=True))


def adjusted_of(rows: Iterable[PriceAdjustment]) -> int:
    """What those of some price adjustments come to that are approved."""
    return sum(row.amount_fen for row in rows if row.state in ADJUSTED)


def certified_fen(contract_number: str) -> int:
    """What approved payments come to."""
    return before(contract_number).due_fen


def certified_of(rows: Iterable[Payment]) -> int:
    """What those of some payments come to that are approved."""
    return sum(row.due_fen for row in rows if row.state in PAID_FOR)


def paid_fen(contract_number: str) -> int:
    """What was paid, wages included, interest not."""
    return paid_of(_payments(contract_number, PAID_FOR, None))


def paid_of(rows: Iterable[Payment]) -> int:
    """What was paid on those of some payments that are approved."""
    return sum(row.paid_fen for row in rows if row.state in PAID_FOR)
