"""What everybody sees of conduct records, and what is kept and weighed without being shown."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from credit.conduct.machine import LISTED, SHOWN
from credit.conduct.models import ConductRecord
from kernel import clock
from kernel.errors import Refused
from kernel.regulation import selectors as law

SHOWING = "values.conduct_showing"


def is_kept_back(severity: str, at: datetime) -> bool:
    """Whether the law of the day of publication lets a class be kept and weighed, not shown."""
    return bool(severity) and severity in _kept_back(clock.legal_date(at))


@lru_cache(maxsize=64)
def _kept_back(day: date) -> frozenset[str]:
    try:
        rows = law.resolve(SHOWING, clock.start_of(day)).rows
    except Refused:
        return frozenset()  # before there was such a rule
    return frozenset(row.key for row in rows if row["value"] == "kept_back")


def shown(uscc: str) -> QuerySet[ConductRecord]:
    """The records of an enterprise that everybody sees, newest first."""
    found: QuerySet[ConductRecord] = ConductRecord.objects.filter(
        uscc=uscc, state__in=SHOWN, kept_back=False
    )
    return found.order_by("-published_at")


def kept_back(uscc: str) -> frozenset[int]:
    """Primary keys of the records of an enterprise that weigh and are not shown."""
    found = ConductRecord.objects.filter(uscc=uscc, state__in=SHOWN, kept_back=True)
    return frozenset(found.values_list("pk", flat=True))


def public_register(
    text: str = "", severity: str = "", *, listed: bool = False
) -> QuerySet[ConductRecord]:
    """All records that everybody sees, newest first: by name, code or number, and by class.

    severity: ``minor``, ``ordinary``, ``serious`` or ``good``. listed: the list alone.
    """
    states = (LISTED,) if listed else SHOWN
    found: QuerySet[ConductRecord] = ConductRecord.objects.filter(state__in=states, kept_back=False)
    if text:
        found = found.filter(
            Q(name__contains=text)
            | Q(uscc__startswith=text.upper())
            | Q(number__startswith=text.upper())
            | Q(document_number__contains=text)
        )
    if severity:
        found = found.filter(severity="" if severity == "good" else severity)
    return found.order_by("-published_at", "-pk")
