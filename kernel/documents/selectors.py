"""Reads: documents of a case, by what is printed on them, and what their signatures are worth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.db.models import QuerySet

from kernel.documents import codes, forms, storage, trust, validation
from kernel.documents.forms import CaseRef
from kernel.documents.models import Document, DocumentState
from kernel.evidence import selectors as evidence
from kernel.evidence.models import LogEntry
from kernel.sealing import canonical

# Beyond a hundred documents of one number the number is no answer.
_SAME_NUMBER = 100
_JUDGED_SECONDS = 600


def of_case(machine: str, pk: str) -> QuerySet[Document]:
    """The documents of a case in the order they were drafted."""
    return _whole().filter(case_machine=machine, case_pk=str(pk)).order_by("pk")


def by_check_code(text: str) -> Document | None:
    """The document of a check code as somebody typed it; none for a draft nobody has printed."""
    code = codes.parse(text)
    if code is None:
        return None
    return _whole().filter(check_code=code).exclude(state=DocumentState.DRAFT).first()


def by_number(number: str, *, public: bool = True) -> list[Document]:
    """Issued or revoked documents with exactly this number, newest first.

    public: those of public forms, else all others: who may know of them is for the caller to see.
    """
    wanted = [code for code, form in forms.all().items() if form.public == public]
    return list(
        _whole()
        .filter(
            number=number.strip(),
            form__in=wanted,
            state__in=[DocumentState.ISSUED, DocumentState.REVOKED],
        )
        .order_by("-pk")[:_SAME_NUMBER]
    )


def by_file(sha256: str) -> Document | None:
    """The document whose issued file has this hash."""
    return _whole().filter(signed_file__sha256=sha256, issued_at__isnull=False).first()


def may_read(document: Document, organisations: Iterable[int], person: int | None = None) -> bool:
    """Whether somebody of these organisations (primary keys), a person or not, may open the file.

    Everybody may where the form is public and the document issued; else its issuer, its signers
    and those whom the form's ``readers`` names. Where signers sign for themselves (``personal``)
    only they do.
    """
    form = forms.get(document.form)
    if form.public and document.issued_at is not None:
        return True
    mine = set(organisations)
    if document.issuer_id in mine:
        return True
    slots = document.signatures.all()
    if form.personal:
        if person is not None and person in {slot.person_id for slot in slots}:
            return True
    elif mine & {slot.organisation_id for slot in slots}:
        return True
    if form.readers is None or document.state == DocumentState.DRAFT:
        return False
    return bool(mine & form.readers(CaseRef(document.case_machine, document.case_pk)))


def reports(document: Document, at: datetime) -> list[validation.SignatureReport]:
    """What the signatures in the issued file are worth, judged anew from the bytes.

    at: the moment to judge at; an issued document is judged at its issuing, which the evidence
    log proves, so that a certificate that ended later does not undo it; later revocation lists
    still count.
    """
    if document.signed_file is None:
        return []
    trusted = trust.current()
    moment = document.issued_at or at
    # The same bytes under the same trust at the same moment are judged the same.
    seen = hashlib.sha256(b"".join((*trusted.anchors, *trusted.crls))).hexdigest()
    key = f"signatures:{document.signed_file.sha256}:{seen}:{moment.isoformat()}"
    known: list[validation.SignatureReport] | None = cache.get(key)
    if known is None or document.issued_at is None:
        known = validation.validate(
            storage.read(document.signed_file),
            anchors=trusted.anchors,
            at=moment,
            crls=trusted.crls,
        )
        cache.set(key, known, _JUDGED_SECONDS)
    return known


def evidence_of(document: Document) -> list[LogEntry]:
    """The entries of the evidence log about this document, oldest first."""
    kinds = {"documents.issued", "documents.revoked"}
    return [
        entry
        for kind in sorted(kinds)
        for entry in evidence.entries(case=document.case, kind=kind)
        if entry.body
        and canonical.decode(entry.body.encode()).get("check_code") == document.check_code
    ]


def _whole() -> QuerySet[Document]:
    return Document.objects.select_related("issuer", "draft_file", "signed_file").prefetch_related(
        "signatures__organisation", "signatures__person"
    )
