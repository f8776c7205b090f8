"""The rules of bringing a national table into force: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kernel.errors import Refusal

WAITING = "waiting"


@dataclass(frozen=True)
class ImportFacts:
    """All that decides over a file that was brought.

    state: of the import; person: who acts; brought_by: the officer who stands behind the file, 0
    while none does. reason: as it is given. article: that two officers are needed.
    """

    state: str
    person: int
    brought_by: int
    article: str
    reason: str = ""


def may_confirm(facts: ImportFacts) -> Iterator[Refusal]:
    """A file that waits is brought into force by another officer than who brought it."""
    yield from _waits(facts)
    if facts.brought_by and facts.person == facts.brought_by:
        yield Refusal("credit.national.same_officer", {}, facts.article, "")


def may_decline(facts: ImportFacts) -> Iterator[Refusal]:
    """A file that waits is declined with a reason; who brought it takes it back so."""
    yield from _waits(facts)
    if not facts.reason.strip():
        yield Refusal("workflow.reason.missing", {}, facts.article, "reason")


def _waits(facts: ImportFacts) -> Iterator[Refusal]:
    if facts.state != WAITING:
        yield Refusal("credit.national.decided", {}, facts.article, "")
