"""The rules of dealing with hazards: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal

_CODE = "procurement.hazard."
MAJOR = "major"


@dataclass(frozen=True)
class HazardFacts:
    """What the guards of a hazard (and of a visit) look at.

    works_open: the named works are permitted and not yet accepted. concerned: the actor's
    organisation builds or supervises them or is their authority, or the actor is on their
    roster. grade: of the case; criterion_grade: of the criterion that is being named, "" where
    it is none. rechecked: the last repair was found good. assigned: all five of assigning are
    known. rectify_by_on: until when it is to be repaired, as who builds has said.
    """

    today: date
    works_number: str
    works_open: bool
    concerned: bool
    area_listed: bool
    grade: str
    criterion_grade: str
    rechecked: bool
    role: str
    missing_scans: frozenset[str]
    articles: Mapping[str, str]
    rectify_by_on: date | None = None


def works_are_open(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """Hazards and visits belong to works that are being built, of those concerned."""
    if payload is None:
        return
    said, article = {"number": facts.works_number}, facts.articles["cite.order"]
    if not facts.works_open:
        yield Refusal(_CODE + "works_unknown", said, article, "works_number")
    elif not facts.concerned:
        yield Refusal(_CODE + "not_concerned", said, article, "works_number")


def hazard_is_described(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """Where it is, which part of the inspection, and what it is."""
    if payload is None:
        return
    article = facts.articles["cite.order"]
    if not facts.area_listed:
        yield Refusal(_CODE + "area_missing", {}, article, "area")
    for field in ("place", "description"):
        if not getattr(payload, field):
            yield Refusal(_CODE + f"{field}_missing", {}, article, field)


def visit_is_described(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """A visit says what it looked at and what it found."""
    if payload is None:
        return
    article = facts.articles["cite.order"]
    if not facts.area_listed:
        yield Refusal(_CODE + "area_missing", {}, article, "areas")
    if not payload.findings:
        yield Refusal(_CODE + "findings_missing", {}, article, "findings")


def photographs_are_there(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """What is found and what is repaired is shown in a picture that its organisation brought."""
    if payload is None:
        return
    article = facts.articles["cite.platform"]
    name = "photos" if hasattr(payload, "photos") else "rectified_photos"
    photos = getattr(payload, name)
    if not any(photo.file_sha256 for photo in photos):
        yield Refusal(_CODE + "photo_missing", {}, article, name)
    for index, photo in enumerate(photos):
        if photo.file_sha256 in facts.missing_scans:
            field = f"{name}.{index}.file_sha256"
            yield Refusal(_CODE + "photo_foreign", {}, article, field)


def criterion_is_listed(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """A hazard has the grade of the criterion that it meets, not one that somebody chose."""
    if payload is not None and not facts.criterion_grade:
        yield Refusal(_CODE + "criterion_missing", {}, facts.articles["cite.order"], "criterion")


def all_five_are_assigned(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """Person, measure, money, time, plan: each that is missing is named."""
    if payload is None:
        return
    article = facts.articles["cite.assign"]
    for field in ("responsible", "measure", "plan"):
        if not getattr(payload, field):
            yield Refusal(_CODE + f"{field}_missing", {}, article, field)
    if payload.money_fen is None:
        yield Refusal(_CODE + "money_missing", {}, article, "money_fen")
    yield from day_is_given(facts, payload)


def day_is_given(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """A repair has a last day, and none that is past."""
    if payload is None:
        return
    if payload.rectify_by_on is None or payload.rectify_by_on < facts.today:
        yield Refusal(_CODE + "day_missing", {}, facts.articles["cite.assign"], "rectify_by_on")


def day_is_earlier(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """Who supervises gives less time than who builds has given itself, never more."""
    if payload is None or payload.rectify_by_on is None or facts.rectify_by_on is None:
        return
    if payload.rectify_by_on >= facts.rectify_by_on:
        yield Refusal(
            _CODE + "day_not_earlier",
            {"on": facts.rectify_by_on.isoformat()},
            facts.articles["cite.order"],
            "rectify_by_on",
        )


def result_is_told(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """A repair says what was done."""
    if payload is not None and not payload.result:
        yield Refusal(_CODE + "result_missing", {}, facts.articles["cite.assign"], "result")


def station_rechecks_major(facts: HazardFacts, _payload: Any) -> Iterator[Refusal]:
    """A major hazard is re-checked by the station, not by the supervision alone."""
    if facts.grade == MAJOR and facts.role not in {"station_officer", ""}:
        yield Refusal(_CODE + "station_needed", {}, facts.articles["cite.order"], "")


def recheck_has_passed(facts: HazardFacts, _payload: Any) -> Iterator[Refusal]:
    """A hazard is closed after its repair was found good."""
    if not facts.rechecked:
        yield Refusal(_CODE + "not_rechecked", {}, facts.articles["cite.supervise"], "")


def recheck_has_not_passed(facts: HazardFacts, _payload: Any) -> Iterator[Refusal]:
    """What was found good is not sent back, nor found good twice."""
    if facts.rechecked:
        yield Refusal(_CODE + "rechecked_already", {}, facts.articles["cite.supervise"], "")


def hazard_is_major(facts: HazardFacts, _payload: Any) -> Iterator[Refusal]:
    """Work is stopped for major hazards."""
    if facts.grade != MAJOR:
        yield Refusal(_CODE + "not_major", {}, facts.articles["cite.order"], "")


def reason_is_given(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever stops, releases, reports, sends back or punishes says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["cite.supervise"], "reason")


def conclusion_is_given(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """A re-check says what it found."""
    if payload is not None and not payload.conclusion:
        yield Refusal(
            _CODE + "conclusion_missing", {}, facts.articles["cite.supervise"], "conclusion"
        )


def decision_is_numbered(facts: HazardFacts, payload: Any) -> Iterator[Refusal]:
    """A penalty is a decision with a number."""
    if payload is not None and not payload.decision_number:
        yield Refusal(
            _CODE + "decision_missing", {}, facts.articles["cite.penalty"], "decision_number"
        )
