"""How people stand to a case by what stands in its columns: relations that most machines use."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kernel.access.actors import Actor
from kernel.workflow.machines import Relation


def region_prefix(region: str) -> str:
    """The leading digits that a region shares with everything inside it (GB/T 2260)."""
    while len(region) > 2 and region.endswith("00"):
        region = region[:-2]
    return region


def party(code: str, *columns: str) -> Relation:
    """The organisation whose credit code stands in one of these columns (``owner_uscc``)."""

    def holds(case: Any, actor: Actor) -> bool:
        return bool(actor.uscc) and any(getattr(case, name) == actor.uscc for name in columns)

    def query(actor: Actor) -> Q:
        found = Q(pk__in=[])
        for name in columns if actor.uscc else ():
            found |= Q(**{name: actor.uscc})
        return found

    return Relation(code, holds, query)


def person(code: str, column: str) -> Relation:
    """The natural person whose key stands in a column (``worker_id``), acting for anybody."""
    return Relation(
        code,
        lambda case, actor: bool(actor.person_id) and getattr(case, column) == actor.person_id,
        lambda actor: Q(**{column: actor.person_id}) if actor.person_id else Q(pk__in=[]),
    )


def authority(
    code: str = "authority", column: str = "region", unseen: tuple[str, ...] = ()
) -> Relation:
    """The authority of the place that a column names; not for drafts (states ``unseen``)."""

    def holds(case: Any, actor: Actor) -> bool:
        inside = str(getattr(case, column)).startswith(region_prefix(actor.region))
        return bool(actor.authority) and inside and case.state not in unseen

    def query(actor: Actor) -> Q:
        if not actor.authority:
            return Q(pk__in=[])
        inside = Q(**{f"{column}__startswith": region_prefix(actor.region)})
        return inside & ~Q(state__in=unseen) if unseen else inside

    return Relation(code, holds, query)
