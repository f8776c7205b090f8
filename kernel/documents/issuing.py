"""The last step of every document, shared by sealing and signing: it becomes an issued one."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from kernel.documents import engine, forms
from kernel.documents.models import Document, DocumentSignature, DocumentState, StoredFile
from kernel.errors import Conflict, NotFound
from kernel.evidence import services as evidence
from kernel.sealing import canonical

PLATFORM_NAME = "筑信平台"


def locked(document_id: int) -> Document:
    """The document, locked until the open transaction ends; 404 ``documents.document.unknown``."""
    # The lock is for this row alone: PostgreSQL cannot lock the empty side of an outer join.
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise NotFound.because("documents.document.unknown", document=document_id)
    return document


def require(document: Document, *states: DocumentState) -> None:
    """Refuse (409 ``documents.document.wrong_state``) a document that stands elsewhere."""
    if document.state not in states:
        raise Conflict.because("documents.document.wrong_state", state=document.state)


def data_of(document: Document) -> dict[str, Any]:
    """The frozen data, checked against its hash; a changed row raises ValueError."""
    data = document.data.encode()
    if hashlib.sha256(data).hexdigest() != document.data_sha256:
        raise ValueError(f"the data of document {document.pk} were changed in the database")
    decoded: dict[str, Any] = canonical.decode(data)
    return decoded


def subject_of(document: Document) -> str:
    """What a document is about, in the words of its own data; empty where its form names none."""
    key = forms.get(document.form).subject
    return str(data_of(document).get(key, "")) if key else ""


def sheet_of(document: Document) -> engine.Sheet:
    """What the engine needs to print a document."""
    form = forms.get(document.form)
    return engine.Sheet(
        form=form,
        number=document.number,
        title=document.title,
        language=document.language,
        issuer=document.issuer.name if document.issuer else PLATFORM_NAME,
        data=data_of(document),
        check_code=document.check_code,
        written_at=document.created_at,
        marks=tuple(forms.Source(**mark) for mark in document.marks),
        signers=tuple(
            _printed(form, signature)
            for signature in document.signatures.select_related("organisation", "person")
        ),
    )


def issue(document: Document, file: StoredFile, at: datetime) -> None:
    """Issue a locked document with its final file: state, handlers, evidence, in this order.

    The evidence comes last, for it takes the log's one lock.
    """
    document.state = DocumentState.ISSUED
    document.signed_file = file
    document.issued_at = at
    document.save(update_fields=["state", "signed_file", "issued_at"])
    forms.tell_issued(
        forms.Issued(
            document_id=document.pk,
            form=document.form,
            case=forms.CaseRef(document.case_machine, document.case_pk),
            number=document.number,
            sha256=file.sha256,
            check_code=document.check_code,
            at=at,
        )
    )
    testify(document, "documents.issued", at, sha256=file.sha256)


def testify(document: Document, kind: str, at: datetime, **more: Any) -> None:
    """Append what happened to a document to the evidence log; the open transaction's last act."""
    evidence.append(
        kind=kind,
        case=document.case,
        at=at,
        body={
            "check_code": document.check_code,
            "data_sha256": document.data_sha256,
            "form": document.form,
            "form_version": document.form_version,
            "number": document.number,
            **more,
        },
        # Of a document that is not public the log shows only that something was logged.
        public=forms.get(document.form).public,
    )


def _printed(form: forms.DocumentForm, signature: DocumentSignature) -> engine.Signatory:
    return engine.Signatory(
        label=form.label(signature.role),
        organisation=signature.organisation.name,
        person=signature.person.name if signature.person else "",
    )
