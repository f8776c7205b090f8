"""The rules of completion filing: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from procurement.projects.schemas import Paper

_CODE = "procurement.completion_filing."
HOME_PAPERS = "home_papers"


@dataclass(frozen=True)
class FilingFacts:
    """What the guards of a filing look at.

    documents: None where nobody has handed them in yet (a page only looks). required: kind ->
    (label, article). home_papers: label of the papers that homes need beside those.
    stop_until: the instant up to which use may be stopped; None before the receipt.
    """

    at: datetime
    works_accepted: bool
    documents: tuple[Paper, ...] | None
    residential: bool
    required: Mapping[str, tuple[str, str]]
    home_papers: str
    performance: str
    performance_listed: bool
    performance_reasons: str
    station_reported: bool
    station_breach: bool
    stop_until: datetime | None
    kinds: frozenset[str]
    missing_scans: frozenset[str]
    articles: Mapping[str, str]


def works_are_accepted(facts: FilingFacts, _payload: Any) -> Iterator[Refusal]:
    """Only accepted works are filed."""
    if not facts.works_accepted:
        yield Refusal(_CODE + "works_not_accepted", {}, facts.articles["cite.station"], "")


def documents_are_there(facts: FilingFacts, _payload: Any) -> Iterator[Refusal]:
    """Every document of the list is named, with its number; of homes two more."""
    if facts.documents is None:
        return
    present = {paper.kind for paper in facts.documents if paper.number}
    for kind, (label, article) in facts.required.items():
        if kind not in present:
            yield Refusal(_CODE + "document_missing", {"document": label}, article, "documents")
    if facts.residential and HOME_PAPERS not in present:
        article = facts.articles["paper.filing_form"]
        said = {"document": facts.home_papers}
        yield Refusal(_CODE + "document_missing", said, article, "documents")


def documents_are_sound(facts: FilingFacts, payload: Any) -> Iterator[Refusal]:
    """Kinds of documents are listed; a file that one names was uploaded by the owner."""
    for index, paper in enumerate(getattr(payload, "documents", ())):
        if paper.kind not in facts.kinds:
            yield Refusal(
                _CODE + "kind_unlisted",
                {"code": paper.kind},
                facts.articles["cite.platform"],
                f"documents.{index}.kind",
            )
        if paper.file_sha256 in facts.missing_scans:
            yield Refusal(
                _CODE + "file_missing",
                {"number": paper.number},
                facts.articles["cite.platform"],
                f"documents.{index}.file_sha256",
            )


def performance_is_judged(facts: FilingFacts, _payload: Any) -> Iterator[Refusal]:
    """The owner says how the contractor performed, and why."""
    if facts.documents is None:
        return
    article = facts.articles["cite.performance"]
    if not facts.performance_listed:
        yield Refusal(_CODE + "performance_missing", {}, article, "performance")
    if not facts.performance_reasons:
        yield Refusal(_CODE + "performance_unreasoned", {}, article, "performance_reasons")


def station_has_reported(facts: FilingFacts, _payload: Any) -> Iterator[Refusal]:
    """Nothing is filed without the station's report, nor against it."""
    if not facts.station_reported:
        yield Refusal(_CODE + "station_report_missing", {}, facts.articles["cite.station"], "")
    elif facts.station_breach:
        yield Refusal(_CODE + "breach_found", {}, facts.articles["cite.stop_use"], "")


def stop_is_in_time(facts: FilingFacts, _payload: Any) -> Iterator[Refusal]:
    """Use may be stopped for so many days after the file was received."""
    if facts.stop_until is not None and facts.at >= facts.stop_until:
        yield Refusal(_CODE + "stop_too_late", {}, facts.articles["cite.stop_use"], "")


def reason_is_given(facts: FilingFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever sends a file back or stops the use of a building says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["cite.return"], "reason")


SUBMIT = (works_are_accepted, documents_are_there, documents_are_sound, performance_is_judged)
FILE = (works_are_accepted, documents_are_there, performance_is_judged, station_has_reported)
