"""Writes of price adjustments: what each act changes besides the state. fire() calls these."""

from __future__ import annotations

from kernel import clock
from kernel.events.registry import DomainEvent
from kernel.workflow.machines import Doing
from kernel.workflow.numbers import next_number
from procurement.contracts import cites
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.adjustments.models import PriceAdjustment
from procurement.contracts.adjustments.selectors import risk_of
from procurement.contracts.models import Contract
from procurement.contracts.parties import take_parties


@PRICE_ADJUSTMENT.effect("propose")
def _propose(case: PriceAdjustment, doing: Doing) -> list[DomainEvent]:
    contract = Contract.objects.get(number=doing.payload.contract_number)
    take_parties(case, contract)
    case.number = f"{contract.number}-TJ{next_number(f'adjustment:{contract.number}'):02d}"
    case.period, case.way = doing.payload.period, doing.facts.ways[0]
    case.proposal = doing.payload.model_dump(mode="json")
    limits = cites.limits(clock.legal_date(doing.at), contract.region)
    case.risk_percent = risk_of(contract, limits)
    case.amount_fen = doing.facts.amount_fen
    return []


@PRICE_ADJUSTMENT.effect("pay")
def _pay(case: PriceAdjustment, doing: Doing) -> list[DomainEvent]:
    case.payment_number = doing.payload.payment_number
    return []
