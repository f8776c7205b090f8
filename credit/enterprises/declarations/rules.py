"""The rules of declarations: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal


@dataclass(frozen=True)
class DeclarationFacts:
    """All that the guards look at.

    known: the enterprise is in the archive. taken: "" or the proof level of what the archive
    already has of this contract or year. brought: this organisation uploaded the document.
    person: who acts; declared_by: who declared. interested: an officer who works for the
    enterprise, too.
    """

    today: date
    known: bool
    taken: str
    brought: bool
    articles: Mapping[str, str]
    person: int = 0
    declared_by: int = 0
    interested: bool = False


def enterprise_is_known(facts: DeclarationFacts, _payload: Any) -> Iterator[Refusal]:
    """Only an enterprise of the archive adds to it."""
    if not facts.known:
        yield Refusal("credit.declaration.enterprise_unknown", {}, facts.articles["archive"])


def document_is_there(facts: DeclarationFacts, payload: Any) -> Iterator[Refusal]:
    """What is declared comes with the document that shows it."""
    if payload is not None and not (payload.document_sha256 and facts.brought):
        yield Refusal(
            "credit.declaration.document_missing", {}, facts.articles["proof"], "document_sha256"
        )


def is_new(facts: DeclarationFacts, payload: Any) -> Iterator[Refusal]:
    """What the archive has, is not declared once more."""
    if payload is not None and facts.taken:
        yield Refusal("credit.declaration.taken", {"level": facts.taken}, facts.articles["proof"])


def days_are_possible(facts: DeclarationFacts, payload: Any) -> Iterator[Refusal]:
    """Signed before completed, and neither of them to come."""
    if payload is None:
        return
    for name in ("signed_on", "completed_on"):
        day = getattr(payload, name)
        if day is not None and day > facts.today:
            yield _day(facts, name, day)
    if payload.completed_on is not None and payload.completed_on < payload.signed_on:
        yield _day(facts, "completed_on", payload.completed_on)


def _day(facts: DeclarationFacts, name: str, day: date) -> Refusal:
    article = facts.articles["archive"]
    return Refusal(
        "credit.declaration.day_impossible", {"field": name, "day": day.isoformat()}, article, name
    )


def year_is_over(facts: DeclarationFacts, payload: Any) -> Iterator[Refusal]:
    """Figures of a year are known when it is over."""
    if payload is not None and payload.year >= facts.today.year:
        yield Refusal(
            "credit.declaration.year_open", {"year": payload.year}, facts.articles["archive"],
            "year",
        )  # fmt: skip


def reason_is_given(facts: DeclarationFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever refuses or takes back says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["proof"], "reason")


def is_another_than_declared(facts: DeclarationFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody checks the own declaration, though the person serves an authority as well."""
    if facts.declared_by and facts.person == facts.declared_by:
        yield Refusal("credit.declaration.own_declaration", {}, facts.articles["proof"])
    elif facts.interested:
        yield Refusal("credit.officer.interested", {}, facts.articles["proof"])


ACHIEVEMENT = (enterprise_is_known, document_is_there, is_new, days_are_possible)
FINANCE = (enterprise_is_known, document_is_there, is_new, year_is_over)
