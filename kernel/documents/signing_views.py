"""The signing page: what is signed, with which certificate; the key itself never comes here.

Two ways lead through it: the page's own script, which asks for JSON, and files carried by hand.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.access.actors import live_memberships
from kernel.documents import ceremony, forms, issuing, services, signing
from kernel.documents.models import Document, PendingSignature
from kernel.documents.views import in_words, may_read, person_of
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import Certificate
from kernel.sealing import canonical

RESPONSE_FORMAT = "zhuxin-sign-response/1"
# A signature is some hundred bytes; the file around it a little more.
RESPONSE_LIMIT = 16 * 1024


@never_cache
@require_safe
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is to be signed, ask for a certificate and, with ``pending``, for the value."""
    document = _readable(request, pk)
    pending = _pending_of(request, document)
    return _page(request, document, pending=pending)


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a signature with the posted certificate; its organisation is whom one signs for."""
    document = _readable(request, pk)
    try:
        made = _begin(request, document)
    except Refused as refused:
        return _refused(request, document, refused)
    if _wants_json(request):
        return JsonResponse(
            made | {"finish": reverse("documents:sign-finish", args=[made["pending"]])}
        )
    address = reverse("documents:sign", args=[document.pk])
    return redirect(f"{address}?pending={made['pending']}")


@require_POST
def finish(request: HttpRequest, pending: UUID) -> HttpResponse:
    """Take the value of a signature, as a response file or as base64 text in ``signature``."""
    row = _own_pending(request, pending)
    document = row.signature.document
    try:
        document = services.finish_signing(
            pending, _value(request, row), clock.now(), actor_person=row.person_id
        )
    except Refused as refused:
        return _refused(request, document, refused, pending=row)
    address = reverse("documents:check-code", args=[document.check_code_grouped])
    if _wants_json(request):
        return JsonResponse({"state": document.state, "url": address})
    return redirect(address)


@never_cache
@require_safe
def request_file(request: HttpRequest, pending: UUID) -> HttpResponse:
    """The request as a file of canonical JSON, to be carried to where the key is."""
    row = _own_pending(request, pending)
    return _download(canonical.encode(row.request), "application/json", "sign-request.json")


@never_cache
@require_safe
def prepared_file(request: HttpRequest, pending: UUID) -> HttpResponse:
    """The PDF with its place for the signature, over which the signer recomputes the digest."""
    row = _own_pending(request, pending)
    if row.finished_at is not None:
        raise Http404
    return _download(signing.prepared(bytes(row.state)), "application/pdf", "to-sign.pdf")


def _readable(request: HttpRequest, pk: int) -> Document:
    document = get_object_or_404(Document.objects.select_related("issuer"), pk=pk)
    if not may_read(request, document):
        raise Http404
    return document


def _own_pending(request: HttpRequest, pending: UUID) -> PendingSignature:
    person = person_of(request)
    if person is None:
        raise Http404
    rows = PendingSignature.objects.select_related("signature__document")
    return get_object_or_404(rows, pk=pending, person_id=person)


def _pending_of(request: HttpRequest, document: Document) -> PendingSignature | None:
    """The unfinished signature named in the address, if it is this person's and this document's."""
    try:
        wanted = UUID(request.GET.get("pending", ""))
        row = _own_pending(request, wanted)
    except (ValueError, Http404):
        return None
    same = row.signature.document_id == document.pk
    return row if same and row.finished_at is None else None


def _begin(request: HttpRequest, document: Document) -> dict[str, Any]:
    text = request.POST.get("certificate", "")
    certificate = Certificate.objects.filter(pk=text).first() if text.isdecimal() else None
    person = person_of(request)
    if certificate is None or person is None:
        raise NotPermitted.because("documents.signing.certificate_not_yours", field="certificate")
    return services.begin_signing(
        document.pk, person, certificate.organisation_id, certificate.pk, clock.now()
    )


def _value(request: HttpRequest, row: PendingSignature) -> bytes:
    """The value of the signature out of a form field or an uploaded response file."""
    text = request.POST.get("signature", "")
    upload = request.FILES.get("response")
    if upload is not None:
        text = _from_file(upload.read(RESPONSE_LIMIT + 1), row)
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if not value:
        raise Refused.because("documents.signing.response_unreadable", field="response")
    return value


def _from_file(content: bytes, row: PendingSignature) -> str:
    try:
        answer = json.loads(content) if len(content) <= RESPONSE_LIMIT else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or answer.get("format") != RESPONSE_FORMAT:
        raise Refused.because("documents.signing.response_unreadable", field="response")
    if answer.get("request_sha256") != canonical.digest(row.request).hex():
        raise Refused.because("documents.signing.response_other", field="response")
    return str(answer.get("signature", ""))


def _refused(
    request: HttpRequest,
    document: Document,
    refused: Refused,
    pending: PendingSignature | None = None,
) -> HttpResponse:
    reasons = in_words(refused.refusals)
    if _wants_json(request):
        return JsonResponse({"refusals": [vars(one) for one in reasons]}, status=refused.status)
    if pending is not None and pending.finished_at is not None:
        pending = None
    return _page(request, document, pending=pending, reasons=reasons, status=refused.status)


def _page(
    request: HttpRequest,
    document: Document,
    *,
    pending: PendingSignature | None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    form = forms.get(document.form)
    choices, why_not = _choices(request, document)
    page = {
        "title": _("签署：%(title)s") % {"title": document.title},
        "document": document,
        "subject": issuing.subject_of(document),
        "slots": [
            {"slot": slot, "label": form.label(slot.role)} for slot in document.signatures.all()
        ],
        "choices": choices,
        "why_not": why_not if not choices else (),
        "pending": pending,
        "role": form.label(pending.signature.role) if pending else "",
        **context,
    }
    return render(request, "kernel/documents/pages/sign.html", {"page": page}, status=status)


def _choices(request: HttpRequest, document: Document) -> tuple[list[dict[str, Any]], Any]:
    """The certificates this person may sign with, each with its role; else why there is none."""
    at, person = clock.now(), cast(int, person_of(request))
    choices: list[dict[str, Any]] = []
    reasons: list[Refused] = [NotPermitted.because("documents.signing.not_a_signer")]
    form = forms.get(document.form)
    for organisation in {m.organisation_id for m in live_memberships(person)}:
        try:
            slot = ceremony.slot_for(document, person, organisation, at)
        except Refused as no:
            reasons.append(no)
            continue
        reasons.append(Refused.because("documents.signing.no_certificate"))
        choices += [
            {"certificate": one, "organisation": slot.organisation, "label": form.label(slot.role)}
            for one in ceremony.certificates_of(person, organisation, at)
        ]
    # That somebody is no signer for one organisation says nothing if they sign for another.
    telling = [one for one in reasons if not isinstance(one, NotPermitted)]
    return choices, in_words((telling or reasons)[-1].refusals)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
