"""What the platform does because something happened elsewhere: acts that events cause.

A subscriber, or a document that was issued, moves another case by :func:`follow`. It is the same
``fire`` with the same guards; the actor is the platform, and the act must be an automatic one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.access.actors import PLATFORM
from kernel.errors import Conflict, NotFound
from kernel.workflow.firing import fire
from kernel.workflow.machines import Payload, machine
from kernel.workflow.models import Act
from kernel.workflow.receipts import Receipt

# Somebody may act on the case between our look and our act; a few times, not for ever.
_TRIES = 5


def follow(
    machine_code: str,
    pk: int | None,
    transition: str,
    *,
    key: str,
    at: datetime,
    payload: Mapping[str, Any] | Payload | None = None,
) -> Receipt | None:
    """Do an automatic act on a case, or open one (``pk`` None), because of something else.

    key: says what caused it (``event:17``), and makes a second call find the first one's receipt.
    at: legal time of the cause. None where the case has left the states from which the act goes:
    what should follow was overtaken. Raises Refused with every reason that a guard has.
    """
    done = _done(machine_code, pk, transition, key)
    if done is not None:
        return done
    for left in reversed(range(_TRIES)):
        try:
            return _try(machine_code, pk, transition, key, at, payload)
        except Conflict:
            if not left:
                raise
    return None


def _try(
    machine_code: str,
    pk: int | None,
    transition: str,
    key: str,
    at: datetime,
    payload: Mapping[str, Any] | Payload | None,
) -> Receipt | None:
    seen = None
    if pk is not None:
        found = machine(machine_code)
        act = found.transition(transition) if found else None
        if found is None or act is None or found.model is None:
            raise NotFound.because("workflow.act.unknown", machine=machine_code, act=transition)
        case: Any = found.model.objects.filter(pk=pk).only("pk", "state", "version").first()
        if case is None:
            raise NotFound.because("workflow.case.unknown", machine=machine_code, pk=pk)
        if case.state not in act.sources:
            return None
        seen = case.version
    return fire(
        machine_code,
        pk,
        transition,
        actor=PLATFORM,
        payload=payload,
        key=key,
        seen_version=seen,
        at=at,
    )


def _done(machine_code: str, pk: int | None, transition: str, key: str) -> Receipt | None:
    """The receipt of the same act for the same cause. (The platform is no person: no key row.)"""
    act = Act.objects.filter(
        machine=machine_code,
        scope="new" if pk is None else str(pk),
        transition=transition,
        role=PLATFORM.role,
        key=key,
    ).first()
    return Receipt.of(act, replayed=True) if act else None
