"""Reads of price adjustments, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from procurement.contracts import cites, needs
from procurement.contracts.adjustments import rules
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT, REJECTED
from procurement.contracts.adjustments.models import PriceAdjustment
from procurement.contracts.adjustments.rules import AdjustmentFacts
from procurement.contracts.adjustments.schemas import ProposePayload
from procurement.contracts.models import Contract
from procurement.contracts.selectors import held


@PRICE_ADJUSTMENT.facts
def facts(
    case: Any, at: datetime, payload: Any = None, actor: Actor | None = None
) -> AdjustmentFacts:
    """Everything that the guards of a price adjustment look at, at a legal moment."""
    opening = payload if isinstance(payload, ProposePayload) else None
    proposal = opening or _proposal(case)
    number = proposal.contract_number if proposal else ""
    contract = held(number)
    if opening and contract and actor and contract.contractor_uscc != actor.uscc:
        contract = None
    day = clock.legal_date(at)
    bill = needs.bill.ask(contract.bill_sha256) if contract else {}
    amount, problems = _amount(proposal, contract, bill, at)
    return AdjustmentFacts(
        articles=cites.articles(day, contract.region if contract else ""),
        contract_state=str(contract.state) if contract else "",
        method=contract.adjustment if contract else "",
        ways=rules.ways_of(proposal) if proposal else (),
        bill=bill,
        strange=tuple(g.code for g in proposal.grown if g.code not in bill) if proposal else (),
        taken=_taken(case, proposal) if proposal else (),
        amount_fen=amount,
        problems=problems,
    )


def _proposal(case: Any) -> ProposePayload | None:
    return ProposePayload.model_validate(case.proposal) if case.proposal else None


def _amount(
    proposal: ProposePayload | None,
    contract: Contract | None,
    bill: Mapping[str, needs.BillLine],
    at: datetime,
) -> tuple[int, tuple[Any, ...]]:
    if proposal is None or contract is None:
        return 0, ()
    limits = cites.limits(clock.legal_date(at), contract.region)
    return rules.counted(
        proposal,
        risk_percent=risk_of(contract, limits),
        deviation_percent=limits["quantity_deviation"],
        option=contract.quantity_option,
        bill=bill,
    )


def risk_of(contract: Contract, limits: Mapping[str, Decimal]) -> Decimal:
    """The agreed range of risk; the law's own where the contract says none."""
    return limits["price_risk"] if contract.risk_percent is None else contract.risk_percent


def _taken(case: Any, proposal: ProposePayload) -> tuple[str, ...]:
    """What another living adjustment of the contract counts already."""
    others = PriceAdjustment.objects.filter(contract_number=proposal.contract_number)
    mine, found = _names(proposal), set()
    for other in others.exclude(pk=case.pk).exclude(state=REJECTED):
        found |= mine & _names(ProposePayload.model_validate(other.proposal))
    return tuple(sorted(name.partition("|")[2] for name in found))


def _names(proposal: ProposePayload) -> set[str]:
    found = {f"{proposal.period}|{one.code}" for one in proposal.materials}
    if proposal.components:
        found.add(f"{proposal.period}|{proposal.period}")
    # The quantity of an item is settled once for the whole contract.
    return found | {f"grown|{item.code}" for item in proposal.grown}


def payable(contract_number: str) -> list[PriceAdjustment]:
    """Approved adjustments of a contract that no payment pays yet."""
    found = PriceAdjustment.objects.filter(contract_number=contract_number, state="approved")
    return list(found.order_by("pk"))
