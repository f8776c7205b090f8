"""What the platform itself saw becomes a record, once; no record that is dismissed swallows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit.conduct import selectors
from credit.conduct.machine import CAPTURED, RECORD
from credit.conduct.models import ConductRecord
from credit.enterprises.models import Enterprise
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.access.actors import PLATFORM
from kernel.events.credit import ConductDismissed
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from kernel.workflow.selectors import acts_of

PLATFORM_NAME = PLATFORM.organisation_name


def capture(
    envelope: Envelope,
    *,
    uscc: str,
    item: str,
    project_number: str,
    document_number: str,
    occurred_on: date,
    name: str = "",
    article: str = "",
    ground: str = "",
    **rest: Any,
) -> None:
    """Open a record, once. An enterprise that the archive does not know is kept by its code.

    Where an officer entered the same fact before and nobody has confirmed it yet, the event is
    noted there, and becomes a record of its own if that one is dismissed.
    """
    if item not in scoring.scheme(envelope.occurred_at).items or not uscc:
        return  # the scheme of the day does not weigh it, or it is held against nobody
    grounds = selectors.articles(clock.legal_date(envelope.occurred_at), "zh")
    enterprise = Enterprise.objects.filter(uscc=uscc).first()
    payload = {
        "decided_by": PLATFORM_NAME,
        "uscc": uscc,
        "name": enterprise.name if enterprise else name or uscc,
        "item": item,
        "article": article or grounds[ground or item],
        "occurred_on": occurred_on,
        "document_number": document_number,
        "project_number": project_number,
        "region": project_number[:6] or "230000",
        "source": f"event:{envelope.id}",
        **rest,
    }
    standing = selectors.recorded(uscc, item, document_number)
    if standing is not None and (_is_noted(standing, envelope, payload) or _stands(payload)):
        return
    _open(payload, envelope)


def _is_noted(standing: ConductRecord, envelope: Envelope, payload: dict[str, Any]) -> bool:
    """Whether the event is kept with a record that may still be dismissed."""
    if standing.state != CAPTURED or standing.source:
        return False
    at = max(envelope.occurred_at, standing.changed_at)
    key = f"event:{envelope.id}"
    done = follow(RECORD.code, standing.pk, "note_event", key=key, at=at, payload=payload)
    return done is not None


def _stands(payload: dict[str, Any]) -> bool:
    return selectors.is_recorded(payload["uscc"], payload["item"], payload["document_number"])


def _open(payload: dict[str, Any], envelope: Envelope) -> None:
    follow(
        RECORD.code, None, "capture_event",
        key=payload["source"], at=envelope.occurred_at, payload=payload,
    )  # fmt: skip


@subscribe(ConductDismissed, "credit.conduct.dismissed")
def what_was_seen_stands_for_itself(envelope: Envelope, _prepared: Any) -> None:
    """What the platform saw of a fact is not gone with what an officer entered of it."""
    event = envelope.event
    assert isinstance(event, ConductDismissed)
    for act in acts_of(ConductRecord.objects.get(pk=event.record_id)):
        if act.transition == "note_event" and not _stands(act.payload):
            _open(act.payload, envelope)
