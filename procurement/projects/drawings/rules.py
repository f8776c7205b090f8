"""The rules of drawing review: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import Refusal
from procurement.projects.schemas import Paper

_CODE = "procurement.drawing_review."


@dataclass(frozen=True)
class DrawingFacts:
    """What the guards of a drawing review look at.

    project_registered: the named project is on the register and the actor's organisation owns it.
    scale_listed, reviewer_known: as said of what was filed. required: kind -> (label, article).
    off_record: column -> the firm named there, and those that the project's record has in that
    role, by name and code, where the named one is not among them.
    documents: None where nobody has filed yet (a page only looks).
    """

    project_number: str
    name: str
    project_registered: bool
    scale: str
    scale_listed: bool
    reviewer_uscc: str
    reviewer_known: bool
    documents: tuple[Paper, ...] | None
    required: Mapping[str, tuple[str, str]]
    kinds: frozenset[str]
    missing_scans: frozenset[str]
    articles: Mapping[str, str]
    off_record: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


def project_is_registered(facts: DrawingFacts, payload: Any) -> Iterator[Refusal]:
    """Drawings belong to a project of the owner that is on the register."""
    if payload is not None and not facts.project_registered:
        yield Refusal(
            _CODE + "project_unknown",
            {"number": facts.project_number},
            facts.articles["cite.review"],
            "project_number",
        )


def scale_is_named(facts: DrawingFacts, payload: Any) -> Iterator[Refusal]:
    """The scale of the works decides how long the review may take."""
    if payload is not None and not facts.scale_listed:
        yield Refusal(_CODE + "scale_missing", {}, facts.articles["cite.platform"], "scale")


def subject_is_named(facts: DrawingFacts, payload: Any) -> Iterator[Refusal]:
    """What is reviewed has a name; the certificate says it."""
    if payload is not None and not facts.name:
        yield Refusal(_CODE + "name_missing", {}, facts.articles["cite.platform"], "name")


def reviewer_is_known(facts: DrawingFacts, payload: Any) -> Iterator[Refusal]:
    """The review centre has reviewers on this platform."""
    if payload is not None and not facts.reviewer_known:
        yield Refusal(
            _CODE + "reviewer_unknown",
            {"uscc": facts.reviewer_uscc},
            facts.articles["cite.review"],
            "reviewer_uscc",
        )


def parties_are_on_record(facts: DrawingFacts, payload: Any) -> Iterator[Refusal]:
    """Survey and design are those that the project has on record, as at the permit."""
    if payload is None:
        return
    for column, (named, recorded) in facts.off_record.items():
        yield Refusal(
            _CODE + "party_off_record",
            {"field": column, "named": named, "recorded": list(recorded)},
            facts.articles["cite.parties"],
            column,
        )


def documents_are_there(facts: DrawingFacts, _payload: Any) -> Iterator[Refusal]:
    """Every document that the review needs is named, with its number."""
    if facts.documents is None:
        return
    present = {paper.kind for paper in facts.documents if paper.number}
    for kind, (label, article) in facts.required.items():
        if kind not in present:
            yield Refusal(_CODE + "document_missing", {"document": label}, article, "documents")


def documents_are_sound(facts: DrawingFacts, _payload: Any) -> Iterator[Refusal]:
    """Kinds of documents are listed; a file that one names was uploaded by the owner."""
    for index, paper in enumerate(facts.documents or ()):
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


def opinions_are_given(facts: DrawingFacts, payload: Any) -> Iterator[Refusal]:
    """Drawings go back with opinions, or not at all."""
    if payload is not None and not payload.opinions:
        yield Refusal(_CODE + "opinions_missing", {}, facts.articles["cite.opinions"], "opinions")


FILING = (
    project_is_registered,
    subject_is_named,
    scale_is_named,
    reviewer_is_known,
    parties_are_on_record,
    documents_are_there,
    documents_are_sound,
)
