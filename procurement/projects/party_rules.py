"""The rules of changing the parties that a project has on record: pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers import uscc
from kernel.identifiers.guards import unsound
from procurement.projects.rules import ProjectFacts

_CODE = "procurement.project."
CONTRACTOR = "contractor"


def change_is_whole(facts: ProjectFacts, payload: Any) -> Iterator[Refusal]:
    """A change says in which role, who leaves or comes, why, and which document shows it."""
    if payload is None:
        return
    article = facts.articles["platform"]
    if payload.role not in facts.codes["project_party"]:
        said = {"list": "project_party", "code": payload.role}
        yield Refusal(_CODE + "code_unlisted", said, article, "role")
    # The contractor is whoever signed the contract; nobody types another one.
    elif payload.role == CONTRACTOR:
        yield Refusal(_CODE + "contractor_by_contract", {}, article, "role")
    if not payload.left_uscc and not payload.uscc:
        yield Refusal(_CODE + "change_of_nobody", {}, article, "uscc")
    if payload.uscc and not payload.name:
        yield Refusal(_CODE + "party_unnamed", {}, article, "name")
    if not payload.document_number:
        yield Refusal(_CODE + "change_unproven", {}, article, "document_number")
    if not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["reason"], "reason")


def who_leaves_is_on_record(facts: ProjectFacts, payload: Any) -> Iterator[Refusal]:
    """Only who is on record in that role can leave it."""
    if payload is None or not payload.left_uscc:
        return
    if (payload.role, payload.left_uscc) not in _record(facts):
        said = {"uscc": payload.left_uscc}
        article = facts.articles["platform"]
        yield Refusal(_CODE + "party_not_there", said, article, "left_uscc")


def who_comes_is_identified(facts: ProjectFacts, payload: Any) -> Iterator[Refusal]:
    """Who comes has a sound credit code and is not on record in that role already."""
    if payload is None or not payload.uscc:
        return
    article = facts.articles["uscc"]
    yield from unsound(uscc.parse, payload.uscc, article, "uscc")
    if payload.uscc in facts.doubtful_codes:
        yield Refusal(_CODE + "uscc_doubtful", {"uscc": payload.uscc}, article, "uscc")
    if (payload.role, payload.uscc) in _record(facts):
        said = {"name": payload.name}
        yield Refusal(_CODE + "party_twice", said, facts.articles["platform"], "uscc")


def _record(facts: ProjectFacts) -> set[tuple[str, str]]:
    return {(party.role, party.uscc) for party in facts.parties}


CHANGE = (change_is_whole, who_leaves_is_on_record, who_comes_is_identified)
