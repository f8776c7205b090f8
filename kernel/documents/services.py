"""Writes: draft, render, sign, revoke. A document's state moves nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from kernel import clock
from kernel.documents import codes, engine, forms, issuing, seal, signing, storage
from kernel.documents.ceremony import begin_signing, finish_signing
from kernel.documents.models import Document, DocumentSignature, DocumentState
from kernel.errors import Conflict, Refused
from kernel.sealing import canonical

__all__ = ["Signatory", "begin_signing", "draft", "finish_signing", "render", "revoke"]

PDF = "application/pdf"


@dataclass(frozen=True)
class Signatory:
    """Who is to sign: a role of the form, an organisation, a person where only one may.

    organisation, person: primary keys.
    """

    role: str
    organisation: int
    person: int | None = None


def draft(
    *,
    form: str,
    case_machine: str,
    case_pk: str,
    number: str,
    language: str,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    issuer: int | None = None,
    signatories: Sequence[Signatory] = (),
    sources: Sequence[forms.Source] = (),
) -> Document:
    """Freeze what a document says; the same form, case and number again is the same document.

    data: plain JSON without floats; what the form's ``build`` gives for the case if left out.
    issuer: the issuing organisation; none when the platform itself speaks.
    signatories: in order of signing; each of the form's signers for ``issuer`` if left out.
    sources: rules of this case's rule set beside those of the form.

    May be part of a caller's transaction. Refuses (409) ``documents.draft.different`` when the
    number already stands for other data, and ``documents.draft.number_missing``.
    """
    template = forms.get(form)
    if not number.strip():
        raise Refused.because("documents.draft.number_missing", field="number")
    values = data if data is not None else template.build(forms.CaseRef(case_machine, case_pk))
    text = canonical.encode(dict(values))
    wanted = _signatories(template, issuer, signatories)
    with translation.override(language):
        said: dict[str, Any] = {
            "form_version": template.version,
            "title": str(template.title),
            "language": language,
            "issuer_id": issuer,
            "data": text.decode(),
            "data_sha256": hashlib.sha256(text).hexdigest(),
            "marks": [_mark(source) for source in (*template.sources, *sources)],
        }
    with transaction.atomic():
        document, created = Document.objects.get_or_create(
            form=form,
            case_machine=case_machine,
            case_pk=str(case_pk),
            number=number,
            defaults=said | {"check_code": codes.generate(), "created_at": at},
        )
        if created:
            _write_signatures(document, wanted)
        else:
            _same_or_refuse(document, said, wanted)
    return document


def render(document_id: int, *, at: datetime | None = None) -> Document:
    """Print a draft; then it awaits its signatures or, without signers, is sealed and issued.

    Slow (seconds): call it outside any transaction, from a worker. Rendering again what is no
    draft any more changes nothing. Refuses what ``engine.render`` and ``seal.current`` refuse,
    and (409) ``documents.render.form_changed``.
    """
    document = Document.objects.select_related("issuer").get(pk=document_id)
    if document.state != DocumentState.DRAFT:
        return document
    at = at or clock.now()
    form = forms.get(document.form)
    if form.version != document.form_version:
        raise Conflict.because(
            "documents.render.form_changed", drafted=document.form_version, now=form.version
        )
    pdf = engine.render(issuing.sheet_of(document))
    drafted = storage.put(pdf, media_type=PDF)
    sealed = None if form.signers else storage.put(_sealed(document, pdf, at), media_type=PDF)
    with transaction.atomic():
        document = issuing.locked(document_id)
        if document.state != DocumentState.DRAFT:
            return document
        document.draft_file = drafted
        document.state = DocumentState.AWAITING_SIGNATURE
        document.save(update_fields=["draft_file", "state"])
        if sealed is not None:
            issuing.issue(document, sealed, at)
    return document


def revoke(document_id: int, *, because: str, at: datetime) -> Document:
    """Take a document back; it stays to be read, and its check page says so and why.

    Whether somebody may is decided by the case's machine, of which this is an effect.
    """
    with transaction.atomic():
        document = issuing.locked(document_id)
        issuing.require(document, DocumentState.ISSUED, DocumentState.AWAITING_SIGNATURE)
        document.state = DocumentState.REVOKED
        document.revoked_at = at
        document.revoked_because = because
        document.save(update_fields=["state", "revoked_at", "revoked_because"])
        issuing.testify(document, "documents.revoked", at, because=because)
    return document


def _mark(source: forms.Source) -> dict[str, str]:
    return {key: str(value) for key, value in asdict(source).items()}


def _signatories(
    form: forms.DocumentForm, issuer: int | None, given: Sequence[Signatory]
) -> list[Signatory]:
    """The signatories in order; a form's every role is covered and no other named."""
    roles = [rule.role for rule in form.signers]
    if given:
        named = {signatory.role for signatory in given}
        if named != set(roles):
            raise ValueError(f"{form.code} is signed by {roles}, not by {sorted(named)}")
        return list(given)
    if roles and issuer is None:
        raise ValueError(f"{form.code} needs an issuer or signatories")
    return [Signatory(role, issuer) for role in roles if issuer is not None]


def _write_signatures(document: Document, wanted: Sequence[Signatory]) -> None:
    DocumentSignature.objects.bulk_create(
        DocumentSignature(
            document=document,
            order=order,
            role=one.role,
            organisation_id=one.organisation,
            person_id=one.person,
        )
        for order, one in enumerate(wanted, start=1)
    )


def _same_or_refuse(document: Document, said: dict[str, Any], wanted: Sequence[Signatory]) -> None:
    """A repeated draft must say the same; one that nobody saw yet follows a new form version."""
    if document.state == DocumentState.DRAFT and document.form_version != said["form_version"]:
        Document.objects.filter(pk=document.pk, state=DocumentState.DRAFT).update(**said)
        document.signatures.all().delete()
        _write_signatures(document, wanted)
        document.refresh_from_db()
        return
    if (document.data_sha256, document.language) != (said["data_sha256"], said["language"]):
        raise Conflict.because("documents.draft.different", number=document.number)


def _sealed(document: Document, pdf: bytes, at: datetime) -> bytes:
    return signing.seal(
        pdf,
        seal.current(),
        reason=f"{document.title} {document.number}",
        location=issuing.PLATFORM_NAME,
        signing_time=at,
    )
