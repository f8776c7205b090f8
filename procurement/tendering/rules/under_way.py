"""Clarifying, closing, failing, pausing: what holds after the notice. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.tendering.facts import LotFacts
from procurement.tendering.rules.common import refusal, told


def clarification_is_lawful(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """What bears on bids comes fifteen days before the deadline, or the deadline moves with it."""
    if payload is None:
        return
    if not payload.text:
        yield refusal(facts, "clarification_empty", "clarification", "text")
    for index, item in enumerate(payload.documents):
        if not item.file_sha256 or item.file_sha256 in facts.missing_files:
            yield refusal(
                facts, "file_missing", "documents", f"documents.{index}.file_sha256",
                name=item.name,
            )  # fmt: skip
    now, new = facts.form.bid_deadline_at, payload.bid_deadline_at
    if now and new and new < now:
        yield refusal(facts, "deadline_earlier", "clarification", "bid_deadline_at")
    earliest = facts.clarified_deadline_at
    deadline = new or now
    if payload.affects_bids and deadline and earliest and deadline < earliest:
        yield refusal(
            facts, "clarification_late", "clarification", "bid_deadline_at",
            earliest=told(earliest),
        )  # fmt: skip


def bids_are_enough(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Fewer than three bids are not opened."""
    if payload is not None and payload.live_bids < facts.limits.bids_least:
        yield refusal(
            facts, "bids_too_few", "failed", "live_bids",
            bids=payload.live_bids, least=facts.limits.bids_least,
        )  # fmt: skip


def closing_list_is_made(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """Opening or failing rests on the closing list."""
    if payload is not None and facts.state == "closing" and not payload.closing_list_sha256:
        yield refusal(facts, "closing_list_missing", "failed", "closing_list_sha256")


def failing_has_a_ground(facts: LotFacts, payload: Any) -> Iterator[Refusal]:
    """A lot with three bids does not fail at its closing; later a reason is given.

    The list that was corrected to fewer is a reason by itself.
    """
    if payload is None:
        return
    if facts.state == "closing" and payload.live_bids >= facts.limits.bids_least:
        yield refusal(
            facts, "bids_are_enough", "failed", "live_bids",
            bids=payload.live_bids, least=facts.limits.bids_least,
        )  # fmt: skip
    few = payload.closing_list_sha256 and payload.live_bids < facts.limits.bids_least
    if facts.state != "closing" and not payload.reason and not few:
        yield refusal(facts, "reason_missing", "failed", "reason")


def objection_is_open(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Only an objection that waits for its answer pauses a lot."""
    if not facts.open_objections:
        yield refusal(facts, "no_objection", "objection_documents")


def objections_are_answered(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing goes on before every objection is answered."""
    if facts.open_objections:
        yield refusal(
            facts, "objection_open", "objection_documents",
            objections=list(facts.open_objections),
        )  # fmt: skip


def no_award_is_out(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """An award notice binds both: nobody ends the tender after it, stopped or not."""
    if facts.suspended_from == "awarded":
        yield refusal(facts, "award_is_out", "award_notice")


# Where an objection stops the time, and the stage that it stops.
PAUSED = {"published": "paused", "publicity": "publicity_paused"}


def goes_back_to(suspended_from: str, open_objections: bool) -> str:
    """The state that a lifted suspension leads to: where it was stopped, and still or again paused
    by an objection as objections stand now, which are answered while a lot is stopped.
    """
    stage = {paused: stage for stage, paused in PAUSED.items()}.get(suspended_from, suspended_from)
    return PAUSED.get(stage, stage) if open_objections else stage


def lifted_to(state: str) -> Any:
    """A guard: a suspension is lifted to the stage that it came from, and to no other."""

    def came_from_here(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
        back = goes_back_to(facts.suspended_from, bool(facts.open_objections))
        if facts.suspended_from and back != state:
            yield refusal(facts, "lifted_elsewhere", "supervision", state=back)

    return came_from_here
