"""Who can be drawn is decided by two officers: one proposes, another decides. Pure.

The pool of a draw is the bank as it stands when the committee is formed, and who has left it since
is called no more. An officer alone who admitted and suspended would choose whom the draw may find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kernel.errors import Refusal

if TYPE_CHECKING:
    from procurement.evaluation.experts.rules import ExpertFacts

CODE = "procurement.expert."
APPLIED, ADMITTED, SUSPENDED = "applied", "admitted", "suspended"
# Every act that changes who can be drawn, and the states that it comes from.
DECIDED: Mapping[str, tuple[str, ...]] = {
    "admit": (APPLIED,),
    "change_specialties": (ADMITTED, SUSPENDED),
    "renew": (ADMITTED,),
    "suspend": (ADMITTED,),
    "resume": (SUSPENDED,),
    "remove": (ADMITTED, SUSPENDED),
}


@dataclass(frozen=True)
class Proposal:
    """What an officer proposed and nobody has decided yet. person: the officer's key."""

    person: int
    specialties: tuple[str, ...] = ()


def proposals(acts: Any) -> dict[str, Proposal]:
    """Of an expert's acts as (act, person, payload), newest first: what waits for another officer.

    Whatever was decided since a proposal has overtaken it, and so has the end of the time to
    decide (``lapse_proposal``); what experts tell of their work, not.

    >>> proposals([("report_employer", 3, {}), ("propose", 1, {"act": "suspend"}),
    ...            ("admit", 2, {}), ("propose", 1, {"act": "admit"})])
    {'suspend': Proposal(person=1, specialties=())}
    >>> proposals([("lapse_proposal", None, {}), ("propose", 1, {"act": "admit"})])
    {}
    """
    found: dict[str, Proposal] = {}
    for act, person, payload in acts:
        if act == "propose":
            told = tuple(payload.get("specialties", ()))
            found.setdefault(payload["act"], Proposal(person or 0, told))
        elif act != "report_employer":
            break
    return found


def _refusal(facts: ExpertFacts, what: str, field: str = "", **said: Any) -> Refusal:
    return Refusal(CODE + what, said, facts.numbers.articles["expert.file"], field)


def act_can_be_proposed(facts: ExpertFacts, payload: Any) -> Iterator[Refusal]:
    """An act that the file allows now, and that nobody has proposed yet."""
    if payload is None:
        return
    if facts.state not in DECIDED.get(payload.act, ()):
        yield _refusal(facts, "not_proposable", "act")
    elif payload.act in facts.proposed:
        yield _refusal(facts, "proposed_already", "act")
    if payload.act == "change_specialties":
        if not payload.specialties:
            yield _refusal(facts, "unspecialised", "specialties")
        for code in sorted(set(payload.specialties) - facts.specialties):
            yield _refusal(facts, "specialty_unknown", "specialties", code=code)


def another_proposed(act: str) -> Callable[[ExpertFacts, Any], Iterator[Refusal]]:
    """A guard: an act is decided by another officer than the one who proposed it."""

    def is_proposed_by_another(facts: ExpertFacts, payload: Any) -> Iterator[Refusal]:
        proposal = facts.proposed.get(act)
        if proposal is None:
            yield _refusal(facts, "not_proposed")
        elif proposal.person == facts.actor_person:
            yield _refusal(facts, "same_proposer")
        elif _is_other(act, payload, proposal):
            yield _refusal(facts, "specialties_not_proposed", "specialties")

    return is_proposed_by_another


def _is_other(act: str, payload: Any, proposal: Proposal) -> bool:
    if act != "change_specialties" or payload is None:
        return False
    return set(payload.specialties) != set(proposal.specialties)
