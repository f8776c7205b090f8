"""Documents that wait for a signature, on the desk of whoever has to sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access.actors import Actor
from kernel.documents import forms, issuing
from kernel.documents.models import Document, DocumentSignature, DocumentState
from kernel.web import desk_parts
from kernel.web.dues import due_of_period
from kernel.web.viewmodels import DeskRow, DueView, StateChip


def to_sign(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """One row per document that this actor may sign now."""
    waiting = DocumentSignature.objects.filter(
        document__state=DocumentState.AWAITING_SIGNATURE,
        signed_at__isnull=True,
        organisation_id=actor.organisation_id,
        role=actor.role,
    ).select_related("document")
    waiting = waiting.annotate(signers=Count("document__signatures"))
    for signature in waiting.order_by("document_id")[:100]:
        if signature.person_id not in (None, actor.person_id):
            continue
        document = signature.document
        yield DeskRow(
            # Whoever signs alone issues it; one of several signs.
            act=_("签发") if signature.signers == 1 else pgettext("document", "签署"),
            reference=document.number,
            title=" · ".join(filter(None, (issuing.subject_of(document), document.title))),
            url=reverse("documents:sign", args=[document.pk]),
            state=StateChip(str(document.get_state_display()), "action"),
            due=_due(document, actor, now),
        )


def _due(document: Document, actor: Actor, now: datetime) -> DueView | None:
    period = forms.get(document.form).sign_within
    return due_of_period(document.created_at, period, actor.role, now) if period else None


desk_parts.add(rows=to_sign)
