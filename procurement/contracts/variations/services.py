"""Writes of variations: what each act changes besides the state. fire() calls these."""

from __future__ import annotations

from typing import Any

from kernel.events.procurement_contracts import VariationApproved
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.contracts.models import Contract
from procurement.contracts.parties import take_parties
from procurement.contracts.quantities import ITEMS
from procurement.contracts.variations import rules
from procurement.contracts.variations.machine import VARIATION
from procurement.contracts.variations.models import Variation


@VARIATION.effect("propose")
def _propose(case: Variation, doing: Doing) -> list[DomainEvent]:
    contract = Contract.objects.get(number=doing.payload.contract_number)
    take_parties(case, contract)
    case.number = f"{contract.number}-BG{next_number(f'variation:{contract.number}'):02d}"
    case.title, case.reason_code = doing.payload.title, doing.payload.reason_code
    case.description = doing.payload.description
    case.silence_approves = contract.silence_accepts
    return []


@VARIATION.effect("instruct")
def _instruct(case: Variation, doing: Doing) -> list[DomainEvent]:
    for name, value in doing.payload.model_dump().items():
        setattr(case, name, value)
    return []


@VARIATION.effect("value")
def _value(case: Variation, doing: Doing) -> list[DomainEvent]:
    case.items, case.checked_items = _held(doing), []
    case.valued_fen = rules.value_fen(doing.facts.items)
    case.extra_days = doing.payload.extra_days
    return []


@VARIATION.effect("check")
def _check(case: Variation, doing: Doing) -> list[DomainEvent]:
    case.checked_items = _held(doing)
    case.checked_fen = rules.value_fen(doing.facts.items)
    if case.silence_approves:
        case.deemed_at = due(doing.at, "variation.approve", region=case.region, provisional=True).at
    return []


def _held(doing: Doing) -> list[dict[str, Any]]:
    """The items as JSON, those of the bill under the bill's own name."""
    found = []
    for item in doing.facts.items:
        own = doing.facts.bill.get(item.code)
        named = {"name": own.name, "unit": own.unit} if own else {}
        found.append(item.model_dump(mode="json") | named)
    return found


@VARIATION.effect("approve")
def _approve(case: Variation, doing: Doing) -> list[DomainEvent]:
    case.extra_approval = doing.payload.extra_approval
    return _approved(case)


@VARIATION.effect("deem_approved")
def _deem_approved(case: Variation, _doing: Doing) -> list[DomainEvent]:
    return _approved(case)


def _approved(case: Variation) -> list[DomainEvent]:
    items = ITEMS.validate_python(case.checked_items)
    case.approved_fen = rules.value_fen(items)
    case.payable_fen = rules.beside_bill_fen(items)
    return [VariationApproved(case.pk, case.number, case.contract_number, case.approved_fen)]


@VARIATION.effect("pay")
def _pay(case: Variation, doing: Doing) -> list[DomainEvent]:
    case.payment_number = doing.payload.payment_number
    return []
