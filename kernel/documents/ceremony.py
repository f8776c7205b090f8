"""Signing a document with a key that the server never holds: begin here, sign there, finish here.

Electronic Signature Law, arts. 13 and 14: the key is the signer's alone, and every later change to
the signature or the text shows.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from kernel import clock
from kernel.documents import forms, issuing, signing, storage, trust, validation
from kernel.documents.models import (
    Document,
    DocumentSignature,
    DocumentState,
    PendingSignature,
    StoredFile,
)
from kernel.errors import Conflict, NotFound, NotPermitted, Refused
from kernel.parties.models import Certificate, Membership

FORMAT = "zhuxin-sign-request/1"
# Our own default: long enough to carry the request to an offline machine and back in a day.
PATIENCE = timedelta(hours=24)
_ARTICLE = "《中华人民共和国电子签名法》第十三条"


def begin_signing(
    document_id: int,
    actor_person: int,
    actor_organisation: int,
    certificate_id: int,
    at: datetime,
) -> dict[str, Any]:
    """What this person must sign, as a ``zhuxin-sign-request/1``; kept as a PendingSignature.

    Returns plain JSON (see the keys below; hashes in hex, bytes in base64, times in UTC), and
    beside the request, of which it is no part, its key as ``pending``.
    Refuses ``documents.document.wrong_state``, ``documents.signing.not_a_signer``,
    ``.already_signed``, ``.not_your_turn``, ``.certificate_not_yours``, ``.certificate_not_valid``,
    outside a sandbox ``.revocation_unknown``, and what ``signing.begin`` refuses.
    """
    document = (
        Document.objects.select_related("draft_file", "signed_file").filter(pk=document_id).first()
    )
    if document is None:
        raise NotFound.because("documents.document.unknown", document=document_id)
    issuing.require(document, DocumentState.AWAITING_SIGNATURE)
    slot = slot_for(document, actor_person, actor_organisation, at)
    certificate = _certificate(certificate_id, actor_person, actor_organisation, at)
    base = document.current_file
    if base is None:
        raise ValueError(f"document {document.pk} awaits signatures without a file")
    pem = certificate.pem.encode()
    trust.require_lists(pem, at)
    prepared = signing.begin(
        storage.read(base),
        certificate=pem,
        chain=trust.current().chain_of(pem),
        reason=forms.get(document.form).label(slot.role),
        location=slot.organisation.region,
        signing_time=at,
        field_name=_field(slot),
    )
    pending_id = uuid4()
    request = {
        "format": FORMAT,
        # For whoever signs to read, in their language; what is signed is named by its hash.
        "title": str(forms.get(document.form).title),
        "number": document.number,
        "organisation": slot.organisation.name,
        "document_sha256": prepared.document_sha256,
        "byte_range": list(prepared.byte_range),
        "signed_attributes": base64.b64encode(prepared.to_be_signed).decode(),
        "certificate_sha256": prepared.certificate_sha256,
        "signing_time": prepared.signing_time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    PendingSignature.objects.create(
        pk=pending_id,
        signature=slot,
        person_id=actor_person,
        certificate=certificate,
        base_file=base,
        request=request,
        state=prepared.state,
        begun_at=at,
    )
    return request | {"pending": str(pending_id)}


def finish_signing(
    pending_id: UUID | str,
    signature_bytes: bytes,
    at: datetime,
    *,
    actor_person: int | None = None,
) -> Document:
    """Put a signature onto its document; the last one issues it.

    actor_person: refused as 404 when the signature was begun by somebody else.
    Sending the value of a finished signature again changes nothing. Refuses
    ``documents.signing.expired``, ``.not_a_signer`` (their membership ended meanwhile),
    ``.overtaken`` (409: another signer was faster, begin again),
    ``.certificate_not_valid``, ``.revocation_unknown`` (outside a sandbox), ``.not_valid`` (with
    the codes of what is wrong) and ``documents.signature.mismatch``.
    """
    pending = _pending(pending_id, actor_person)
    document_id = pending.signature.document_id
    if pending.finished_at is not None:
        return Document.objects.get(pk=document_id)
    if at - pending.begun_at > PATIENCE:
        raise Refused.because("documents.signing.expired", hours=PATIENCE // timedelta(hours=1))
    slot = pending.signature
    # In a day's patience somebody may have left, and no mandate outlives them.
    if not _is_theirs(slot, pending.person_id, slot.organisation_id, at):
        raise NotPermitted.because("documents.signing.not_a_signer", article=_ARTICLE)
    _require_valid(pending.certificate, at)
    trust.require_lists(pending.certificate.pem.encode(), at)
    pdf = signing.finish(bytes(pending.state), signature_bytes)
    report = _report(pdf, _field(pending.signature), at)
    file = storage.put(pdf, media_type="application/pdf")
    with transaction.atomic():
        document = issuing.locked(document_id)
        issuing.require(document, DocumentState.AWAITING_SIGNATURE)
        if document.current_file != pending.base_file:
            raise Conflict.because("documents.signing.overtaken")
        _give(pending, document, file, report, at)
        if not document.signatures.filter(signed_at__isnull=True).exists():
            issuing.issue(document, file, at)
    return document


def slot_for(document: Document, person: int, organisation: int, at: datetime) -> DocumentSignature:
    """The open signature that a person may give for an organisation now; refused if none."""
    slots = list(document.signatures.select_related("organisation"))
    mine = [slot for slot in slots if _is_theirs(slot, person, organisation, at)]
    done = {slot.role for slot in mine if slot.is_given and slot.person_id == person}
    open_ones = [slot for slot in mine if not slot.is_given and slot.role not in done]
    if not open_ones:
        if done:
            raise Conflict.because("documents.signing.already_signed")
        raise NotPermitted.because("documents.signing.not_a_signer", article=_ARTICLE)
    first = next(slot for slot in slots if not slot.is_given)
    if forms.get(document.form).sequential and open_ones[0] != first:
        raise Conflict.because(
            "documents.signing.not_your_turn", role=forms.get(document.form).label(first.role)
        )
    return open_ones[0]


def certificates_of(person: int, organisation: int, at: datetime) -> list[Certificate]:
    """The certificates that a person may sign with for an organisation at a moment."""
    return list(
        Certificate.objects.filter(
            Q(person_id=person) | Q(person__isnull=True),
            organisation_id=organisation,
            valid_from__lte=at,
            valid_to__gte=at,
        )
    )


def _is_theirs(slot: DocumentSignature, person: int, organisation: int, at: datetime) -> bool:
    if slot.organisation_id != organisation or slot.person_id not in (None, person):
        return False
    day = clock.legal_date(at)
    return (
        Membership.objects.filter(
            person_id=person, organisation_id=organisation, role=slot.role, valid_from__lte=day
        )
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .exists()
    )


def _certificate(pk: int, person: int, organisation: int, at: datetime) -> Certificate:
    certificate = Certificate.objects.filter(
        Q(person_id=person) | Q(person__isnull=True), pk=pk, organisation_id=organisation
    ).first()
    if certificate is None:
        raise NotPermitted.because("documents.signing.certificate_not_yours", article=_ARTICLE)
    _require_valid(certificate, at)
    return certificate


def _require_valid(certificate: Certificate, at: datetime) -> None:
    if not certificate.valid_from <= at <= certificate.valid_to:
        raise Refused.because(
            "documents.signing.certificate_not_valid",
            since=certificate.valid_from.isoformat(),
            until=certificate.valid_to.isoformat(),
        )


def _pending(pending_id: UUID | str, person: int | None) -> PendingSignature:
    rows = PendingSignature.objects.select_related("signature", "certificate", "base_file")
    if person is not None:
        rows = rows.filter(person_id=person)
    try:
        return rows.get(pk=UUID(str(pending_id)))
    except (PendingSignature.DoesNotExist, ValueError):
        raise NotFound.because("documents.signing.unknown") from None


def _field(slot: DocumentSignature) -> str:
    """The PDF field of a signature: one per slot, so no signer can take another's place."""
    return f"Signature{slot.order}"


