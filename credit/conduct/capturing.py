"""The rules of what is entered as a record: whole, of this world, and by a document. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credit.conduct import rules
from credit.conduct.rules import RecordFacts, refusal
from kernel.errors import Refusal
from kernel.identifiers.guards import uscc_is_sound


def document_is_named(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """No record without the document that decides it."""
    if payload is not None and not payload.document_number:
        yield refusal(facts, "document_missing", "record", "document_number")


def fact_is_told(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """A record says what happened."""
    if payload is not None and not payload.fact:
        yield refusal(facts, "fact_missing", "record", "fact")


def document_is_brought(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever enters a record brings its document; who verifies it holds one against the other.

    What the platform captured itself rests on its own log.
    """
    if payload is not None and not (payload.document_sha256 and facts.brought):
        yield refusal(facts, "document_not_brought", "record", "document_sha256")


def did_happen(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Nothing is recorded before it happened."""
    if payload is None:
        return
    for field in ("occurred_on", "decided_on"):
        on = getattr(payload, field)
        if on is not None and on > facts.today:
            yield refusal(facts, "dated_ahead", "record", field, on=on.isoformat())


def place_is_known(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """A record of no place is nobody's to verify."""
    if facts.place_unknown:
        yield refusal(facts, "place_unknown", "record", "region")


def name_is_of_the_code(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """The name follows from the code; only whom the archive does not know is named by hand."""
    if payload is None:
        return
    if not facts.known_name and not payload.name:
        yield refusal(facts, "name_missing", "record", "name")
    elif facts.known_name and payload.name not in ("", facts.known_name):
        known = facts.known_name
        yield refusal(facts, "name_of_another", "record", "name", uscc=payload.uscc, name=known)


CAPTURE = (
    place_is_known,
    uscc_is_sound,
    document_is_named,
    fact_is_told,
    rules.item_is_in_the_scheme,
    rules.class_is_known,
    rules.weight_is_stated,
    did_happen,
    rules.is_no_duplicate,
)
