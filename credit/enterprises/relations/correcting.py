"""The rules of two officers: one records or proposes by a document, another confirms.

A relation keeps a firm from bidding: no officer alone brings it in, changes what it says, ends it
or takes it back. A record counts once it is confirmed; until a proposal is confirmed a relation
counts as it stands, and what it said before stays with it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from credit.enterprises.relations.rules import CODE, RelationFacts
from kernel.access.actors import Actor
from kernel.errors import Refusal

# What of a relation may be put right; with another firm it is another relation.
FIELDS = ("kind", "since", "until", "public")
RECORD, CHANGE, TAKE_BACK = "record", "change", "take_back"
# Of a relation that is recorded as ended: a change by which it stands again. Of one in force: that
# it is over, or a change by which it is.
REOPEN, END = "reopen", "end"


def kind_of_change(in_force: bool, until: date | None, today: date) -> str:
    """What a change of a relation is by its last day, for the state follows the days.

    >>> kind_of_change(True, date(2025, 9, 1), date(2025, 9, 1))
    'end'
    >>> kind_of_change(False, date(2025, 9, 2), date(2025, 9, 1))
    'reopen'
    """
    stands = until is None or until > today
    if stands == in_force:
        return CHANGE
    return REOPEN if stands else END


def waits_for_another(case: Any, actor: Actor) -> bool:
    """A desk offers a proposal to officers who did not make it."""
    return bool(case.proposed) and case.proposed_by != actor.person_id


def waits_for_change(case: Any, actor: Actor) -> bool:
    """A desk offers to change a relation of which a change is proposed."""
    return waits_for_another(case, actor) and case.proposed == CHANGE


def waits_to_be_taken_back(case: Any, actor: Actor) -> bool:
    """A desk offers to take a relation back of which that is proposed."""
    return waits_for_another(case, actor) and case.proposed == TAKE_BACK


def waits_to_be_ended(case: Any, actor: Actor) -> bool:
    """A desk offers to end a relation of which that is proposed."""
    return waits_for_another(case, actor) and case.proposed == END


def waits_to_be_reopened(case: Any, actor: Actor) -> bool:
    """A desk offers to let a relation stand again of which that is proposed."""
    return waits_for_another(case, actor) and case.proposed == REOPEN


def reason_is_given(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever says that a record is wrong says why."""
    if payload is not None and not payload.reason.strip():
        yield Refusal("workflow.reason.missing", {}, facts.articles["correction"], "reason")


def nothing_is_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """One proposal at a time: it is confirmed or dropped before the next."""
    if facts.proposed:
        yield _refusal(facts, "proposed_already")


def kind_is_listed(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """The kind stands in the list, and the two do not stand in it by another record."""
    if payload is None:
        return
    if payload.kind not in facts.kinds:
        yield _refusal(facts, "kind_unlisted", "kind", code=payload.kind)
    if facts.taken:
        yield _refusal(facts, "taken", "kind")


def something_differs(facts: RelationFacts, payload: Any) -> Iterator[Refusal]:
    """A change changes something."""
    if payload is not None and all(
        getattr(payload, name) == facts.now_says.get(name) for name in FIELDS
    ):
        yield _refusal(facts, "unchanged", "kind")


def a_change_is_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what an officer proposed is confirmed."""
    if facts.proposed != CHANGE:
        yield _refusal(facts, "not_proposed")


def ending_is_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what an officer proposed is confirmed."""
    if facts.proposed != END:
        yield _refusal(facts, "not_proposed")


def reopening_is_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what an officer proposed is confirmed."""
    if facts.proposed != REOPEN:
        yield _refusal(facts, "not_proposed")


def taking_back_is_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """Only what an officer proposed is confirmed."""
    if facts.proposed != TAKE_BACK:
        yield _refusal(facts, "not_proposed")


def something_is_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """What nobody proposed is not dropped."""
    if not facts.proposed:
        yield _refusal(facts, "not_proposed")


def is_another_than_proposed(facts: RelationFacts, _payload: Any) -> Iterator[Refusal]:
    """Who confirms is another officer than who proposed."""
    if facts.proposed_by and facts.person == facts.proposed_by:
        yield _refusal(facts, "same_proposer")


def _refusal(facts: RelationFacts, what: str, field: str = "", **said: Any) -> Refusal:
    return Refusal(CODE + what, said, facts.articles["correction"], field)
