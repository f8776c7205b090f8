"""The rules of special wage accounts: pure functions over plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.clock import legal_date
from kernel.errors import Refusal

_ACCOUNT = re.compile(r"[0-9]{10,25}")


@dataclass(frozen=True)
class AccountFacts:
    """All that the guards of a wage account look at.

    contract_found: the contract was signed and is the actor's. signed_on: when. taken: its account
    that is in force. bank_found: an organisation of this code has people who keep wage accounts.
    receipt_taken: the bank's receipt is on record. arrears: payrolls and workers not yet paid,
    as they are named. balance_fen: what is on it. closes_from: earliest
    instant of closing, after the publicity. transfers_go_on: labour cost is due every month, for
    works go on. told_fen: what the receipt says that the bank
    contradicts, 0 where none is on record; contradicted: the bank has done so already.
    """

    today: date
    now: datetime
    contract_found: bool
    signed_on: date | None
    taken: bool
    bank_found: bool
    receipt_taken: bool
    missing_files: frozenset[str]
    arrears: tuple[str, ...]
    closes_from: datetime | None
    balance_fen: int
    articles: Mapping[str, str]
    transfers_go_on: bool = False
    told_fen: int = 0
    contradicted: bool = False


def _refusal(facts: AccountFacts, what: str, cite: str, field: str = "", **more: Any) -> Refusal:
    return Refusal(f"labour.wage_account.{what}", more, facts.articles[cite], field)


def contract_is_signed(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """An account belongs to a contract that the contractor signed."""
    if payload is not None and not facts.contract_found:
        yield _refusal(
            facts, "contract_unknown", "account", "contract_number", number=payload.contract_number
        )


def contract_has_none_yet(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """One contract, one account."""
    if payload is not None and facts.taken:
        yield _refusal(facts, "taken", "account", "contract_number", number=payload.contract_number)


def bank_keeps_wage_accounts(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """The bank is known here, and pays out what is confirmed here."""
    if payload is not None and not facts.bank_found:
        yield _refusal(facts, "bank_unknown", "account_use", "bank_uscc")


def account_is_proved(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """An account number, and the bank's confirmation of it."""
    if payload is None:
        return
    if not _ACCOUNT.fullmatch(payload.account_number):
        yield _refusal(facts, "number", "account", "account_number")
    if not payload.confirmation_number:
        yield _refusal(facts, "unconfirmed", "account", "confirmation_number")


def opened_after_the_contract(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """The account was opened between the contract and today."""
    if payload is None or facts.signed_on is None:
        return
    if not facts.signed_on <= payload.opened_on <= facts.today:
        yield _refusal(
            facts, "opened_on", "account", "opened_on",
            signed=facts.signed_on.isoformat(), opened=payload.opened_on.isoformat(),
        )  # fmt: skip


def files_are_there(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """A file that is named was brought by who names it."""
    if payload is not None:
        for sha256 in sorted(facts.missing_files):
            yield _refusal(facts, "file_missing", "platform", "", sha256=sha256[:12])


def receipt_is_new(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """The same receipt twice is one payment."""
    if payload is not None and facts.receipt_taken:
        yield _refusal(
            facts, "receipt_taken", "account_use", "receipt_number", number=payload.receipt_number
        )


def receipt_is_on_record(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """The bank contradicts what was told, once, while the money is not spent."""
    if payload is None:
        return
    said = {"number": payload.receipt_number}
    if not facts.told_fen:
        yield _refusal(facts, "receipt_unknown", "account_use", "receipt_number", **said)
    elif facts.contradicted:
        yield _refusal(facts, "contradicted", "account_use", "receipt_number", **said)
    elif facts.balance_fen < facts.told_fen:
        yield _refusal(facts, "spent", "account_use", "receipt_number", **said)


def amount_is_positive(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """Money came in, not out: out of it goes only what a payroll says."""
    if payload is not None and payload.amount_fen <= 0:
        yield _refusal(facts, "amount", "account_use", "amount_fen")


def no_arrears(facts: AccountFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody is owed wages."""
    if facts.arrears:
        yield _refusal(
            facts, "arrears", "account_close", "", which=list(facts.arrears[:5]),
            number=len(facts.arrears),
        )  # fmt: skip


def works_are_done(facts: AccountFacts, _payload: Any) -> Iterator[Refusal]:
    """An account is closed after the works: while labour cost is due every month, it is needed."""
    if facts.transfers_go_on:
        yield _refusal(facts, "works_go_on", "account_close")


def publicity_has_run(facts: AccountFacts, _payload: Any) -> Iterator[Refusal]:
    """Thirty days in public before the account is closed."""
    if facts.closes_from is not None and facts.now < facts.closes_from:
        yield _refusal(
            facts,
            "publicity_runs",
            "account_close",
            "",
            earliest=legal_date(facts.closes_from).isoformat(),
        )


def rest_is_booked_out(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """What is left goes back to the contractor by a bank's receipt, and pays nothing here again."""
    if payload is None:
        return
    if payload.rest_fen != facts.balance_fen:
        yield _refusal(
            facts, "rest", "account_close", "rest_fen",
            balance_fen=facts.balance_fen, rest_fen=payload.rest_fen,
        )  # fmt: skip
    if facts.balance_fen and not payload.rest_receipt:
        yield _refusal(facts, "rest_unproved", "account_close", "rest_receipt")
    if facts.receipt_taken:
        yield _refusal(
            facts, "receipt_taken", "account_use", "rest_receipt", number=payload.rest_receipt
        )


def reason_is_given(facts: AccountFacts, payload: Any) -> Iterator[Refusal]:
    """Who objects says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")
