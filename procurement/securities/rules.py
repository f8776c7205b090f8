"""The rules of securities: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers import uscc
from kernel.identifiers.guards import unsound

CODE = "procurement.security."


@dataclass(frozen=True)
class LotTerms:
    """What a lot asks of a bid security. open: whether bids may still come. Money in fen."""

    open: bool
    owner_uscc: str
    project_number: str
    amount_fen: int
    bid_deadline_on: date
    validity_days: int


@dataclass(frozen=True)
class SecurityFacts:
    """Everything that the guards of a security look at.

    taken: the guarantor issued another under this number. lot: of a bid security. price_fen: of
    the contract that a performance security is about, where it is known; performance_percent:
    how much of it may be asked for at most. by_guarantor: the guarantor itself acts. released: a
    return was caused already, or the lot of a bid security ended without an opening. withdrawn:
    the bid behind it was taken back.
    """

    at: datetime
    today: date
    kind: str
    amount_fen: int
    valid_to: date | None
    articles: Mapping[str, str]
    kinds: frozenset[str]
    performance_percent: int
    taken: bool = False
    project_known: bool = False
    own_file: bool = True
    lot: LotTerms | None = None
    price_fen: int | None = None
    by_guarantor: bool = False
    released: bool = False
    withdrawn: bool = False


def _refusal(facts: SecurityFacts, what: str, cite: str, where: str = "", **told: Any) -> Refusal:
    return Refusal(CODE + what, told, facts.articles[cite], where)


def kind_is_listed(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """Only bid, performance, payment and wage securities are allowed."""
    if payload is not None and payload.kind not in facts.kinds:
        yield _refusal(facts, "kind_unlisted", "kinds", "kind", kind=payload.kind)


def number_is_unused(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """A guarantor gives one number once."""
    if payload is None:
        return
    if not payload.number:
        yield _refusal(facts, "number_missing", "platform", "number")
    if facts.taken:
        yield _refusal(facts, "number_taken", "platform", "number", number=payload.number)


def parties_are_identified(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """Principal and beneficiary have valid credit codes and are not one."""
    if payload is None:
        return
    for name in ("principal_uscc", "beneficiary_uscc"):
        yield from unsound(uscc.parse, getattr(payload, name), facts.articles["platform"], name)
    if payload.principal_uscc == payload.beneficiary_uscc:
        yield _refusal(facts, "parties_same", "platform", "beneficiary_uscc")


def amount_and_term_are_there(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """There is an amount, and the guarantee is not over before it begins."""
    if payload is None:
        return
    if not payload.amount_fen:
        yield _refusal(facts, "amount_missing", "platform", "amount_fen")
    if payload.valid_to < max(payload.valid_from, facts.today):
        yield _refusal(facts, "term_over", "platform", "valid_to")


def subject_is_known(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """What is secured belongs to a registered project; a bid security's lot takes bids."""
    if payload is None:
        return
    if not facts.project_known:
        yield _refusal(
            facts, "project_unknown", "platform", "project_number", number=payload.project_number
        )
    if payload.kind != "bid":
        return
    if facts.lot is None or facts.lot.project_number != payload.project_number:
        yield _refusal(facts, "lot_unknown", "bid", "about", number=payload.about)
    elif not facts.lot.open:
        yield _refusal(facts, "lot_closed", "bid", "about", number=payload.about)


def bid_security_suits_its_lot(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """It names the lot's owner, covers what the notice asks, as long as bids are valid."""
    if payload is None or payload.kind != "bid" or facts.lot is None:
        return
    lot = facts.lot
    if payload.beneficiary_uscc != lot.owner_uscc:
        yield _refusal(facts, "beneficiary_differs", "bid", "beneficiary_uscc")
    if payload.amount_fen < lot.amount_fen:
        yield _refusal(facts, "amount_short", "bid", "amount_fen", least=_yuan(lot.amount_fen))
    least = lot.bid_deadline_on + timedelta(days=lot.validity_days)
    if payload.valid_to < least:
        yield _refusal(facts, "term_short", "bid", "valid_to", least=least.isoformat())


def performance_is_within_limit(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """A performance security is ten per cent of the contract's price at most."""
    if payload is None or payload.kind != "performance" or facts.price_fen is None:
        return
    most = facts.price_fen * facts.performance_percent // 100
    if payload.amount_fen > most:
        yield _refusal(facts, "performance_too_high", "performance", "amount_fen", most=_yuan(most))


def file_is_own(facts: SecurityFacts, _payload: Any) -> Iterator[Refusal]:
    """The scan of the guarantee was uploaded by the guarantor."""
    if not facts.own_file:
        yield _refusal(facts, "file_missing", "platform", "file_sha256")


def interest_is_told(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """A return says what interest was paid, or why there is none."""
    if payload is not None and not payload.interest_note:
        yield _refusal(facts, "interest_untold", "return", "interest_note")


def guarantor_waits_for_a_cause(facts: SecurityFacts, _payload: Any) -> Iterator[Refusal]:
    """A guarantor takes its guarantee back only where the law has released it."""
    if facts.by_guarantor and not facts.released:
        yield _refusal(facts, "not_released", "return")


def claim_is_within_amount(facts: SecurityFacts, payload: Any) -> Iterator[Refusal]:
    """Nobody claims more than was guaranteed, and a claim says why."""
    if payload is None:
        return
    if not 0 < payload.amount_fen <= facts.amount_fen:
        yield _refusal(facts, "claim_amount", "claim", "amount_fen", most=_yuan(facts.amount_fen))
    if not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


def was_released_by_withdrawal(facts: SecurityFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what a withdrawal released can stand again behind the next bid."""
    if not facts.withdrawn:
        yield _refusal(facts, "not_released", "bid")


def nothing_is_claimed_once_released(facts: SecurityFacts, _payload: Any) -> Iterator[Refusal]:
    """What the law has released is returned, not claimed."""
    if facts.kind == "bid" and facts.released:
        yield _refusal(facts, "released", "return")


ISSUED = (
    kind_is_listed,
    number_is_unused,
    parties_are_identified,
    amount_and_term_are_there,
    subject_is_known,
    bid_security_suits_its_lot,
    performance_is_within_limit,
    file_is_own,
)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
