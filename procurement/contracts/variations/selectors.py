"""Reads of variations, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from procurement.contracts import cites, needs, quantities
from procurement.contracts.parties import has_part
from procurement.contracts.selectors import held, missing_files
from procurement.contracts.variations.machine import VARIATION
from procurement.contracts.variations.models import Variation
from procurement.contracts.variations.rules import VariationFacts
from procurement.contracts.variations.schemas import (
    CheckPayload,
    ProposePayload,
    Valued,
    ValuePayload,
)


@VARIATION.facts
def facts(
    case: Any, at: datetime, payload: Any = None, actor: Actor | None = None
) -> VariationFacts:
    """Everything that the guards of a variation look at, at a legal moment."""
    opening = payload if isinstance(payload, ProposePayload) else None
    number = opening.contract_number if opening else case.contract_number
    contract = held(number)
    if opening and contract and actor and not has_part(contract, actor.uscc):
        contract = None
    day = clock.legal_date(at)
    region = contract.region if contract else ""
    return VariationFacts(
        today=day,
        articles=cites.articles(day, region),
        codes=cites.codes(day),
        contract_state=str(contract.state) if contract else "",
        contract_price_fen=contract.price_fen if contract else 0,
        bill=needs.bill.ask(contract.bill_sha256) if contract else {},
        items=_items(case, payload),
        valued_fen=case.valued_fen,
        others_fen=quantities.changes_fen(number, case.pk) if number else 0,
        share_percent=cites.limits(day, region)["variation.extra_approval"],
        measured=quantities.measured(number) if number else {},
        extra=quantities.extra_quantities(number) if number else {},
        missing_files=missing_files(actor, payload),
    )


def _items(case: Any, payload: Any) -> tuple[Valued, ...]:
    if isinstance(payload, ValuePayload) or (isinstance(payload, CheckPayload) and payload.items):
        return payload.items
    return quantities.ITEMS.validate_python(case.checked_items or case.items)


def payable(contract_number: str) -> list[Variation]:
    """Approved changes of a contract that no payment pays yet."""
    found = Variation.objects.filter(contract_number=contract_number, state="approved")
    return list(found.order_by("pk"))
