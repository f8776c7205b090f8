"""The rules of contracts: what a contract may say, when it is signed, how it is settled. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from kernel.money import format_yuan, round_fen, to_yuan
from kernel.web import formats
from procurement.contracts.needs import Award
from procurement.contracts.schemas import ContractPayload
from procurement.cost.schemas import EDITIONS

# Articles stand in the rule set ``values.contract``; a case cites those of its own moment.
ARTICLE_INVALID = "最高人民法院施工合同司法解释（一）第一条"
ARTICLE_VOID = "《招标投标法》第五十三条、第五十四条"
ARTICLE_SIGN = "《招标投标法》第四十六条"
ARTICLE_FORM = "《建设工程施工合同（示范文本）》（GF-2017-0201）"
ARTICLE_SETTLE = "《建设工程价款结算暂行办法》（财建〔2004〕369号）"
ARTICLE_RETENTION = "《建设工程质量保证金管理办法》（建质〔2017〕138号）"
ARTICLE_SUPPLEMENT = "《招标投标法实施条例》第五十七条"
ARTICLE_DEEMED = "最高人民法院施工合同司法解释（一）第二十一条"
ARTICLE_REGISTER = "合同信息登记（非备案，不设许可）"
ARTICLE_SUBCONTRACT = "《建筑法》第二十八条、第二十九条"
ARTICLE_PLATFORM = "平台规则"

FULL, SEGMENT = "full", "segment"
# What a supplement may not change: it would be another contract than the one that was tendered.
SUBSTANCE = frozenset({"price", "quality", "period", "scope"})


@dataclass(frozen=True)
class ContractFacts:
    """All that the guards of a contract look at, loaded once per act. Money in fen.

    terms: those of the payload where an act brings them, else the case's. award: of its lot,
    None where there is none. limits: numbers of the law, by key. lpr_percent: the loan prime rate
    of the day, a year. bill_items: how many items the contract's bill has, 0 if it is not known.
    rivals: numbers of other live contracts of the lot. performance_fen, payment_fen: securities in
    force. used_receipts: bank and number of those that the owner brought before. missing_files:
    hashes that this actor did not upload. statement_signed: the settlement statement has all its
    signatures. retention_fen: held. open_payments: numbers not yet paid. lot_id, contractor_uscc:
    of the case, empty while it is opened. void_document: the decision by which the award is void.
    unpaid_fen: of what was settled, the retention not counted. retention_due_at: the end of the
    defect period; at: the legal moment of the act.
    """

    at: datetime
    today: date
    actor_uscc: str
    terms: ContractPayload | None
    award: Award | None
    limits: Mapping[str, Decimal]
    articles: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    lpr_percent: Decimal
    bill_items: int
    rivals: tuple[str, ...]
    performance_fen: int
    payment_fen: int
    missing_files: frozenset[str]
    statement_signed: bool
    claimed_fen: int
    retention_fen: int
    accepted_on: date | None
    open_payments: tuple[str, ...]
    unpaid_fen: int
    lot_id: int = 0
    contractor_uscc: str = ""
    used_receipts: frozenset[tuple[str, str]] = frozenset()
    void_document: str = ""
    retention_due_at: datetime | None = None


def _refusal(facts: Any, what: str, cite: str, field: str = "", **said: Any) -> Refusal:
    return Refusal(f"procurement.contract.{what}", said, facts.articles[cite], field)


# What a contract says ------------------------------------------------------------------------


def lot_is_awarded(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The lot was awarded, and by the organisation that now draws the contract up."""
    if facts.terms is None:
        return
    if facts.award is None:
        yield _refusal(facts, "not_awarded", "sign", "lot_number", lot=facts.terms.lot_number)
    elif facts.actor_uscc and facts.award.owner_uscc != facts.actor_uscc:
        yield _refusal(facts, "not_your_lot", "sign", "lot_number", lot=facts.terms.lot_number)


