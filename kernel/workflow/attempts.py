"""Refused attempts as an overseer reads them: also those that left no case behind to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.workflow import selectors
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import RefusedAct
from kernel.workflow.relations import region_prefix

# The digits of a province: whoever oversees one reads also what came from outside of it.
_PROVINCE = 2
# The one reason of an attempt that came after somebody else's.
STALE = "workflow.act.stale"


def overseen(actor: Actor) -> list[Machine]:
    """The kinds of case of which an actor may read refused attempts; none for most roles."""
    if not (actor.authority and TABLE.oversees(actor.role)):
        return []
    return [kind for kind in machines().values() if selectors.reads_some(kind, actor)]


def refused(
    actor: Actor, kinds: Iterable[Machine], day: date | None = None, *, stale: bool = True
) -> QuerySet[RefusedAct]:
    """Refused attempts of some kinds within an overseer's region, newest first.

    On a case: where the actor may read the case, by whose rows secrecy is decided. To open one:
    where whoever tried is registered in the region, because no case says where it would be; of
    bids, once those of the lot are open. stale: also those of whom somebody else was faster.
    """
    found = Q(pk__in=[])
    for kind in kinds:
        of_kind = _unsealed(kind, actor) if kind.sealed_openings else _opening(actor)
        # Whose attempts are secret differs from case to case; the case's own page knows.
        if kind.hider is None:
            model: Any = kind.model
            mine = model.objects.order_by().filter(selectors.readable(kind, actor))
            of_kind |= Q(case_pk__in=mine.values("pk"))
        found |= Q(machine=kind.code) & of_kind
    rows = RefusedAct.objects.filter(found)
    if day is not None:
        rows = rows.filter(at__gte=clock.start_of(day), at__lt=clock.end_of(day))
    if not stale:
        rows = rows.exclude(refusals__0__code=STALE)
    return rows.select_related("person", "organisation").order_by("-pk")


def _opening(actor: Actor) -> Q:
    region, caseless = region_prefix(actor.region), Q(case_pk__isnull=True)
    if len(region) <= _PROVINCE:
        return caseless
    return caseless & Q(organisation__region__startswith=region)


def _unsealed(kind: Machine, actor: Actor) -> Q:
    known: Q = kind.unsealer(actor) if kind.unsealer else Q(pk__in=[])
    return Q(case_pk__isnull=True) & known


def may_see_opening(actor: Actor, machine_code: str, log_index: int) -> bool:
    """Whether an entry of the log is a refused opening that the actor's register shows."""
    kinds = [kind for kind in overseen(actor) if kind.code == machine_code]
    if not kinds:
        return False
    return bool(refused(actor, kinds).filter(case_pk__isnull=True, log_index=log_index).exists())
