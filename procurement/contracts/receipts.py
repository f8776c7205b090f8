"""Bank receipts that stand for a payment already: none of them stands for another."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.db import connection

from kernel.workflow.holding import hold
from procurement.contracts.models import Contract
from procurement.contracts.payments.models import Payment


def used(owner_uscc: str, payload: Any) -> frozenset[tuple[str, str]]:
    """(bank, number) of every receipt that a payer has brought, asked where an act brings one.

    The payer is held while an act is done: of two payments at once, under whatever contracts, the
    second sees what the first one brought. A page only looks.
    """
    if not owner_uscc or not getattr(payload, "receipts", ()):
        return frozenset()
    if connection.in_atomic_block:
        hold("procurement.receipts", owner_uscc)
    payments = Payment.objects.filter(owner_uscc=owner_uscc)
    contracts = Contract.objects.filter(owner_uscc=owner_uscc)
    kept = chain(
        chain.from_iterable(payments.values_list("wage_receipts", "receipts")),
        contracts.values_list("retention_receipts", flat=True),
    )
    return frozenset((row["bank"], row["number"]) for row in chain.from_iterable(kept))
