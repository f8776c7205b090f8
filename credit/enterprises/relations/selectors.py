"""Reads of relations: how one enterprise stands to some others on a legal day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from credit.enterprises.models import Enterprise
from credit.enterprises.relations.machine import UNCOUNTED
from credit.enterprises.relations.models import EnterpriseRelation
from kernel import clock
from kernel.parties.models import Organisation
from kernel.queries import Prepared

SHOWN = 200


@dataclass(frozen=True)
class Related:
    """A relation to another enterprise. kind: a code of ``relation_kind``; source: what says it."""

    other_uscc: str
    kind: str
    source: str


def to_parties(uscc: str, owner: str, agency: str, at: datetime) -> list[Related]:
    """How an enterprise stands to an owner and its agency ("" for none). One prepared query."""
    day = clock.legal_date(at)
    return [
        Related(other if one == uscc else one, kind, source)
        for one, other, kind, source, since, until in _parties.rows(uscc, owner, agency)
        if since <= day and (until is None or day <= until)
    ]


def among(uscc: str, others: Iterable[str], at: datetime) -> list[Related]:
    """How an enterprise stands to some others on a legal day, by their codes."""
    day, rest = clock.legal_date(at), set(others) - {uscc}
    found = EnterpriseRelation.objects.filter(
        Q(uscc=uscc, other_uscc__in=rest) | Q(other_uscc=uscc, uscc__in=rest),
        Q(until=None) | Q(until__gte=day),
        since__lte=day,
    )
    rows = found.exclude(state__in=UNCOUNTED).order_by("pk")
    return [
        Related(row.other_uscc if row.uscc == uscc else row.uscc, row.kind, row.source)
        for row in rows
    ]


def names_of(case: EnterpriseRelation) -> tuple[str, str]:
    """What the two are called: by the archive, else as they are registered here, else by code."""
    both = (case.uscc, case.other_uscc)
    known = dict(Organisation.objects.filter(uscc__in=both).values_list("uscc", "name"))
    known |= dict(Enterprise.objects.filter(uscc__in=both).values_list("uscc", "name"))
    return known.get(both[0], both[0]), known.get(both[1], both[1])


def open_to_all(uscc: str) -> list[EnterpriseRelation]:
    """Relations that an enterprise's public page shows, newest first: those of public registers."""
    both = Q(uscc=uscc) | Q(other_uscc=uscc)
    found = EnterpriseRelation.objects.filter(both, public=True).exclude(state__in=UNCOUNTED)
    return list(found.order_by("-since", "-pk")[:SHOWN])


def told_since(uscc: str, since: datetime) -> list[EnterpriseRelation]:
    """Relations of an enterprise that count since then, newest first: it is told of them."""
    both = Q(uscc=uscc) | Q(other_uscc=uscc)
    found = EnterpriseRelation.objects.filter(both, confirmed_at__gt=since)
    return list(found.exclude(state__in=UNCOUNTED).order_by("-confirmed_at", "-pk")[:SHOWN])


# Asked for every bid. A relation counts by its days, also one whose end was recorded since.
_parties = Prepared(
    lambda slots: (
        EnterpriseRelation.objects.order_by()
        .filter(
            Q(uscc=slots.text(0), other_uscc__in=[slots.text(1), slots.text(2)])
            | Q(other_uscc=slots.text(0), uscc__in=[slots.text(1), slots.text(2)])
        )
        .exclude(state__in=UNCOUNTED)
        .values_list("uscc", "other_uscc", "kind", "source", "since", "until")
    )
)
