"""Who may know the committee of an evaluation: its own members, and others once it has reported."""

from __future__ import annotations

from typing import Any

from kernel.access.actors import Actor
from procurement.evaluation import rules
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.states import HANDED, REPORTED, REVIEW

# From these states on the committee is no secret from those whom the report reaches.
TOLD = (REPORTED, HANDED, REVIEW)


def knows_names(case: Any, actor: Actor) -> bool:
    """Whether somebody may know who sits on the committee."""
    from procurement.evaluation.models import CommitteeSeat

    if case.state in TOLD:
        return True
    return CommitteeSeat.objects.filter(
        evaluation_id=case.pk, person_id=actor.person_id, status=rules.PRESENT
    ).exists()


@EVALUATION.hides
def acts_of_members(case: Any, actor: Actor) -> frozenset[str]:
    """Whoever may not know the committee sees no act of a member."""
    return frozenset() if knows_names(case, actor) else frozenset({"expert"})
