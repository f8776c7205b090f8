"""The rules of objections: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from procurement.tendering.rules.common import told

CODE = "procurement.objection."
# In which states of its lot an objection of a stage can be raised.
LOT_STATES = {
    "documents": ("published", "paused"),
    "opening": ("opening", "evaluating"),
    "publicity": ("publicity", "publicity_paused"),
}


@dataclass(frozen=True)
class ObjectionFacts:
    """Everything that the guards of an objection look at.

    until: the first instant at which it is too late, of the stage at hand; None where the stage
    has not come. same_open: the raiser's own objection of this stage that still waits; heard: one
    that was answered since the stage began, or was taken back once more. raiser_has_bid: the
    raiser is a bidder of the lot. foreign: fields whose file the raiser did not upload.
    """

    at: datetime
    stage: str
    stages: frozenset[str]
    articles: Mapping[str, str]
    lot_state: str = ""
    until: datetime | None = None
    raiser_is_party: bool = False
    same_open: str = ""
    heard: str = ""
    raiser_has_bid: bool = False
    foreign: frozenset[str] = frozenset()


def _refusal(facts: ObjectionFacts, what: str, cite: str, where: str = "", **told: Any) -> Refusal:
    return Refusal(CODE + what, told, facts.articles[cite], where)


def _cite(facts: ObjectionFacts) -> str:
    return f"objection_{facts.stage}" if facts.stage in LOT_STATES else "objection_documents"


def lot_is_at_this_stage(facts: ObjectionFacts, payload: Any) -> Iterator[Refusal]:
    """The lot is public and stands where this kind of objection is raised."""
    if payload is None:
        return
    if not facts.lot_state:
        yield _refusal(facts, "lot_unknown", _cite(facts), "lot_number", number=payload.lot_number)
    elif facts.stage not in facts.stages:
        yield _refusal(facts, "stage_unlisted", _cite(facts), "stage", stage=facts.stage)
    elif facts.lot_state not in LOT_STATES[facts.stage]:
        yield _refusal(facts, "stage_not_here", _cite(facts), "stage", state=facts.lot_state)


def objection_is_in_time(facts: ObjectionFacts, payload: Any) -> Iterator[Refusal]:
    """Ten days before the deadline, on the day of the opening, within the publicity."""
    if payload is not None and facts.until is not None and facts.at >= facts.until:
        yield _refusal(facts, "late", _cite(facts), "stage", until=told(facts.until))


def text_is_given(facts: ObjectionFacts, payload: Any) -> Iterator[Refusal]:
    """An objection says what it is about; an answer answers."""
    if payload is not None and not payload.text:
        yield _refusal(facts, "text_missing", _cite(facts), "text")


def raiser_is_another(facts: ObjectionFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody objects to its own tender."""
    if facts.raiser_is_party:
        yield _refusal(facts, "raiser_is_party", _cite(facts))


def no_second_while_one_waits(facts: ObjectionFacts, payload: Any) -> Iterator[Refusal]:
    """What else there is to say is said in the objection that waits, or after its answer."""
    if payload is not None and facts.same_open:
        yield _refusal(facts, "waits_already", _cite(facts), other=facts.same_open)


def heard_once(facts: ObjectionFacts, payload: Any) -> Iterator[Refusal]:
    """Who is not content with an answer complains; nobody pauses a lot for ever."""
    if payload is not None and facts.heard:
        yield _refusal(facts, "heard_already", _cite(facts), other=facts.heard)


def raiser_is_concerned(facts: ObjectionFacts, payload: Any) -> Iterator[Refusal]:
    """To candidates object the lot's bidders, and who states and proves another interest."""
    if payload is None or facts.stage != "publicity" or facts.raiser_has_bid:
        return
    if not payload.interest:
        yield _refusal(facts, "interest_untold", _cite(facts), "interest")
    if not payload.interest_sha256:
        yield _refusal(facts, "interest_unproven", _cite(facts), "interest_sha256")


def files_are_own(facts: ObjectionFacts, _payload: Any) -> Iterator[Refusal]:
    """The evidence was uploaded by who raises it."""
    for field in sorted(facts.foreign):
        yield _refusal(facts, "file_missing", "platform", field)


RAISED = (
    lot_is_at_this_stage,
    objection_is_in_time,
    text_is_given,
    raiser_is_another,
    raiser_is_concerned,
    no_second_while_one_waits,
    heard_once,
    files_are_own,
)