def _report(pdf: bytes, field: str, at: datetime) -> dict[str, Any]:
    """What the new signature is worth; refused if it does not hold or broke an earlier one."""
    trusted = trust.current()
    reports = validation.validate(pdf, anchors=trusted.anchors, at=at, crls=trusted.crls)
    broken = {
        code for one in reports if not one.intact or one.modified_after for code in one.errors
    }
    new = next((one for one in reports if one.field_name == field), None)
    faults = broken | set(new.errors if new else ("documents.signature.unreadable",))
    if new is None or faults:
        raise Refused(
            [
                Refused.because(code, article=_ARTICLE).refusals[0]
                for code in ("documents.signing.not_valid", *sorted(faults))
            ]
        )
    return as_json(new)


def as_json(report: validation.SignatureReport) -> dict[str, Any]:
    """A signature report as plain JSON, times in ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in (vars(report) | {"errors": list(report.errors)}).items()
    }


def _give(
    pending: PendingSignature,
    document: Document,
    file: StoredFile,
    report: dict[str, Any],
    at: datetime,
) -> None:
    DocumentSignature.objects.filter(pk=pending.signature_id, signed_at__isnull=True).update(
        person_id=pending.person_id,
        certificate_id=pending.certificate_id,
        signed_at=at,
        file=file,
        report=report,
    )
    # The prepared PDF has served; the request stays as the record of what was shown.
    pending.state = b""
    pending.finished_at = at
    pending.save(update_fields=["state", "finished_at"])
    document.signed_file = file
    document.save(update_fields=["signed_file"])
