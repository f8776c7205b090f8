"""Writes of relations between enterprises, and what their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from credit import citing
from credit.enterprises.relations.machine import IN_FORCE, RELATION
from credit.enterprises.relations.models import EnterpriseRelation
from credit.enterprises.relations.rules import RelationFacts
from credit.enterprises.relations.schemas import RelationPayload
from credit.enterprises.selectors import articles, keepers
from kernel import clock
from kernel.access.actors import Actor
from kernel.access.interests import works_for
from kernel.documents import scans
from kernel.events.registry import DomainEvent
from kernel.regulation import selectors as law
from kernel.workflow.machines import Doing
from kernel.workflow.relations import region_prefix


@RELATION.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> RelationFacts:
    """Everything that the guards of a relation look at."""
    day = clock.legal_date(at)
    recorded = payload if isinstance(payload, RelationPayload) else None
    both = (recorded or case).uscc, (recorded or case).other_uscc
    file = getattr(payload, "file_sha256", "")
    own = actor.region if actor else ""
    places = keepers(both, own).values()
    return RelationFacts(
        today=day,
        articles=articles(day, citing.language()),
        kinds=frozenset(code for code, _label in law.options("relation_kind", at)),
        taken=recorded is not None
        and between(both[0]).filter(between_q(both[1]), kind=recorded.kind).exists(),
        brought=bool(file and actor and not scans.missing(actor.organisation_id, [file])),
        interested=any(works_for(actor, code, at) for code in both),
        elsewhere=not any(place.startswith(region_prefix(own)) for place in places),
        since=case.since,
    )


def between_q(uscc: str) -> Q:
    """Relations that an enterprise is one side of."""
    return Q(uscc=uscc) | Q(other_uscc=uscc)


def between(uscc: str) -> Any:
    """Relations in force that an enterprise is one side of."""
    return EnterpriseRelation.objects.filter(between_q(uscc), state=IN_FORCE)


@RELATION.effect("record")
def _record(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    for name in RelationPayload.model_fields:
        setattr(case, name, getattr(doing.payload, name))
    case.region = doing.actor.region
    return []


@RELATION.effect("end")
def _end(case: EnterpriseRelation, doing: Doing) -> list[DomainEvent]:
    case.until = doing.payload.last_day
    case.ending_source = doing.payload.source
    case.ending_sha256 = doing.payload.file_sha256
    return []
