"""The rules of price adjustments: the way that the contract agreed, counted exactly. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.errors import Refusal, Refused
from procurement.contracts.adjustments.schemas import ProposePayload
from procurement.contracts.needs import BillLine
from procurement.contracts.rules.common import reason_is_given
from procurement.cost.adjustments import (
    Factor,
    QuantityOption,
    index_adjustment_fen,
    information_adjustment_fen,
    quantity_settlement_fen,
    rounded,
)

ARTICLE_ADJUST = "GB 50500-2013 第9.8节"
ARTICLE_PLATFORM = "平台规则"

INFORMATION, INDEX, QUANTITY = "information", "index", "quantity"


@dataclass(frozen=True)
class AdjustmentFacts:
    """All that the guards of a price adjustment look at. Money in fen.

    contract_state: empty where there is no such contract of the actor's. method: the contract's;
    ways: those that the proposal uses. taken: materials and items of the same period that another
    adjustment of the contract counts already. problems: why it cannot be counted.
    """

    articles: Mapping[str, str]
    contract_state: str
    method: str
    ways: tuple[str, ...]
    bill: Mapping[str, BillLine]
    strange: tuple[str, ...]
    taken: tuple[str, ...]
    amount_fen: int
    problems: tuple[Refusal, ...]


def ways_of(proposal: ProposePayload) -> tuple[str, ...]:
    """Which of the three ways a proposal uses."""
    found = []
    if proposal.materials:
        found.append(INFORMATION)
    if proposal.components or proposal.work_done_fen:
        found.append(INDEX)
    if proposal.grown:
        found.append(QUANTITY)
    return tuple(found)


def amount_fen(
    proposal: ProposePayload,
    *,
    risk_percent: Decimal,
    deviation_percent: Decimal,
    option: str,
    bill: Mapping[str, BillLine],
) -> int:
    """What the proposal comes to, below zero in the owner's favour.

    Raises Refused ``procurement.price.*`` where it cannot be counted.
    """
    total = sum(
        rounded(
            Fraction(one.quantity)
            * information_adjustment_fen(one.base_fen, one.bid_fen, one.current_fen, risk_percent)
        )
        for one in proposal.materials
    )
    if proposal.components or proposal.work_done_fen:
        factors = [Factor(one.weight, one.current, one.base) for one in proposal.components]
        total += index_adjustment_fen(proposal.work_done_fen, proposal.constant, factors)
    for item in proposal.grown:
        if item.code in bill:
            total += _grown_fen(bill[item.code], item, deviation_percent, option)
    return total


def _grown_fen(line: BillLine, item: Any, deviation: Decimal, option: str) -> int:
    """What an item is settled at, less what its measured quantity is paid at the bill's price."""
    settled = quantity_settlement_fen(
        line.quantity, item.done, line.price_fen, item.new_price_fen, deviation,
        QuantityOption(option),
    )  # fmt: skip
    return settled - rounded(Fraction(item.done) * line.price_fen)


def counted(proposal: ProposePayload, **terms: Any) -> tuple[int, tuple[Refusal, ...]]:
    """The amount, or 0 and the reasons why it cannot be counted."""
    try:
        return amount_fen(proposal, **terms), ()
    except Refused as refused:
        return 0, refused.refusals


def _refusal(facts: Any, what: str, cite: str, field: str = "", **said: Any) -> Refusal:
    return Refusal(f"procurement.price_adjustment.{what}", said, facts.articles[cite], field)


def contract_is_performed(facts: AdjustmentFacts, _payload: Any) -> Iterator[Refusal]:
    """Prices are adjusted while a contract is performed or being settled."""
    if not facts.contract_state:
        yield _refusal(facts, "contract_unknown", "adjustment", "contract_number")
    elif facts.contract_state not in {"performing", "settling"}:
        yield _refusal(
            facts, "contract_not_there", "adjustment", "contract_number",
            state=facts.contract_state,
        )  # fmt: skip


def way_is_agreed(facts: AdjustmentFacts, _payload: Any) -> Iterator[Refusal]:
    """Prices are adjusted in the way that the contract says; quantities by its own clause."""
    if len(facts.ways) != 1:
        yield _refusal(facts, "one_way", "adjustment", "materials")
        return
    way = facts.ways[0]
    if way != QUANTITY and way != facts.method:
        yield _refusal(
            facts, "way_not_agreed", "adjustment",
            "materials" if way == INFORMATION else "components", method=facts.method,
        )  # fmt: skip


def items_are_of_the_bill(facts: AdjustmentFacts, _payload: Any) -> Iterator[Refusal]:
    """Items whose quantity differs stand in the contract's bill."""
    for code in facts.strange:
        yield _refusal(facts, "item_unknown", "adjustment", "grown", item=code)


def nothing_is_adjusted_twice(facts: AdjustmentFacts, _payload: Any) -> Iterator[Refusal]:
    """A material of a period, or an item's quantity, is adjusted once."""
    for name in facts.taken:
        yield _refusal(facts, "taken", "adjustment", "period", name=name)


def it_can_be_counted(facts: AdjustmentFacts, _payload: Any) -> Iterator[Refusal]:
    """Weights add up to one, indices are above zero: the formula has an answer, and not nothing."""
    yield from facts.problems
    if not facts.problems and facts.amount_fen == 0:
        yield _refusal(facts, "within_risk", "adjustment", "materials")


PROPOSED = (
    contract_is_performed, way_is_agreed, items_are_of_the_bill, nothing_is_adjusted_twice,
    it_can_be_counted,
)  # fmt: skip
CONFIRMED = (contract_is_performed, it_can_be_counted)
REJECTED = (reason_is_given,)
