"""The rules of a second officer: what one proposes or verifies, another confirms. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credit.conduct.rules import RecordFacts, refusal
from kernel.errors import Refusal
from kernel.workflow.machines import Guard


def is_nobody_of_the_enterprise(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """An officer who works for the enterprise leaves its records to others."""
    if facts.interested:
        yield Refusal("credit.officer.interested", {}, facts.articles["second_pair"])


def listing_is_dropped_otherwise(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """A proposed listing is given up by the act that ends it."""
    if facts.proposed == "list":
        yield refusal(facts, "listing_proposed", "second_pair", "")


def is_another_than_accepted(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Who decides an objection is another officer than who accepted it."""
    if facts.accepted_by and facts.person == facts.accepted_by:
        yield refusal(facts, "same_acceptor", "second_pair", "")


def not_yet_verified(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """A record is held against its document once."""
    if facts.verified_by:
        yield refusal(facts, "verified", "second_pair", "")


def was_verified(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing is confirmed that nobody has held against its document."""
    if not facts.verified_by:
        yield refusal(facts, "not_verified", "second_pair", "")


def is_a_second_pair_of_eyes(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Who confirms is another officer than who verified."""
    if facts.verified_by and facts.person == facts.verified_by:
        yield refusal(facts, "same_officer", "second_pair", "")


def nothing_is_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """One proposal at a time: it is confirmed or declined before the next."""
    if facts.proposed:
        yield refusal(facts, "proposed_already", "second_pair", "")


def something_is_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what was proposed is declined."""
    if not facts.proposed:
        yield refusal(facts, "not_proposed", "second_pair", "")


def is_another_than_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Who confirms is another officer than who proposed."""
    if facts.proposed and facts.person == facts.proposed_by:
        yield refusal(facts, "same_proposer", "second_pair", "")


def keeping_is_not_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """That a record be shown on is proposed once; another officer confirms it."""
    if facts.proposed == "keep":
        yield refusal(facts, "proposed_already", "second_pair", "")


def review_is_left_to_the_upper_authority(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What the upper authority proposes, the one that it reviews does not decline."""
    if facts.proposed == "review_revoke" and not facts.above:
        yield refusal(facts, "review_of_upper", "second_pair", "")


def confirms(act: str) -> tuple[Guard, ...]:
    """The guards of an act of weight: proposed first, and by another."""

    def was_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
        if facts.proposed != act:
            yield refusal(facts, "not_proposed", "second_pair", "")

    return (was_proposed, is_another_than_proposed)
