"""Which steps of the trustees' tool a party of a lot can do now, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.errors import NotFound
from kernel.web import formats
from kernel.web.case_pages import chip
from kernel.web.viewmodels import StateChip
from kernel.workflow import judge
from procurement.bids import opening
from procurement.bids.machines import (
    CHECKED,
    DRAFTED,
    DRAWN,
    LISTED,
    OPENED,
    OPENING,
    POLICY,
    REHEARSED,
)  # fmt: skip
from procurement.bids.models import OpeningPolicy, PolicyParty

_BEFORE = {DRAFTED: "key rehearse", REHEARSED: "sign-policy"}
_STEPS = {
    "rehearse": "rehearse", "countersign": "check", "reveal": "reveal", "mark": "mark",
    "release": "release",
}  # fmt: skip
# Acts whose content the trustees' programs make.
OF_PROGRAMS = frozenset({*_STEPS, "mark_cured"})


@dataclass(frozen=True)
class Now:
    """How far a lot's opening is for a party.

    until: by when, None where nothing ends. undated: what there is to say of time then.
    """

    state: StateChip
    steps: str
    until: datetime | None
    undated: str = ""


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
    return Now(chip(OPENING, case.state), of_opening(case, actor, at), _until(case), undated(case))


def undated(case: Any) -> str:
    """What is told of time in an opening whose clock does not run for who is asked, yet or at all.

    Each time begins when enough trustees have done their part: before that nobody is late.
    """
    if case.state == LISTED and case.reveal_until_at is not None:
        return _("公开随机数截至 %(until)s") % {"until": formats.deadline(case.reveal_until_at)}
    if case.state not in (LISTED, DRAWN, CHECKED):
        return ""
    said = {"at": formats.deadline(case.closed_at), "k": case.policy.threshold}
    return _("已于 %(at)s 截标，现在办理；%(k)s 方办理后开始计时") % said


def _until(case: Any) -> datetime | None:
    """The time that runs for the parties: to reveal, later to release; none before it begins."""
    if case.state == LISTED:
        return case.reveal_until_at  # type: ignore[no-any-return]
    return None if case.state == OPENED else case.window_ends_at
