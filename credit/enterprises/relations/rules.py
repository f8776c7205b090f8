"""The rules of relations between enterprises: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers import uscc
from kernel.identifiers.guards import unsound

CODE = "credit.relation."


@dataclass(frozen=True)
class RelationFacts:
    """All that the guards of a relation look at.

    kinds: codes of the list. taken: the two stand in it already. brought: who acts brought the
    file along. interested: who acts works for one of the two. since: of the relation that ends.
    elsewhere: neither of the two belongs to the place of who records. now_says: what may be put
    right of it. proposed: "" or a word of ``correcting`` (record, change, take_back, reopen, end);
    proposed_by: by whom. person: who acts.
    """

    today: date
    articles: Mapping[str, str]
    kinds: frozenset[str] = frozenset()
    taken: bool = False
    brought: bool = False
    interested: bool = False
    elsewhere: bool = False
    since: date | None = None
    now_says: Mapping[str, Any] = field(default_factory=dict)
    proposed: str = ""
    proposed_by: int = 0
    person: int = 0


def _refusal(facts: RelationFacts, what: str, cite: str, at: str = "", **said: Any) -> Refusal:
    return Refusal(CODE + what, said, facts.articles[cite], at)


def codes_are_sound(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """Two credit codes, each whole, of two enterprises; the kind stands in the list."""
    if payload is None:
        return
    for name in ("uscc", "other_uscc"):
        yield from unsound(uscc.parse, getattr(payload, name), facts.articles["uscc"], name)
    if payload.uscc == payload.other_uscc:
        yield _refusal(facts, "with_itself", "archive", "other_uscc")
    if payload.kind not in facts.kinds:
        yield _refusal(facts, "kind_unlisted", "archive", "kind", code=payload.kind)


def days_are_sound(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """It has begun, and does not end before it began."""
    if payload is None:
        return
    if payload.since > facts.today:
        yield _refusal(facts, "dated_ahead", "archive", "since")
    if payload.until is not None and payload.until < payload.since:
        yield _refusal(facts, "backward", "archive", "until")


def end_is_sound(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """A last day that has come, and not before the first."""
    if payload is None:
        return
    if payload.last_day > facts.today:
        yield _refusal(facts, "dated_ahead", "archive", "last_day")
    if facts.since is not None and payload.last_day < facts.since:
        yield _refusal(facts, "backward", "archive", "last_day")


def relation_is_new(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """The same relation of two is on record once."""
    if facts.taken:
        yield _refusal(facts, "taken", "archive", "other_uscc")


def source_is_brought(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """It keeps a firm from bidding: a document says it, and its scan is there."""
    if payload is not None and not (payload.source.strip() and facts.brought):
        yield _refusal(facts, "unproven", "borne_out", "file_sha256")


def one_is_of_this_place(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """An officer records for enterprises of the own place; one of the two is."""
    if facts.elsewhere:
        yield _refusal(facts, "of_another_place", "place", "uscc")


def is_nobody_of_the_two(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """An officer who works for one of the two leaves it to another."""
    if facts.interested:
        yield Refusal("credit.officer.interested", {}, facts.articles["borne_out"])


RECORDED = (
    codes_are_sound,
    days_are_sound,
    relation_is_new,
    source_is_brought,
    one_is_of_this_place,
    is_nobody_of_the_two,
)
ENDED = (end_is_sound, source_is_brought, is_nobody_of_the_two)
