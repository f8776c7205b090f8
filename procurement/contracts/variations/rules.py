"""The rules of variations: who instructs, how they are priced, when more approval is needed. Pure.

The pricing ladder: an item that the bill has at the bill's price; an item like one that the bill
has after that one; anything else at agreed cost and profit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.errors import Refusal
from procurement.contracts.needs import BillLine
from procurement.contracts.rules.common import files_are_there, reason_is_given, yuan
from procurement.contracts.variations.schemas import Valued
from procurement.cost.adjustments import rounded

ARTICLE_FORM = "《建设工程施工合同（示范文本）》（GF-2017-0201）"
ARTICLE_PLATFORM = "平台规则"

SAME, SIMILAR, AGREED = "same", "similar", "agreed"


@dataclass(frozen=True)
class VariationFacts:
    """All that the guards of a variation look at. Money in fen.

    contract_state: empty where there is no such contract or the actor has no part in it. items:
    of the payload, else the checked, else the valued ones. valued_fen: what they were valued at
    before. others_fen: other approved changes of the contract. share_percent: from which share of
    the price changes need more approval.
    """

    today: date
    articles: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    contract_state: str
    contract_price_fen: int
    bill: Mapping[str, BillLine]
    items: tuple[Valued, ...]
    valued_fen: int
    others_fen: int
    share_percent: Decimal
    measured: Mapping[str, Decimal]
    extra: Mapping[str, Decimal]
    missing_files: frozenset[str]


def _refusal(facts: Any, what: str, cite: str, field: str = "", **said: Any) -> Refusal:
    return Refusal(f"procurement.variation.{what}", said, facts.articles[cite], field)


def value_fen(items: Iterable[Valued]) -> int:
    """What a change comes to: each item rounded; below zero where less is built."""
    return sum(rounded(Fraction(item.quantity) * item.price_fen) for item in items)


def beside_bill_fen(items: Iterable[Valued]) -> int:
    """What of it is paid as a change: items that the bill has are paid when they are measured."""
    return value_fen(item for item in items if item.basis != SAME)


def bill_quantities(items: Iterable[Valued]) -> dict[str, Decimal]:
    """By how much an approved change moves what may be measured of the bill's own items."""
    found: dict[str, Decimal] = {}
    for item in items:
        if item.basis == SAME:
            found[item.code] = found.get(item.code, Decimal(0)) + item.quantity
    return found


def contract_is_performed(facts: VariationFacts, _payload: Any) -> Iterator[Refusal]:
    """Works change while a contract is in force, by those who have a part in it."""
    if not facts.contract_state:
        yield _refusal(facts, "contract_unknown", "variation", "contract_number")
    elif facts.contract_state not in {"signed", "registered", "performing"}:
        yield _refusal(
            facts, "contract_not_there", "variation", "contract_number",
            state=facts.contract_state,
        )  # fmt: skip


def reason_is_listed(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """Why works change is one of the listed reasons."""
    if payload is not None and payload.reason_code not in facts.codes["variation_reason"]:
        yield _refusal(facts, "code_unlisted", "platform", "reason_code", code=payload.reason_code)


def instruction_is_written(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """The owner instructs in writing, through the chief supervisor, with a drawing."""
    if payload is None:
        return
    for name in ("instruction_number", "instructed_on", "supervision_notice", "drawing_number"):
        if not getattr(payload, name):
            yield _refusal(facts, "instruction_incomplete", "variation", name, term=name)
    if payload.instructed_on is not None and payload.instructed_on > facts.today:
        yield _refusal(
            facts, "dated_ahead", "variation", "instructed_on",
            day=payload.instructed_on.isoformat(),
        )  # fmt: skip


def major_design_is_reviewed(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """What changes reviewed drawings in substance is reviewed again first."""
    if payload is not None and payload.major_design and not payload.review_number:
        yield _refusal(facts, "review_missing", "redesign", "review_number")


def something_is_valued(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """A valuation has items."""
    if payload is not None and not facts.items:
        yield _refusal(facts, "items_missing", "variation", "items")


def items_are_priced_by_the_ladder(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """Same item, similar item, agreed cost and profit: in this order, each with its proof."""
    if payload is None:
        return
    for index, item in enumerate(facts.items):
        yield from _ladder(facts, index, item)


def _ladder(facts: VariationFacts, index: int, item: Valued) -> Iterator[Refusal]:
    field, own = f"items.{index}.price_fen", facts.bill.get(item.code)
    if item.basis not in facts.codes["variation_basis"]:
        yield _refusal(facts, "code_unlisted", "platform", f"items.{index}.basis", code=item.basis)
    elif own is not None and item.basis != SAME:
        yield _refusal(facts, "same_item_exists", "pricing", f"items.{index}.basis", item=item.code)
    elif item.basis == SAME and own is None:
        yield _refusal(facts, "item_not_in_bill", "pricing", f"items.{index}.code", item=item.code)
    elif own is not None and item.price_fen != own.price_fen:
        yield _refusal(
            facts, "price_departs", "pricing", field,
            item=item.code, price=yuan(own.price_fen), found=yuan(item.price_fen),
        )  # fmt: skip
    elif item.basis == SIMILAR and item.reference not in facts.bill:
        yield _refusal(
            facts, "reference_missing", "pricing", f"items.{index}.reference", item=item.code
        )
    elif item.basis == AGREED and item.cost_fen + item.profit_fen != item.price_fen:
        yield _refusal(
            facts, "price_unproven", "pricing", field,
            item=item.code, price=yuan(item.price_fen),
            parts=yuan(item.cost_fen + item.profit_fen),
        )  # fmt: skip


def less_is_not_less_than_done(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """Nothing is left out of the bill that was measured already."""
    if payload is None:
        return
    for code, moved in bill_quantities(facts.items).items():
        if code not in facts.bill:
            continue
        left = facts.bill[code].quantity + facts.extra.get(code, Decimal(0)) + moved
        done = facts.measured.get(code, Decimal(0))
        if left < done:
            yield _refusal(
                facts, "below_measured", "variation", "items", item=code,
                left=format(left.normalize(), "f"), done=format(done.normalize(), "f"),
            )  # fmt: skip


def checked_is_within_value(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """Nobody finds more right than was asked for."""
    found = value_fen(facts.items)
    if payload is not None and found > facts.valued_fen:
        yield _refusal(
            facts, "checked_above_value", "variation", "items",
            valued=yuan(facts.valued_fen), found=yuan(found),
        )  # fmt: skip


def great_changes_are_approved(facts: VariationFacts, payload: Any) -> Iterator[Refusal]:
    """Changes that together pass a share of the price need an approval of their own."""
    if payload is None or payload.extra_approval:
        return
    total = facts.others_fen + value_fen(facts.items)
    if Fraction(total) * 100 > Fraction(facts.share_percent) * facts.contract_price_fen:
        yield _refusal(
            facts, "extra_approval_missing", "extra_approval", "extra_approval",
            total=yuan(total), percent=format(facts.share_percent.normalize(), "f"),
        )  # fmt: skip


PROPOSED = (contract_is_performed, reason_is_listed)
INSTRUCTED = (contract_is_performed, instruction_is_written, major_design_is_reviewed)
VALUED = (something_is_valued, items_are_priced_by_the_ladder, less_is_not_less_than_done)
CHECKED = (*VALUED, checked_is_within_value)
APPROVED = (less_is_not_less_than_done, great_changes_are_approved)
REJECTED = (reason_is_given,)
FILES = (files_are_there,)
