"""The rules of conduct records: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers.guards import uscc_is_sound
from kernel.workflow.machines import Guard


@dataclass(frozen=True)
class RecordFacts:
    """All that the guards of a record look at.

    items: code -> severity class of the scheme in force. duplicate: another record that is not
    revoked has this enterprise, item and document. person: who acts; verified_by: who verified.
    proposed: the act that an officer proposed and nobody confirmed yet, or ""; proposed_by: who.
    repair_from: the first instant at which repair may be asked for, None where never.
    """

    today: date
    now: datetime
    items: Mapping[str, str]
    item: str
    document_number: str
    fact: str
    duplicate: bool
    person: int
    verified_by: int
    repair_from: datetime | None
    articles: Mapping[str, str]
    proposed: str = ""
    proposed_by: int = 0


def _refusal(facts: RecordFacts, what: str, cite: str, field: str, **more: Any) -> Refusal:
    return Refusal(f"credit.conduct_record.{what}", more, facts.articles[cite], field)


def document_is_named(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """No record without the document that decides it."""
    if payload is not None and not payload.document_number:
        yield _refusal(facts, "document_missing", "record", "document_number")


def fact_is_told(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """A record says what happened."""
    if payload is not None and not payload.fact:
        yield _refusal(facts, "fact_missing", "record", "fact")


def item_is_in_the_scheme(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """The item stands in the scheme of the day, with its class and term."""
    if payload is not None and payload.item not in facts.items:
        yield _refusal(facts, "item_unknown", "record", "item", item=payload.item)


def did_happen(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Nothing is recorded before it happened."""
    if payload is not None and payload.occurred_on > facts.today:
        yield _refusal(
            facts, "dated_ahead", "record", "occurred_on", on=payload.occurred_on.isoformat()
        )


def is_no_duplicate(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """The same fact twice is one fact."""
    if facts.duplicate:
        number = payload.document_number if payload is not None else facts.document_number
        yield _refusal(facts, "duplicate", "record", "document_number", number=number)


def not_yet_verified(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """A record is held against its document once."""
    if facts.verified_by:
        yield _refusal(facts, "verified", "second_pair", "")


def was_verified(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing is confirmed that nobody has held against its document."""
    if not facts.verified_by:
        yield _refusal(facts, "not_verified", "second_pair", "")


def is_a_second_pair_of_eyes(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Who confirms is another officer than who verified."""
    if facts.verified_by and facts.person == facts.verified_by:
        yield _refusal(facts, "same_officer", "second_pair", "")


def nothing_is_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """One proposal at a time: it is confirmed or declined before the next."""
    if facts.proposed:
        yield _refusal(facts, "proposed_already", "second_pair", "")


def something_is_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what was proposed is declined."""
    if not facts.proposed:
        yield _refusal(facts, "not_proposed", "second_pair", "")


def is_another_than_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Who confirms is another officer than who proposed."""
    if facts.proposed and facts.person == facts.proposed_by:
        yield _refusal(facts, "same_proposer", "second_pair", "")


def confirms(act: str) -> tuple[Guard, ...]:
    """The guards of an act that undoes a confirmed record: proposed first, and by another."""

    def was_proposed(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
        if facts.proposed != act:
            yield _refusal(facts, "not_proposed", "second_pair", "")

    return (was_proposed, is_another_than_proposed)


def reason_is_given(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Who changes or doubts a record says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["record"], "reason")


def may_be_repaired(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Repair may be asked for once the shortest time of showing has passed."""
    if facts.repair_from is None:
        yield _refusal(facts, "not_repairable", "repair", "")
    elif facts.now < facts.repair_from:
        yield _refusal(
            facts, "repair_too_early", "repair", "", earliest=facts.repair_from.isoformat()
        )


def commitment_is_there(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Repair needs the public commitment."""
    if payload is not None and not payload.commitment_sha256:
        yield _refusal(facts, "commitment_missing", "repair", "commitment_sha256")


CAPTURE = (
    uscc_is_sound,
    document_is_named,
    fact_is_told,
    item_is_in_the_scheme,
    did_happen,
    is_no_duplicate,
)
