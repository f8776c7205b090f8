"""Small ways in which this room fires: on the case as it is now, and what follows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from kernel.access.actors import PLATFORM, Actor
from kernel.errors import Conflict
from kernel.workflow import judge
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from kernel.workflow.machines import Machine, NoPayload, Payload
from kernel.workflow.models import Act
from kernel.workflow.receipts import Receipt

_TRIES = 5


def now_acts(
    machine: Machine,
    pk: int,
    transition: str,
    *,
    actor: Actor,
    payload: Mapping[str, Any] | Payload,
    key: str,
    at: datetime,
) -> Receipt:
    """Do an act on a case as it stands at this moment; others may act on it meanwhile.

    For signed files, which say themselves what they rest on: no page was looked at.
    """
    model: Any = machine.model
    for left in reversed(range(_TRIES)):
        seen = model.objects.values_list("version", flat=True).get(pk=pk)
        try:
            return fire(
                machine.code, pk, transition,
                actor=actor, payload=payload, key=key, seen_version=seen, at=at,
            )  # fmt: skip
        except Conflict as conflict:
            if not left or conflict.refusals[0].code != "workflow.act.stale":
                raise
    raise AssertionError("unreachable")


def follows(
    machine: Machine,
    pk: int,
    transition: str,
    *,
    key: str,
    at: datetime,
    payload: Payload | None = None,
) -> bool:
    """Do an automatic act if nothing stands against it now; whether it was done.

    What is not yet due is no refused attempt, so it is looked at before it is tried. at: of what
    it follows; it is never dated before another act that was done by then.
    """
    model: Any = machine.model
    act = machine.transition(transition)
    case = model.objects.filter(pk=pk).first()
    if act is None or case is None or case.state not in act.sources:
        return False
    brought, at = payload or NoPayload(), not_before(machine, pk, at)
    with transaction.atomic():
        facts = judge.load_facts(machine, case, at, brought, PLATFORM)
    if judge.refusals(machine, act, case, facts, brought):
        return False
    return follow(machine.code, pk, transition, key=key, at=at, payload=payload) is not None


def not_before(machine: Machine, pk: int, at: datetime) -> datetime:
    """A moment at which a case may go on by itself: never before an act that led to it.

    Two may act at once, and whoever is told of the first finds the second done too.
    """
    rows = Act.objects.filter(machine=machine.code, case_pk=pk)
    last: datetime | None = rows.aggregate(last=Max("at"))["last"]
    return at if last is None else max(at, last)
