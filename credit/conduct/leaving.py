"""Reads of leaving the list early: since when a record is on it, from when it may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from credit import citing
from credit.conduct.machine import LISTED, RECORD, SHOWN
from credit.conduct.models import ConductRecord
from credit.conduct.states import PROPOSED_LIST
from kernel import clock
from kernel.errors import Refused
from kernel.regulation import selectors as law
from kernel.regulation.due import due
from kernel.workflow.models import Deadline

EARLIEST, TERM = "conduct.list.exit.earliest", "conduct.list.term"


@dataclass(frozen=True)
class LeftFrom:
    """From when it may be asked that the list be left, and by which article."""

    at: datetime
    article: str


def listed_since(case: Any) -> datetime | None:
    """When the list's term began, as its clock says; None off the list."""
    if case.state != LISTED:
        return None
    clocks = Deadline.objects.filter(machine=RECORD.code, case_pk=case.pk, period_key=TERM)
    found: datetime | None = (
        clocks.filter(ended_at__isnull=True).values_list("started_at", flat=True).first()
    )
    return found


def left_from(case: Any, at: datetime) -> LeftFrom | None:
    """By the law of the day on which it is asked, and never while the penalty runs."""
    since = listed_since(case)
    if since is None:
        return None
    try:
        when = due(since, EARLIEST, moment=at, provisional=True).at
        article = citing.cited(law.find_period(EARLIEST, at)[1], citing.language())
    except Refused:
        return None  # the law of that day lets nobody leave early
    if case.penalty_until is not None:
        when = max(when, clock.end_of(case.penalty_until))
    return LeftFrom(when, article)


def new_cause(case: Any) -> str:
    """The number of what happened since and would have the enterprise listed anew, or nothing.

    Another record on the list or proposed for it, or a serious one that is shown.
    """
    since = listed_since(case)
    if since is None:
        return ""
    others = ConductRecord.objects.filter(
        uscc=case.uscc, occurred_on__gte=clock.legal_date(since), suspended_by=""
    ).exclude(pk=case.pk)
    grave = Q(state__in=(LISTED, PROPOSED_LIST)) | Q(state__in=SHOWN, severity="serious")
    found: str | None = others.filter(grave).values_list("number", flat=True).first()
    return found or ""
