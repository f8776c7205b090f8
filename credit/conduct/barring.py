"""Who may not offer, and by which documents: the list, and bans that a document states itself."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from credit.conduct.machine import EXPIRED, LISTED, SHOWN
from credit.conduct.models import ConductRecord
from credit.conduct.states import REPAIRED
from kernel.queries import Prepared


def barred() -> QuerySet[ConductRecord, str]:
    """Credit codes of all who are on a list now, to be left out of what others ask for."""
    found = ConductRecord.objects.filter(state=LISTED, suspended_by="").order_by()
    return found.values_list("uscc", flat=True)


def barring_documents(uscc: str) -> list[str]:
    """Documents by which an enterprise is on a list now."""
    return [number for number, _article, state, _until in _barring.rows(uscc) if state == LISTED]


def bans(uscc: str, day: date) -> list[tuple[str, str]]:
    """By which document and article an enterprise may not bid on a day.

    It is on a list, or the document itself excludes it until a later day. A ban is the decision of
    who wrote the document: it outlives the record's showing, whose end (by time or by repair) is
    another matter, and falls only with what was wrong or set aside (revoked, withdrawn, suspended).
    What was put by without a word to the enterprise bars nobody.
    """
    return [
        (number, article)
        for number, article, state, until in _barring.rows(uscc)
        if state == LISTED or until >= day
    ]


# Whoever was told of it, shown still or no more.
_BANNING = Q(bid_ban_until__isnull=False) & (
    Q(state__in=SHOWN) | Q(state__in=(EXPIRED, REPAIRED), published_at__isnull=False)
)
_barring = Prepared(
    lambda slots: (
        ConductRecord.objects.filter(uscc=slots.text(0), suspended_by="")
        .filter(Q(state=LISTED) | _BANNING)
        .values_list("document_number", "article", "state", "bid_ban_until")
    )
)
