"""A lot's texts and files: unrestricting, standard, there, printable. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from procurement.tendering import scope
from procurement.tendering.facts import LotFacts
from procurement.tendering.rules.common import CODE, refusal


def texts_do_not_restrict(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """None of the seven kinds of restriction stands in the texts; every place is named."""
    for hit in facts.hits:
        yield Refusal(
            CODE + "restriction",
            {
                "words": hit.words,
                "excerpt": hit.excerpt,
                "clause": hit.suspicion.clause,
                "advice": hit.suspicion.advice,
            },
            hit.suspicion.article,
            hit.field,
        )


def standard_text_is_used(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """A mandatory tender uses one of the State's standard documents."""
    if not facts.form.standard_text and scope.must_tender(facts) is not None:
        yield refusal(facts, "standard_text_missing", "standard_text", "standard_text")


def files_are_there(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What the procedure needs is uploaded; every file that is named was uploaded by a party."""
    there = {d.kind for d in facts.form.documents if d.file_sha256}
    if facts.procedure and not facts.procedure.files <= there:
        yield refusal(facts, "document_missing", "documents", "documents")
    for index, item in enumerate(facts.form.documents):
        if not item.file_sha256 or item.file_sha256 in facts.missing_files:
            yield refusal(
                facts, "file_missing", "documents", f"documents.{index}.file_sha256",
                name=item.name,
            )  # fmt: skip
    if facts.form.override_sha256 in facts.missing_files:
        yield refusal(
            facts, "file_missing", "override", "override_sha256", name=facts.form.override_number
        )


def named_files_are_brought(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """Also a draft names no file that nobody brought to it: its readers could not open it."""
    for index, item in enumerate(facts.form.documents):
        if item.file_sha256 in facts.missing_files:
            at = f"documents.{index}.file_sha256"
            yield refusal(facts, "file_missing", "documents", at, name=item.name)


def texts_can_be_printed(facts: LotFacts, _payload: Any) -> Iterator[Refusal]:
    """What stands on the notice can be drawn; afterwards nothing of it can be changed."""
    for field, characters in facts.unprintable:
        yield refusal(facts, "unprintable", "platform", field, characters=characters)
