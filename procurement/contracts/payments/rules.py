"""The rules of payments: what may be measured, paid, and in which order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from procurement.contracts.needs import BillLine
from procurement.contracts.payments.receipt_days import receipts_are_of_their_time
from procurement.contracts.payments.schemas import Measured
from procurement.contracts.payments.sums import PREPAYMENT, PROGRESS, SETTLEMENT, Sums
from procurement.contracts.rules.common import files_are_there, reason_is_given, yuan
from procurement.contracts.rules.settlement import receipts_are_sound

ARTICLE_FORM = "《建设工程施工合同（示范文本）》（GF-2017-0201）"
ARTICLE_WAGES = "《保障农民工工资支付条例》第二十四条、第三十五条"
ARTICLE_LATE = "《保障中小企业款项支付条例》第十七条"
ARTICLE_UNDISPUTED = "《保障中小企业款项支付条例》第十五条"
ARTICLE_PLATFORM = "平台规则"

# In which states of a contract each kind of payment is asked for.
_WHEN = {
    PROGRESS: frozenset({"performing", "settling"}),
    PREPAYMENT: frozenset({"signed", "registered", "performing"}),
    SETTLEMENT: frozenset({"settled", "retention_returned"}),
}


@dataclass(frozen=True)
class Payable:
    """A change or an adjustment that a payment names. taken_by: another payment that names it."""

    number: str
    sum_fen: int
    known: bool
    approved: bool
    taken_by: str = ""


@dataclass(frozen=True)
class PaymentFacts:
    """All that the guards of a payment look at, loaded once per act. Money in fen.

    contract_state: empty where there is no such contract. measured, extra: quantities of other
    payments and of approved changes, by item. lines: of the payload, else of the case.
    claimed: quantities that were asked for. payables: changes and adjustments that it names.
    rivals: numbers of other payments of the contract under review. twin: another prepayment or
    final payment. sums: what it comes to. ceiling_fen: what all payments together may come to;
    others_fen: what the others come to. wage_account: the contract's account in force, empty where
    it has none. remaining_fen: unpaid, interest_fen: owed for it by the
    day of the last receipt. used_receipts: bank and number of those that were brought before.
    approved_on, overdue_since, disputed_on: None where it is not; overdue from that day on.
    """

    today: date
    actor_uscc: str
    articles: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]
    contract_state: str
    contractor_uscc: str
    kind: str
    measured_to: date | None
    last_measured_to: date | None
    bill: Mapping[str, BillLine]
    measured: Mapping[str, Decimal]
    extra: Mapping[str, Decimal]
    lines: tuple[Measured, ...]
    claimed: Mapping[str, Decimal]
    payables: tuple[Payable, ...]
    rivals: tuple[str, ...]
    twin: str
    sums: Sums
    ceiling_fen: int
    others_fen: int
    wages_left_fen: int
    wage_account: str
    remaining_fen: int
    interest_fen: int
    certificate_signed: bool
    missing_files: frozenset[str]
    used_receipts: frozenset[tuple[str, str]] = frozenset()
    approved_on: date | None = None
    overdue_since: date | None = None
    disputed_on: date | None = None


def _refusal(facts: PaymentFacts, what: str, cite: str, field: str = "", **said: Any) -> Refusal:
    return Refusal(f"procurement.payment.{what}", said, facts.articles[cite], field)


def contract_can_pay(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """The contract is signed, is the contractor's own, and has come to this kind of payment."""
    if not facts.contract_state or (facts.actor_uscc and facts.contractor_uscc != facts.actor_uscc):
        yield _refusal(facts, "contract_unknown", "form", "contract_number")
    elif facts.kind not in _WHEN:
        yield _refusal(facts, "kind_unlisted", "platform", "kind", code=facts.kind)
    elif facts.contract_state not in _WHEN[facts.kind]:
        yield _refusal(facts, "contract_not_there", "form", "kind", state=facts.contract_state)


