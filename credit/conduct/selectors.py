"""Reads of conduct records, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from credit import citing
from credit.conduct.machine import CAPTURED, LISTED, RECORD, REVOKED, SHOWN
from credit.conduct.models import ConductRecord
from credit.conduct.rules import RecordFacts
from credit.conduct.schemas import CapturePayload
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.queries import Prepared
from kernel.regulation.due import due

VALUES = "values.conduct"


@RECORD.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> RecordFacts:
    """Everything that the guards of a record look at."""
    day = clock.legal_date(at)
    capture = payload if isinstance(payload, CapturePayload) else None
    return RecordFacts(
        today=day,
        now=at,
        items={code: item.severity for code, item in scoring.scheme(at).items.items()},
        item=case.item,
        document_number=case.document_number,
        fact=case.fact,
        duplicate=_duplicate(case, capture),
        person=actor.person_id if actor else 0,
        verified_by=case.verified_by,
        proposed=case.proposed,
        proposed_by=case.proposed_by,
        repair_from=_repair_from(case),
        articles=citing.articles(VALUES, day, citing.language()),
    )


def _duplicate(case: Any, capture: CapturePayload | None) -> bool:
    uscc, item, number = (
        (capture.uscc, capture.item, capture.document_number)
        if capture
        else (case.uscc, case.item, case.document_number)
    )
    found = ConductRecord.objects.filter(uscc=uscc, item=item, document_number=number)
    return bool(number) and found.exclude(state=REVOKED).exclude(pk=case.pk).exists()


def _repair_from(case: Any) -> datetime | None:
    if not case.severity or case.published_at is None:
        return None
    try:
        found = due(
            case.published_at,
            "conduct.repair.earliest",
            subject={"class": case.severity},
            provisional=True,
        )
    except Refused:
        return None  # the law of that day knows no repair of this class
    return found.at


def shown(uscc: str) -> QuerySet[ConductRecord]:
    """The records of an enterprise that everybody sees, newest first."""
    found: QuerySet[ConductRecord] = ConductRecord.objects.filter(uscc=uscc, state__in=SHOWN)
    return found.order_by("-published_at")


def captured(uscc: str, item: str) -> QuerySet[ConductRecord]:
    """Records of an item that wait for two officers, oldest first."""
    found: QuerySet[ConductRecord] = ConductRecord.objects.filter(
        uscc=uscc, item=item, state=CAPTURED
    )
    return found.order_by("pk")


def public_register(text: str = "") -> QuerySet[ConductRecord]:
    """All records that everybody sees, by a part of the enterprise's name or its code."""
    found: QuerySet[ConductRecord] = ConductRecord.objects.filter(state__in=SHOWN)
    if text:
        found = found.filter(Q(name__contains=text) | Q(uscc__startswith=text.upper()))
    return found.order_by("-published_at", "-pk")


def barring_documents(uscc: str) -> list[str]:
    """Documents by which an enterprise is on a list now, and may not bid."""
    return [number for (number,) in _barring.rows(uscc)]


_barring = Prepared(
    lambda slots: ConductRecord.objects.filter(uscc=slots.text(0), state=LISTED).values_list(
        "document_number"
    )
)
