"""Drafting and printing the documents of a case, in one step that a killed worker may repeat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kernel.documents import services as documents
from kernel.documents.models import Document


def print_for(
    form: str,
    machine: str,
    pk: int,
    number: str,
    at: datetime,
    *,
    issuer: int | None = None,
    signatories: Sequence[documents.Signatory] = (),
) -> int:
    """Draft a document of a case and print it; its key. Outside any transaction."""
    document = documents.draft(
        form=form,
        case_machine=machine,
        case_pk=str(pk),
        number=number,
        language="zh-hans",
        at=at,
        issuer=issuer,
        signatories=signatories,
    )
    documents.render(document.pk, at=at)
    return document.pk


def take_back(
    machine: str, pk: int, number: str, *, because: str, at: datetime, issued: bool = False
) -> int:
    """Revoke what was printed of a case under a number; how many. issued: also what is issued."""
    states = ["awaiting_signature", *(["issued"] if issued else [])]
    waiting = Document.objects.filter(
        case_machine=machine, case_pk=str(pk), number=number, state__in=states
    )
    keys = list(waiting.values_list("pk", flat=True))
    for key in keys:
        documents.revoke(key, because=because, at=at)
    return len(keys)