def asked_for_once(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """Prepayment and final payment are asked for once."""
    if facts.twin:
        yield _refusal(facts, "kind_twice", "platform", "kind", other=facts.twin)


def period_goes_on(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """A period ends by today and after the one before it."""
    if facts.measured_to is None:
        return
    if facts.measured_to > facts.today:
        yield _refusal(
            facts, "measured_ahead", "form", "measured_to", day=facts.measured_to.isoformat()
        )
    last = facts.last_measured_to
    if facts.kind == PROGRESS and last is not None and facts.measured_to <= last:
        yield _refusal(facts, "period_overlaps", "form", "measured_to", last=last.isoformat())


def one_is_reviewed_at_a_time(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """What was measured before is settled first: sums so far are counted on it."""
    if facts.rivals:
        yield _refusal(facts, "other_under_review", "platform", others=list(facts.rivals))


def something_is_asked_for(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """A payment comes to something."""
    if facts.sums.due_fen <= 0:
        yield _refusal(facts, "nothing_due", "form", due=yuan(facts.sums.due_fen))


def lines_are_of_the_bill(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """What is measured stands in the contract's bill, each item once."""
    counts = Counter(line.code for line in facts.lines)
    for index, line in enumerate(facts.lines):
        if line.code not in facts.bill:
            yield _refusal(facts, "item_unknown", "form", f"lines.{index}.code", item=line.code)
        elif counts[line.code] > 1:
            yield _refusal(facts, "item_twice", "form", f"lines.{index}.code", item=line.code)


def most(facts: PaymentFacts, code: str) -> Decimal:
    """What of an item may be measured in all: the bill's quantity and approved changes of it."""
    return facts.bill[code].quantity + facts.extra.get(code, Decimal(0))


def quantities_are_within(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """All that was measured of an item is no more than the contract and its approved changes."""
    for index, line in enumerate(facts.lines):
        if line.code not in facts.bill:
            continue
        total = facts.measured.get(line.code, Decimal(0)) + line.quantity
        if total > most(facts, line.code):
            yield _refusal(
                facts, "quantity_exceeded", "form", f"lines.{index}.quantity",
                item=line.code, name=facts.bill[line.code].name, total=_plain(total),
                most=_plain(most(facts, line.code)),
            )  # fmt: skip


def certified_is_what_was_asked(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody certifies more of an item than was asked for."""
    for index, line in enumerate(facts.lines):
        asked = facts.claimed.get(line.code, Decimal(0))
        if line.quantity > asked:
            yield _refusal(
                facts, "certified_above_claim", "form", f"lines.{index}.quantity",
                item=line.code, asked=_plain(asked), found=_plain(line.quantity),
            )  # fmt: skip


def payables_can_be_paid(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """Changes and adjustments that it names are approved, and are not paid twice."""
    for payable in facts.payables:
        if not payable.known:
            yield _refusal(facts, "change_unknown", "variation", number=payable.number)
        elif not payable.approved:
            yield _refusal(facts, "change_unapproved", "variation", number=payable.number)
        elif payable.taken_by:
            yield _refusal(
                facts, "change_taken", "variation",
                number=payable.number, other=payable.taken_by,
            )  # fmt: skip


def sum_is_within_cap(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """All payments together are no more than the price and what changed it."""
    total = facts.others_fen + facts.sums.due_fen
    if total > facts.ceiling_fen:
        yield _refusal(
            facts, "above_cap", "progress", total=yuan(total), cap=yuan(facts.ceiling_fen)
        )


# Paying --------------------------------------------------------------------------------------


def wages_go_out_whole(facts: PaymentFacts, payload: Any) -> Iterator[Refusal]:
    """The wage share is paid whole, to the contract's own wage account."""
    if payload is None:
        return
    yield from receipts_are_sound(facts, payload)
    paid = sum(receipt.amount_fen for receipt in payload.receipts)
    if paid != facts.wages_left_fen:
        yield _refusal(
            facts, "wages_not_whole", "wages", "receipts",
            needed=yuan(facts.wages_left_fen), paid=yuan(paid),
        )  # fmt: skip
    if not facts.wages_left_fen:
        return
    if not payload.account:
        yield _refusal(facts, "wage_account_missing", "wages", "account")
    elif not facts.wage_account:
        yield _refusal(facts, "wage_account_unopened", "wages", "account")
    elif payload.account.replace(" ", "") != facts.wage_account:
        yield _refusal(facts, "wage_account_other", "wages", "account")


def wages_are_paid_first(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing else is paid while wages of the period are not."""
    if facts.wages_left_fen > 0:
        yield _refusal(facts, "wages_first", "wages", needed=yuan(facts.wages_left_fen))


def certificate_is_signed(facts: PaymentFacts, _payload: Any) -> Iterator[Refusal]:
    """Chief supervisor and owner have signed the payment certificate."""
    if not facts.certificate_signed:
        yield _refusal(facts, "certificate_unsigned", "form")


def receipts_cover_the_sum(facts: PaymentFacts, payload: Any) -> Iterator[Refusal]:
    """The bank receipts are what is unpaid, with interest where it is late; no more, no less."""
    if payload is None:
        return
    yield from receipts_are_sound(facts, payload)
    paid = sum(receipt.amount_fen for receipt in payload.receipts)
    needed = facts.remaining_fen + facts.interest_fen
    if paid != needed:
        yield _refusal(
            facts, "receipts_differ", "late_interest" if facts.interest_fen else "form",
            "receipts", needed=yuan(needed), interest=yuan(facts.interest_fen), paid=yuan(paid),
        )  # fmt: skip


def undisputed_is_paid(facts: PaymentFacts, payload: Any) -> Iterator[Refusal]:
    """A dispute about a part is no reason to keep the rest."""
    if payload is None:
        return
    yield from receipts_are_sound(facts, payload)
    if not 0 < payload.disputed_fen <= facts.remaining_fen:
        yield _refusal(
            facts, "dispute_out_of_range", "undisputed", "disputed_fen",
            most=yuan(facts.remaining_fen),
        )  # fmt: skip
        return
    paid = sum(receipt.amount_fen for receipt in payload.receipts)
    needed = facts.remaining_fen - payload.disputed_fen
    if paid != needed:
        yield _refusal(
            facts, "undisputed_unpaid", "undisputed", "receipts",
            needed=yuan(needed), paid=yuan(paid),
        )  # fmt: skip


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")


OPENED = (contract_can_pay, asked_for_once, period_goes_on)
MEASURED = (lines_are_of_the_bill, quantities_are_within, payables_can_be_paid)
SUBMITTED = (
    *OPENED, one_is_reviewed_at_a_time, *MEASURED, something_is_asked_for, sum_is_within_cap,
)  # fmt: skip
CERTIFIED = (*MEASURED, certified_is_what_was_asked, something_is_asked_for, sum_is_within_cap)
APPROVED = (*MEASURED, something_is_asked_for, sum_is_within_cap)
WAGES = (wages_go_out_whole, receipts_are_of_their_time, files_are_there)
PAID = (
    certificate_is_signed, wages_are_paid_first, receipts_cover_the_sum, receipts_are_of_their_time,
    files_are_there,
)  # fmt: skip
DISPUTED = (
    certificate_is_signed, wages_are_paid_first, undisputed_is_paid, receipts_are_of_their_time,
    reason_is_given, files_are_there,
)  # fmt: skip
RETURNED = (reason_is_given,)
