"""Guards of a contract that is signed and performed: securities, supplements, notice. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from kernel.money import round_fen, to_yuan
from procurement.contracts.rules.common import (
    ARTICLE_INVALID,
    ContractFacts,
    reason_is_given,
    refusal,
    yuan,
)
from procurement.contracts.rules.terms import DRAFTED
from procurement.contracts.schemas import ContractPayload

# What a supplement may not change: it would be another contract than the one that was tendered.
SUBSTANCE = frozenset({"price", "quality", "period", "scope"})


def award_was_found_void(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract is void with the award that it rests on, and for nothing else here."""
    if facts.void_document == "":
        yield Refusal("procurement.contract.award_stands", {}, ARTICLE_INVALID, "")


def another_investigated(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """Whoever opened an investigation does not end it alone: another officer looks at it."""
    if facts.actor_person and facts.actor_person == facts.investigator:
        yield refusal(facts, "same_investigator", "platform")


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
        yield refusal(
            facts, "performance_security_missing", "performance",
            needed=yuan(needed), found=yuan(facts.performance_fen),
        )  # fmt: skip
    share = facts.limits["performance.greatest"]
    most = round_fen(to_yuan(facts.terms.price_fen) * share / 100)
    if facts.performance_fen > most:
        yield refusal(
            facts, "performance_security_too_high", "performance",
            most=yuan(most), found=yuan(facts.performance_fen),
        )  # fmt: skip


def payment_security_is_in_force(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """The owner gave security for its payments."""
    if facts.terms and facts.payment_fen <= 0:
        yield refusal(facts, "payment_security_missing", "payment_security")


def substance_is_kept(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """A supplement changes nothing that was tendered: price, quality, period, scope."""
    if payload is None:
        return
    if payload.subject in SUBSTANCE:
        yield refusal(facts, "substance_changed", "supplement", "subject")
    elif payload.subject not in facts.codes["contract_supplement"]:
        yield refusal(facts, "code_unlisted", "platform", "subject", code=payload.subject)
    if payload.signed_on > facts.today:
        yield refusal(
            facts, "dated_ahead", "platform", "signed_on", day=payload.signed_on.isoformat()
        )


def notice_was_given(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever suspends or ends a contract told the other party in writing, and why."""
    if payload is None:
        return
    yield from reason_is_given(facts, payload)
    if not payload.notice_number or payload.notified_on is None:
        yield refusal(facts, "notice_missing", "notice", "notice_number")
    elif payload.notified_on > facts.today:
        yield refusal(
            facts, "dated_ahead", "notice", "notified_on", day=payload.notified_on.isoformat()
        )


SIGNED = (
    *DRAFTED,
    performance_security_is_in_force,
    payment_security_is_in_force,
)
