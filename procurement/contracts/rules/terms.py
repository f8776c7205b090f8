"""Guards of what a contract says: as the award has it, complete, within the law. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from procurement.contracts.needs import Award
from procurement.contracts.rules.common import ARTICLE_VOID, ContractFacts, refusal
from procurement.contracts.schemas import ContractPayload
from procurement.cost.schemas import EDITIONS

FULL, SEGMENT = "full", "segment"


def lot_is_awarded(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The lot was awarded, and by the organisation that now draws the contract up."""
    if facts.terms is None:
        return
    if facts.award is None:
        yield refusal(facts, "not_awarded", "sign", "lot_number", lot=facts.terms.lot_number)
    elif facts.actor_uscc and facts.award.owner_uscc != facts.actor_uscc:
        yield refusal(facts, "not_your_lot", "sign", "lot_number", lot=facts.terms.lot_number)


def award_is_not_void(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """An award on a bid that an authority found void is void: nobody signs on it."""
    if facts.award is not None and facts.award.void:
        yield Refusal(
            "procurement.contract.award_void", {"lot": facts.award.lot_number}, ARTICLE_VOID,
            "lot_number",
        )  # fmt: skip


def lot_stays(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract stays with the lot that it was drawn up for."""
    if facts.award is not None and facts.lot_id and facts.award.lot_id != facts.lot_id:
        yield refusal(facts, "lot_differs", "sign", "lot_number")


def contractor_is_the_winner(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody signs who was passed over since; an amendment takes the winner of now."""
    award = facts.award
    if award is not None and facts.contractor_uscc not in ("", award.winner_uscc):
        yield refusal(facts, "winner_differs", "sign", "lot_number")


def lot_has_no_other_contract(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """One lot has one contract; a second one is what the law calls a contract against the first."""
    if facts.rivals:
        yield refusal(facts, "lot_contracted", "sign", "lot_number", others=list(facts.rivals))


NEEDED = (
    "works_name", "supervision_uscc", "price_fen", "period_days", "quality", "project_manager",
    "boq_standard", "bill_sha256", "adjustment", "risk_percent", "prepayment_percent",
    "progress_percent", "retention_percent", "performance_percent", "wage_percent",
    "defect_months", "owner_kind",
)  # fmt: skip


def terms_are_complete(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Every term that the contract needs is there."""
    for name in NEEDED if facts.terms else ():
        if getattr(facts.terms, name) in ("", None) or (
            name in {"price_fen", "period_days", "defect_months"} and not getattr(facts.terms, name)
        ):
            yield refusal(facts, "term_missing", "form", name, term=name)


def quantity_option_is_chosen(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """How a grown quantity is priced is said outright: the standard of 2024 leaves it open."""
    if facts.terms and facts.terms.quantity_option not in {FULL, SEGMENT}:
        yield refusal(facts, "quantity_option_missing", "quantity", "quantity_option")


def terms_are_listed(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Coded terms hold codes that the lists in force contain."""
    lists = {
        "adjustment": "contract_adjustment",
        "owner_kind": "contract_payer",
    }
    for name, listed in lists.items() if facts.terms else ():
        value = getattr(facts.terms, name)
        if value and value not in facts.codes[listed]:
            yield refusal(facts, "code_unlisted", "platform", name, code=value)
    standard = facts.terms.boq_standard if facts.terms else ""
    if standard and standard not in EDITIONS:
        yield refusal(facts, "code_unlisted", "platform", "boq_standard", code=standard)


def differences(terms: ContractPayload, award: Award) -> Iterator[tuple[str, str, str]]:
    """(field, what tender or bid says, what the contract says) where they differ. Money in fen."""
    asked: dict[str, Any] = {
        "works_name": award.works_name,
        "price_fen": award.price_fen,
        "period_days": award.period_days,
        "quality": award.quality,
        "project_manager": award.project_manager,
        "boq_standard": award.boq_standard,
        "bill_sha256": award.bid_bill_sha256,
        **award.terms,
    }
    for name, value in asked.items():
        found = getattr(terms, name)
        if found != value:
            yield name, _plain(value), _plain(found)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def contract_says_what_was_bid(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """No term departs from tender documents and winning bid; each difference is named."""
    if facts.terms is None or facts.award is None:
        return
    for name, asked, found in differences(facts.terms, facts.award):
        yield refusal(facts, "differs", "sign", name, term=name, asked=asked, found=found)


def bill_is_known(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The contract's bill is on the platform: measurements are held against it."""
    if facts.terms and facts.terms.bill_sha256 and not facts.bill_items:
        yield refusal(facts, "bill_unknown", "form", "bill_sha256")


def shares_are_lawful(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Prepayment, progress share, retention, performance security keep the law's bounds."""
    terms = facts.terms
    if terms is None:
        return
    bounds: list[tuple[str, Decimal | None, Decimal | None, str]] = [
        ("retention_percent", None, facts.limits["retention.greatest"], "retention"),
        ("performance_percent", None, facts.limits["performance.greatest"], "performance"),
    ]
    if terms.government_money:
        bounds.append(("progress_percent", facts.limits["progress.least"], None, "progress"))
    if terms.prepayment_percent:
        least, greatest = facts.limits["prepayment.least"], facts.limits["prepayment.greatest"]
        bounds.append(("prepayment_percent", least, greatest, "prepayment"))
    for name, least_, greatest_, cite in bounds:
        value = getattr(terms, name)
        if value is None:
            continue
        if greatest_ is not None and value > greatest_:
            yield _over(facts, name, value, greatest_, cite)
        if least_ is not None and value < least_:
            yield refusal(
                facts, "share_too_low", cite, name,
                term=name, value=_plain(value), least=_plain(least_),
            )  # fmt: skip


def _over(facts: ContractFacts, name: str, value: Decimal, most: Decimal, cite: str) -> Refusal:
    return refusal(
        facts, "share_too_high", cite, name,
        term=name, value=_plain(value), greatest=_plain(most),
    )  # fmt: skip


def defect_period_is_lawful(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The defect period, after which retention goes back, is not longer than the law has it."""
    most = int(facts.limits["defect_months.greatest"])
    if facts.terms and facts.terms.defect_months > most:
        yield refusal(facts, "defect_period_too_long", "retention", "defect_months", most=most)


def sme_is_not_settled_by_audit(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """An audit's result is no basis of settlement with a small or medium-sized enterprise."""
    if facts.terms and facts.terms.contractor_is_sme and facts.terms.audit_basis:
        yield refusal(facts, "audit_basis", "audit", "audit_basis")


def late_interest_is_lawful(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """What is agreed for late payment to a smaller enterprise is not below the loan prime rate."""
    terms = facts.terms
    agreed = terms.late_interest_percent if terms and terms.contractor_is_sme else None
    if agreed is not None and agreed < facts.lpr_percent:
        yield refusal(
            facts, "late_interest_too_low", "late_interest", "late_interest_percent",
            value=_plain(agreed), least=_plain(facts.lpr_percent),
        )  # fmt: skip


LAWFUL = (
    terms_are_complete,
    quantity_option_is_chosen,
    terms_are_listed,
    bill_is_known,
    shares_are_lawful,
    defect_period_is_lawful,
    sme_is_not_settled_by_audit,
    late_interest_is_lawful,
)
AWARDED = (lot_is_awarded, award_is_not_void, lot_stays, lot_has_no_other_contract)
DRAFTED = (*AWARDED, contractor_is_the_winner, contract_says_what_was_bid, *LAWFUL)
