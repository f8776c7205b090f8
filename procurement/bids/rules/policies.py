"""Guards of opening policies. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from procurement.bids.rules.common import ARTICLE_OPENING, ARTICLE_PLATFORM

# What a lot is in as long as nobody can seal to its trustees.
BEFORE_NOTICE = frozenset({"draft", "approved"})


@dataclass(frozen=True)
class PolicyFacts:
    """What the guards of an opening policy look at.

    faults: what was found wrong with what the act brings along, form and signature. missing_*:
    the parties (USCC) of whom something is awaited.
    """

    lot_number: str = ""
    lot_found: bool = False
    lot_state: str = ""
    lot_parties: frozenset[str] = frozenset()
    lot_deadline: datetime | None = None
    actor_uscc: str = ""
    other_policy: bool = False
    unknown: tuple[str, ...] = ()
    faults: tuple[Refusal, ...] = ()
    missing_keys: tuple[str, ...] = ()
    missing_rehearsals: tuple[str, ...] = ()
    missing_signatures: tuple[str, ...] = ()
    deadline: datetime | None = None
    at: datetime | None = None


def lot_is_there(facts: PolicyFacts, payload: Any) -> Iterator[Refusal]:
    """A policy is of a lot that exists, and that the actor's organisation runs."""
    if payload is None:
        return
    if not facts.lot_found or facts.actor_uscc not in facts.lot_parties:
        yield Refusal(
            "procurement.policy.lot_unknown",
            {"lot": facts.lot_number},
            ARTICLE_PLATFORM,
            "lot_number",
        )


def lot_has_deadline(facts: PolicyFacts, payload: Any) -> Iterator[Refusal]:
    """The policy repeats the lot's deadline for bids."""
    if payload is not None and facts.lot_found and facts.lot_deadline is None:
        yield Refusal(
            "procurement.policy.no_deadline",
            {"lot": facts.lot_number},
            ARTICLE_OPENING,
            "lot_number",
        )


def lot_has_no_policy(facts: PolicyFacts, payload: Any) -> Iterator[Refusal]:
    """A lot has one policy at a time."""
    if payload is not None and facts.other_policy:
        yield Refusal(
            "procurement.policy.exists", {"lot": facts.lot_number}, ARTICLE_PLATFORM, "lot_number"
        )


def parties_are_registered(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Trustees and supervisor are organisations of this platform."""
    for uscc in facts.unknown:
        yield Refusal(
            "procurement.policy.party_unknown", {"uscc": uscc}, ARTICLE_PLATFORM, "trustees"
        )


def keys_are_announced(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Everybody who draws has committed, everybody who opens has a key."""
    for uscc in facts.missing_keys:
        yield Refusal("procurement.policy.key_missing", {"uscc": uscc}, ARTICLE_PLATFORM)


def rehearsals_are_passed(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Every trustee has shown that it can open."""
    for uscc in facts.missing_rehearsals:
        yield Refusal("procurement.policy.rehearsal_missing", {"uscc": uscc}, ARTICLE_PLATFORM)


def signatures_are_there(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Entity and every trustee have signed."""
    for uscc in facts.missing_signatures:
        yield Refusal("procurement.policy.signature_missing", {"uscc": uscc}, ARTICLE_PLATFORM)


def deadline_moves_later(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """An extension follows a lot whose deadline was put off; it is never earlier."""
    if facts.lot_deadline is None or facts.deadline is None or facts.lot_deadline <= facts.deadline:
        yield Refusal("procurement.policy.not_later", {}, "《招标投标法实施条例》第21条")


def deadline_is_ahead(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """A policy is signed while bids may still come under it: later nobody could use it any more."""
    if facts.at is not None and facts.deadline is not None and facts.at > facts.deadline:
        yield Refusal(
            "procurement.policy.deadline_over",
            {"deadline": facts.deadline.isoformat()},
            "《招标投标法实施条例》第21条",
        )


def notice_is_not_out(facts: PolicyFacts, _payload: Any) -> Iterator[Refusal]:
    """Trustees change only before the notice: bids are sealed to them."""
    if facts.lot_found and facts.lot_state not in BEFORE_NOTICE:
        yield Refusal("procurement.policy.notice_is_out", {}, ARTICLE_PLATFORM)