def award_is_not_void(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """An award on a bid that an authority found void is void: nobody signs on it."""
    if facts.award is not None and facts.award.void:
        yield Refusal(
            "procurement.contract.award_void", {"lot": facts.award.lot_number}, ARTICLE_VOID,
            "lot_number",
        )  # fmt: skip


def award_was_found_void(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract is void with the award that it rests on, and for nothing else here."""
    if facts.void_document == "":
        yield Refusal("procurement.contract.award_stands", {}, ARTICLE_INVALID, "")


def lot_stays(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract stays with the lot that it was drawn up for."""
    if facts.award is not None and facts.lot_id and facts.award.lot_id != facts.lot_id:
        yield _refusal(facts, "lot_differs", "sign", "lot_number")


def contractor_is_the_winner(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody signs who was passed over since; an amendment takes the winner of now."""
    award = facts.award
    if award is not None and facts.contractor_uscc not in ("", award.winner_uscc):
        yield _refusal(facts, "winner_differs", "sign", "lot_number")


def lot_has_no_other_contract(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """One lot has one contract; a second one is what the law calls a contract against the first."""
    if facts.rivals:
        yield _refusal(facts, "lot_contracted", "sign", "lot_number", others=list(facts.rivals))


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
            yield _refusal(facts, "term_missing", "form", name, term=name)


def quantity_option_is_chosen(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """How a grown quantity is priced is said outright: the standard of 2024 leaves it open."""
    if facts.terms and facts.terms.quantity_option not in {FULL, SEGMENT}:
        yield _refusal(facts, "quantity_option_missing", "quantity", "quantity_option")


def terms_are_listed(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Coded terms hold codes that the lists in force contain."""
    lists = {
        "adjustment": "contract_adjustment",
        "owner_kind": "contract_payer",
    }
    for name, listed in lists.items() if facts.terms else ():
        value = getattr(facts.terms, name)
        if value and value not in facts.codes[listed]:
            yield _refusal(facts, "code_unlisted", "platform", name, code=value)
    standard = facts.terms.boq_standard if facts.terms else ""
    if standard and standard not in EDITIONS:
        yield _refusal(facts, "code_unlisted", "platform", "boq_standard", code=standard)


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
        yield _refusal(facts, "differs", "sign", name, term=name, asked=asked, found=found)


def bill_is_known(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The contract's bill is on the platform: measurements are held against it."""
    if facts.terms and facts.terms.bill_sha256 and not facts.bill_items:
        yield _refusal(facts, "bill_unknown", "form", "bill_sha256")


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
            yield _refusal(
                facts, "share_too_low", cite, name,
                term=name, value=_plain(value), least=_plain(least_),
            )  # fmt: skip


def _over(facts: ContractFacts, name: str, value: Decimal, most: Decimal, cite: str) -> Refusal:
    return _refusal(
        facts, "share_too_high", cite, name,
        term=name, value=_plain(value), greatest=_plain(most),
    )  # fmt: skip


def defect_period_is_lawful(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The defect period, after which retention goes back, is not longer than the law has it."""
    most = int(facts.limits["defect_months.greatest"])
    if facts.terms and facts.terms.defect_months > most:
        yield _refusal(facts, "defect_period_too_long", "retention", "defect_months", most=most)


def sme_is_not_settled_by_audit(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """An audit's result is no basis of settlement with a small or medium-sized enterprise."""
    if facts.terms and facts.terms.contractor_is_sme and facts.terms.audit_basis:
        yield _refusal(facts, "audit_basis", "audit", "audit_basis")


def late_interest_is_lawful(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """What is agreed for late payment to a smaller enterprise is not below the loan prime rate."""
    terms = facts.terms
    agreed = terms.late_interest_percent if terms and terms.contractor_is_sme else None
    if agreed is not None and agreed < facts.lpr_percent:
        yield _refusal(
            facts, "late_interest_too_low", "late_interest", "late_interest_percent",
            value=_plain(agreed), least=_plain(facts.lpr_percent),
        )  # fmt: skip


# Signing -------------------------------------------------------------------------------------


def required_performance_fen(terms: ContractPayload) -> int:
    """The performance security that the tender documents ask for."""
    percent = terms.performance_percent or Decimal(0)
    return round_fen(to_yuan(terms.price_fen) * percent / 100)


def performance_security_is_in_force(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The winner gave the performance security that was asked for, and not more than is lawful."""
    if facts.terms is None:
        return
    needed = required_performance_fen(facts.terms)
    if facts.performance_fen < needed:
        yield _refusal(
            facts, "performance_security_missing", "performance",
            needed=yuan(needed), found=yuan(facts.performance_fen),
        )  # fmt: skip
    share = facts.limits["performance.greatest"]
    most = round_fen(to_yuan(facts.terms.price_fen) * share / 100)
    if facts.performance_fen > most:
        yield _refusal(
            facts, "performance_security_too_high", "performance",
            most=yuan(most), found=yuan(facts.performance_fen),
        )  # fmt: skip


def payment_security_is_in_force(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The owner gave security for its payments."""
    if facts.terms and facts.payment_fen <= 0:
        yield _refusal(facts, "payment_security_missing", "payment_security")


# Performing ----------------------------------------------------------------------------------


def substance_is_kept(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """A supplement changes nothing that was tendered: price, quality, period, scope."""
    if payload is None:
        return
    if payload.subject in SUBSTANCE:
        yield _refusal(facts, "substance_changed", "supplement", "subject")
    elif payload.subject not in facts.codes["contract_supplement"]:
        yield _refusal(facts, "code_unlisted", "platform", "subject", code=payload.subject)
    if payload.signed_on > facts.today:
        yield _refusal(
            facts, "dated_ahead", "platform", "signed_on", day=payload.signed_on.isoformat()
        )


def notice_was_given(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever suspends or ends a contract told the other party in writing, and why."""
    if payload is None:
        return
    yield from reason_is_given(facts, payload)
    if not payload.notice_number or payload.notified_on is None:
        yield _refusal(facts, "notice_missing", "notice", "notice_number")
    elif payload.notified_on > facts.today:
        yield _refusal(
            facts, "dated_ahead", "notice", "notified_on", day=payload.notified_on.isoformat()
        )


def reason_is_given(facts: Any, payload: Any) -> Iterator[Refusal]:
    """Whoever does this says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


def files_are_there(facts: Any, _payload: Any) -> Iterator[Refusal]:
    """Files that an act names were uploaded by whoever does it."""
    if facts.missing_files:
        yield Refusal("procurement.contract.file_missing", {}, facts.articles["platform"])


# Settlement ----------------------------------------------------------------------------------


def settlement_is_something(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """A settlement is asked for at a sum."""
    if payload is not None and payload.claimed_fen <= 0:
        yield _refusal(facts, "settlement_empty", "settle", "claimed_fen")


def checked_is_within_claim(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """What is undisputed and what is disputed are together no more than was asked for."""
    if payload is None:
        return
    if payload.checked_fen + payload.disputed_fen > facts.claimed_fen:
        yield _refusal(
            facts, "checked_above_claim", "settle", "checked_fen",
            claimed=yuan(facts.claimed_fen),
            found=yuan(payload.checked_fen + payload.disputed_fen),
        )  # fmt: skip


def statement_is_signed(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A settlement is agreed when contractor, supervision and owner have signed its statement."""
    if not facts.statement_signed:
        yield _refusal(facts, "statement_unsigned", "settle")


def retention_fen(settled_fen: int, percent: Decimal, greatest_percent: Decimal) -> int:
    """What is held back of a settled price: the agreed share, never above the lawful one."""
    return round_fen(to_yuan(settled_fen) * min(percent, greatest_percent) / 100)


def retention_goes_back_whole(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """The bank receipts show that all that was held back was paid."""
    if payload is None:
        return
    yield from receipts_are_sound(facts, payload)
    paid = sum(receipt.amount_fen for receipt in payload.receipts)
    if paid != facts.retention_fen:
        yield _refusal(
            facts, "retention_not_whole", "retention", "receipts",
            held=yuan(facts.retention_fen), paid=yuan(paid),
        )  # fmt: skip


def early_retention_was_agreed(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """Before the defect period ends retention goes back only as both agreed, who say why."""
    until = facts.retention_due_at
    if payload is None or until is None or facts.at >= until:
        return
    for field, what in (("reason", "retention_early"), ("file_sha256", "retention_unagreed")):
        if not getattr(payload, field):
            yield _refusal(facts, what, "retention", field, until=formats.minute(until))


def receipts_are_sound(facts: Any, payload: Any) -> Iterator[Refusal]:
    """Bank receipts are not from tomorrow, and none is counted twice, here or for another sum."""
    seen: set[tuple[str, str]] = set(facts.used_receipts)
    for index, receipt in enumerate(payload.receipts if payload is not None else ()):
        if receipt.paid_on > facts.today:
            yield _refusal(
                facts, "dated_ahead", "platform", f"receipts.{index}.paid_on",
                day=receipt.paid_on.isoformat(),
            )  # fmt: skip
        if (receipt.bank, receipt.number) in seen:
            yield _refusal(
                facts, "receipt_twice", "platform", f"receipts.{index}.number",
                number=receipt.number,
            )  # fmt: skip
        seen.add((receipt.bank, receipt.number))


def nothing_is_unpaid(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract ends when what was settled is paid, and every payment that was asked for."""
    if facts.open_payments:
        yield _refusal(facts, "payments_open", "platform", numbers=list(facts.open_payments))
    if facts.unpaid_fen > 0:
        yield _refusal(facts, "unpaid", "platform", unpaid=format_yuan(facts.unpaid_fen))


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
SIGNED = (
    *DRAFTED,
    performance_security_is_in_force,
    payment_security_is_in_force,
)


def deemed_at(silence_accepts: bool, reply_by: datetime) -> datetime | None:
    """When silence accepts a settlement: at the end of the reply period if the contract says so."""
    return reply_by if silence_accepts else None


def months_after(day: date, months: int) -> date:
    """The day so many months on; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def yuan(fen: int) -> str:
    """Fen as yuan with grouping, for the facts of a refusal."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
