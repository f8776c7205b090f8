"""Guards of openings. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refusal
from procurement.bids.rules.common import (
    ARTICLE_ENDED,
    ARTICLE_OPENING,
    ARTICLE_PLATFORM,
    CLOSING,
    OPENABLE,
    TERMINATED,
)


@dataclass(frozen=True)
class OpeningFacts:
    """What the guards of an opening look at.

    signed, revealed, marked, released: trustees (USCC) who did so; rehearsed: before a later stage.
    threshold: k. earlier_state: of the stage before, where there is one (later). drawn: the draw is
    over. uncured: envelopes with fewer than k good marks, of the first round and of their cures.
    protested: bids (manifest hashes) of founded protests that the list does not answer.
    stop_proposed_by: who (a person's key) proposed to stop the opening, 0 where nobody did.
    """

    lot_found: bool = False
    lot_state: str = ""
    other_opening: bool = False
    actor_uscc: str = ""
    threshold: int = 2
    trustees: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    released: frozenset[str] = frozenset()
    draws: bool = False
    reveal_over: bool = False
    drawn: bool = False
    later: bool = False
    earlier_state: str = ""
    rehearsed: frozenset[str] = frozenset()
    uncured: frozenset[tuple[str, str]] = frozenset()
    cure_over: bool = False
    protested: frozenset[str] = frozenset()
    faults: tuple[Refusal, ...] = ()
    actor_person: int = 0
    stop_proposed_by: int = 0
    reason: str = ""


def lot_is_closing(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A list is made of a lot whose deadline is over, or whose earlier stage is judged; once."""
    ready = facts.earlier_state == "concluded" if facts.later else facts.lot_state == CLOSING
    over = facts.later and facts.lot_state not in OPENABLE
    if not facts.lot_found or not ready or over:
        yield Refusal(
            "procurement.opening.lot_not_closing", {"state": facts.lot_state}, ARTICLE_OPENING
        )
    if facts.other_opening:
        yield Refusal("procurement.opening.exists", {}, ARTICLE_OPENING)


def lot_is_being_opened(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing of a lot is opened that was terminated, or whose time stands still."""
    if facts.lot_state not in OPENABLE:
        ended = facts.lot_state == TERMINATED
        yield Refusal(
            "procurement.opening.lot_not_opening",
            {"state": facts.lot_state},
            ARTICLE_ENDED if ended else ARTICLE_OPENING,
        )


def lot_is_terminated(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """An opening ends with its lot and not before."""
    if facts.lot_state != TERMINATED:
        yield Refusal(
            "procurement.opening.lot_not_terminated", {"state": facts.lot_state}, ARTICLE_ENDED
        )


def trustee_is_new(done: str) -> Any:
    """A guard: each trustee does it once, and only a trustee of the policy does."""

    def guard(facts: OpeningFacts, payload: Any) -> Iterator[Refusal]:
        if facts.actor_uscc and facts.actor_uscc in getattr(facts, done):
            yield Refusal(
                "procurement.opening.done_before", {"uscc": facts.actor_uscc}, ARTICLE_PLATFORM
            )

    guard.__name__ = f"{done}_once"
    return guard


def list_is_countersigned(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """At least k trustees signed the closing list before anything is told."""
    if len(facts.signed) < facts.threshold:
        yield Refusal(
            "procurement.opening.list_unsigned",
            {"found": len(facts.signed), "needed": facts.threshold},
            ARTICLE_PLATFORM,
        )


def nonces_are_there(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Everybody has revealed; or the time to reveal is over and k trustees have.

    Of k one is honest, and its nonce was nobody else's when the list was signed: whoever made the
    list could not choose what is drawn. Where nothing is drawn, at once.
    """
    enough = len(facts.trustees & facts.revealed) >= facts.threshold
    over = facts.reveal_over and enough
    if facts.draws and not over and facts.parties - facts.revealed:
        yield Refusal(
            "procurement.opening.nonces_missing",
            {"parties": sorted(facts.parties - facts.revealed)},
            ARTICLE_PLATFORM,
        )


def marks_are_there(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """At least k trustees marked every bid before any share leaves."""
    if len(facts.marked) < facts.threshold:
        yield Refusal(
            "procurement.opening.marks_missing",
            {"found": len(facts.marked), "needed": facts.threshold},
            ARTICLE_PLATFORM,
        )


def own_marks_are_there(facts: OpeningFacts, payload: Any) -> Iterator[Refusal]:
    """A trustee releases what it has marked."""
    if facts.actor_uscc and facts.actor_uscc not in facts.marked:
        yield Refusal("procurement.opening.own_marks_missing", {}, ARTICLE_PLATFORM)


def releases_are_there(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """At least k trustees released their shares."""
    if len(facts.released) < facts.threshold:
        yield Refusal(
            "procurement.opening.releases_missing",
            {"found": len(facts.released), "needed": facts.threshold},
            ARTICLE_PLATFORM,
        )


def stage_is_later(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Only before a later stage is a rehearsal repeated here."""
    if not facts.later:
        yield Refusal("procurement.opening.stage_first", {}, ARTICLE_PLATFORM)


def rehearsal_is_repeated(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """Before a later stage a trustee shows again that it can open."""
    if facts.later and facts.actor_uscc and facts.actor_uscc not in facts.rehearsed:
        yield Refusal(
            "procurement.policy.rehearsal_missing", {"uscc": facts.actor_uscc}, ARTICLE_PLATFORM
        )


def nothing_is_drawn(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """What is drawn stays drawn: nobody reveals a nonce after it has seen the outcome."""
    if facts.drawn:
        yield Refusal("procurement.opening.drawn", {}, ARTICLE_PLATFORM)


def nothing_is_released(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """After the first share has left, nothing changes that could be chosen by what it shows."""
    if facts.released:
        yield Refusal("procurement.opening.released_already", {}, ARTICLE_PLATFORM)


def cure_is_in_time(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A cure comes within its part of the window and before any release of the lot."""
    yield from nothing_is_released(facts, _payload)
    if facts.cure_over:
        yield Refusal("procurement.opening.cure_over", {}, ARTICLE_PLATFORM)


def nothing_awaits_a_cure(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """While a bidder may still cure, no share leaves; then the others are not held up."""
    if facts.uncured and not facts.cure_over and not facts.released:
        yield Refusal(
            "procurement.opening.cure_awaited", {"found": len(facts.uncured)}, ARTICLE_PLATFORM
        )


def no_protest_is_open(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A founded protest is answered by a corrected list before any share leaves."""
    if facts.protested:
        yield Refusal(
            "procurement.opening.protest_open", {"found": len(facts.protested)}, ARTICLE_PLATFORM
        )


def no_stop_is_proposed(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """What one has proposed waits for another."""
    if facts.stop_proposed_by:
        yield Refusal("procurement.opening.stop_proposed", {}, ARTICLE_PLATFORM)


def stop_is_proposed_by_another(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """What is never undone, no single person does: bids that are not opened are deleted."""
    if not facts.stop_proposed_by:
        yield Refusal("procurement.opening.stop_not_proposed", {}, ARTICLE_PLATFORM)
    elif facts.actor_person == facts.stop_proposed_by:
        yield Refusal("procurement.opening.stop_same_person", {}, ARTICLE_PLATFORM)


def a_protest_is_open(facts: OpeningFacts, _payload: Any) -> Iterator[Refusal]:
    """A list is corrected for a founded protest and for nothing else."""
    if not facts.protested:
        yield Refusal("procurement.opening.no_protest", {}, ARTICLE_PLATFORM)
