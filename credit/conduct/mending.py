"""When repair may be asked for, and when the list may be left before its term ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credit.conduct.rules import RecordFacts, refusal
from kernel import clock
from kernel.errors import Refusal


def may_be_repaired(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Repair may be asked for once the shortest time has passed, where no law bars it."""
    if facts.repair_barred_by:
        yield Refusal("credit.conduct_record.repair_barred", {}, facts.repair_barred_by, "")
    elif facts.repair_from is None:
        yield refusal(facts, "not_repairable", "repair", "")
    elif facts.now < facts.repair_from:
        yield refusal(
            facts,
            "repair_too_early",
            "repair",
            "",
            earliest=clock.legal_date(facts.repair_from).isoformat(),
        )


def commitment_is_there(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Repair needs the public commitment, which whoever asks for it uploaded."""
    if payload is not None and not (payload.commitment_sha256 and facts.brought):
        yield refusal(facts, "commitment_missing", "repair", "commitment_sha256")


def correction_is_proven(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Repair needs the document by which the misconduct was corrected."""
    if payload is not None and not payload.correction_document:
        yield refusal(facts, "correction_missing", "repair", "correction_document")


def duties_are_met(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Repair needs all duties of the decision met."""
    if payload is not None and not payload.duties_met:
        yield refusal(facts, "duties_open", "repair", "duties_met")


def may_be_left(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Once at a time, after the shortest time, without a new cause, where no law bars it."""
    if facts.exit_asked:
        yield _refusal(facts, "exit_asked")
    if facts.repair_barred_by:
        yield Refusal("credit.conduct_record.repair_barred", {}, facts.repair_barred_by)
    elif facts.exit_from is None:
        yield refusal(facts, "no_exit", "record", "")
    elif facts.now < facts.exit_from:
        earliest = clock.legal_date(facts.exit_from).isoformat()
        yield _refusal(facts, "exit_too_early", earliest=earliest)
    if facts.new_cause:
        yield refusal(facts, "exit_new_cause", "record", "", number=facts.new_cause)


def removal_has_its_ground(facts: RecordFacts, payload: Any) -> Iterator[Refusal]:
    """Nobody leaves a list early by an officer's grace.

    The enterprise asked for it and gave no new cause, or a document is named that changed or
    annulled what the listing rests on.
    """
    if payload is not None and not payload.overturned_by:
        yield from _as_it_was_asked(facts, "removal_ground", "overturned_by")


def removal_still_has_its_ground(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """What happened between the proposal and its confirmation counts."""
    if facts.proposed == "remove" and not facts.removal_document:
        yield from _as_it_was_asked(facts, "exit_not_asked")


def _as_it_was_asked(facts: RecordFacts, without: str, field: str = "") -> Iterator[Refusal]:
    if not facts.exit_asked:
        article = facts.exit_article or facts.articles["record"]
        yield Refusal(f"credit.conduct_record.{without}", {}, article, field)
    elif facts.new_cause:
        yield refusal(facts, "exit_new_cause", "record", "", number=facts.new_cause)


def is_asked_for(facts: RecordFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what was asked for is declined."""
    if not facts.exit_asked:
        yield _refusal(facts, "exit_not_asked")


def _refusal(facts: RecordFacts, what: str, **told: Any) -> Refusal:
    return Refusal(f"credit.conduct_record.{what}", told, facts.exit_article)
