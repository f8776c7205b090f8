"""Which steps of the trustees' tool a party of a lot can do now, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.access.actors import Actor
from kernel.errors import NotFound
from kernel.web.case_pages import chip
from kernel.web.viewmodels import StateChip
from kernel.workflow import judge
from procurement.bids import opening
from procurement.bids.machines import DRAFTED, OPENED, OPENING, POLICY, REHEARSED
from procurement.bids.models import OpeningPolicy, PolicyParty

_BEFORE = {DRAFTED: "key rehearse", REHEARSED: "sign-policy"}
_STEPS = {
    "rehearse": "rehearse", "countersign": "check", "reveal": "reveal", "mark": "mark",
    "release": "release",
}  # fmt: skip


@dataclass(frozen=True)
class Now:
    """How far a lot's opening is for a party. until: by when, None where nothing ends."""

    state: StateChip
    steps: str
    until: datetime | None


def of_policy(case: OpeningPolicy, party: PolicyParty) -> str:
    """Before the policy is in force; who holds no share rehearses nothing."""
    steps = _BEFORE.get(case.state, "")
    return steps if party.place is not None else steps.replace(" rehearse", "")


def of_opening(case: Any, actor: Actor, at: datetime) -> str:
    """From the deadline on: what no guard refuses."""
    able = [act.transition.code for act in judge.what_next(OPENING, case, actor, at) if act.allowed]
    names = dict(_STEPS)
    if "mark_cured" in able and case.statements.filter(kind="cure", of_list="").exists():
        names["mark_cured"] = "mark-cures"
    return " ".join(names[code] for code in able if code in names)


def of_lot(
    policy: OpeningPolicy, party: PolicyParty, deadline: datetime | None, actor: Actor, at: datetime
) -> Now:
    """The same of a lot, whichever of both is under way; deadline: of its bids."""
    try:
        case = opening.of_lot(policy.lot_number)
    except NotFound:
        return Now(chip(POLICY, policy.state), of_policy(policy, party), deadline)
    until = None if case.state == OPENED else case.window_ends_at
    return Now(chip(OPENING, case.state), of_opening(case, actor, at), until)
