"""Corrections of weight: one officer proposes by evidence, another confirms. Pure.

What an enterprise is called stands on every award and record of it: no officer alone renames one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from credit.enterprises.corrections.rules import CorrectionFacts
from kernel.access.actors import Actor
from kernel.errors import Refusal

# (kind of entry, field). The archive keeps no legal representative of its own.
GRAVE = frozenset({("enterprise", "name")})
LICENCE, LINE, REGISTRY = "business_licence", "national_line", "registry_notice"
EVIDENCE = (LICENCE, LINE, REGISTRY)


def is_grave(facts: CorrectionFacts) -> bool:
    """Whether two officers decide."""
    return (facts.kind, facts.field) in GRAVE


def is_a_renaming(case: Any) -> bool:
    """Whether two officers decide on a request, by its own row."""
    return (str(case.entry).partition(":")[0], str(case.field)) in GRAVE


def one_officer_decides(case: Any, actor: Actor) -> bool:
    """A desk offers to amend what somebody else asked for and one officer may decide."""
    return not is_a_renaming(case) and case.filed_by != actor.person_id


def waits_for_a_proposal(case: Any, actor: Actor) -> bool:
    """A desk offers to propose a name once, and not to who asked for it."""
    return is_a_renaming(case) and not case.proposed_by and case.filed_by != actor.person_id


def waits_for_another(case: Any, actor: Actor) -> bool:
    """A desk offers a proposed name to officers who neither proposed nor asked for it."""
    mine = actor.person_id in (case.proposed_by, case.filed_by)
    return is_a_renaming(case) and bool(case.proposed_by) and not mine


def one_officer_is_enough(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """What two officers decide, one does not accept."""
    if is_grave(facts):
        yield _refusal(facts, "two_officers")


def two_officers_decide(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what is grave is proposed first."""
    if not is_grave(facts):
        yield _refusal(facts, "one_officer")


def nothing_is_proposed(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """A proposal is confirmed, or the request declined; it is not proposed twice."""
    if facts.proposed_by:
        yield _refusal(facts, "proposed_already")


def evidence_is_named(facts: CorrectionFacts, payload: Any) -> Iterator[Refusal]:
    """A name rests on the licence, the register's notice, or a line of the national register."""
    if payload is None:
        return
    if payload.evidence not in EVIDENCE:
        yield _refusal(facts, "evidence_missing", "evidence")
    elif payload.evidence == LINE and payload.value not in facts.national_names:
        yield _refusal(facts, "no_such_line", "evidence", value=payload.value)


def was_proposed(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what an officer proposed is confirmed."""
    if not facts.proposed_by:
        yield _refusal(facts, "not_proposed")


def is_another_than_proposed(facts: CorrectionFacts, _payload: Any) -> Iterator[Refusal]:
    """Who confirms is another officer than who proposed."""
    if facts.proposed_by and facts.person == facts.proposed_by:
        yield _refusal(facts, "same_proposer")


def _refusal(facts: CorrectionFacts, code: str, at: str = "", /, **told: Any) -> Refusal:
    return Refusal(f"credit.correction.{code}", told, facts.articles["name"], at)
