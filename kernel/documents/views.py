"""The public check of a document, by code, number or copy; and its file for who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.access.actors import live_memberships
from kernel.access.table import TABLE
from kernel.documents import codes, forms, numbers, selectors, storage, uploads
from kernel.documents.models import Document
from kernel.errors import Refusal, Refused, catalogue
from kernel.regulation.citing import told

# Answers to "is my copy the issued one?".
SAME, EARLIER, OTHER, UNKNOWN = "same", "earlier", "other", "unknown"


@dataclass(frozen=True)
class Reason:
    """A refusal in words, as the ``refusals`` component shows it."""

    code: str
    message: str
    article: str
    cure: str
    field: str


def in_words(refusals: tuple[Refusal, ...]) -> tuple[Reason, ...]:
    """Refusals in the active language."""
    return tuple(
        Reason(one.code, catalogue.message(one), told(one.article), catalogue.cure(one), one.field)
        for one in refusals
    )


@csrf_exempt  # changes nothing, and the body must not be read before its handler is set
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a code, a number or a copy, and lead to the document."""
    if request.method == "POST":
        return _identify(request)
    text = (request.GET.get("number") or request.GET.get("code") or "").strip()
    if not text:
        return _check_page(request)
    if document := selectors.by_check_code(text):
        return redirect(_address(document))
    return _by_number(request, text)


def _by_number(request: HttpRequest, text: str) -> HttpResponse:
    """The one answer to a number, however it was asked for."""
    closed = selectors.by_number(text, public=False)
    mine = organisations_of(request) if closed else set()
    found = selectors.by_number(text)
    person = person_of(request)
    found += [document for document in closed if selectors.may_read(document, mine, person)]
    if len(found) == 1:
        return redirect(_address(found[0]))
    if found:
        return _check_page(request, text=text, found=found)
    if any(not forms.get(document.form).hidden for document in closed):
        return _check_page(request, text=text, closed=True)
    if numbered := numbers.find(request, text):
        return _check_page(request, text=text, numbered=numbered)
    missing = Refusal("documents.check.not_found", {"text": text[:100]}, field="number")
    return _check_page(
        request, text=text, reasons=in_words((missing,)), status=HTTPStatus.NOT_FOUND
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the platform knows of a document; a copy posted here is compared with the issued one."""
    document = selectors.by_check_code(code)
    if document is None:
        return _by_number(request, code)
    if request.method != "POST":
        if code != codes.grouped(document.check_code):
            return redirect(_address(document))
        return _document_page(request, document)
    try:
        sha256 = uploads.sha256_of(request, "copy")
    except Refused as refused:
        return _document_page(request, document, reasons=in_words(refused.refusals))
    return _document_page(request, document, copy=_compare(document, sha256), copy_sha256=sha256)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The newest file of a document. Whoever may not read it learns nothing of it."""
    document = Document.objects.filter(pk=pk).first()
    stored = document.current_file if document else None
    if document is None or stored is None:
        raise Http404
    if not may_read(request, document):
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path())
    response = FileResponse(storage.open_verified(stored), content_type=stored.media_type)
    name = quote(f"{document.title}-{document.number}.pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response["Content-Length"] = str(stored.size)
    response["ETag"] = f'"{stored.sha256}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def person_of(request: HttpRequest) -> int | None:
    """The primary key of the person who is logged in."""
    user = request.user
    return user.person_id if user.is_authenticated else None


def organisations_of(request: HttpRequest) -> set[int]:
    """The organisations whose papers the person logged in reads, acting for them now."""
    person = person_of(request)
    if person is None:
        return set()
    held = live_memberships(person)
    return {row.organisation_id for row in held if TABLE.reads_papers(row.role)}


def may_read(request: HttpRequest, document: Document) -> bool:
    """Whether whoever is there may open a document's file."""
    return selectors.may_read(document, organisations_of(request), person_of(request))


def _identify(request: HttpRequest) -> HttpResponse:
    """Find the document that an uploaded copy is."""
    try:
        sha256 = uploads.sha256_of(request, "copy")
    except Refused as refused:
        return _check_page(request, reasons=in_words(refused.refusals), status=refused.status)
    document = selectors.by_file(sha256)
    if document is None:
        return _check_page(request, copy=UNKNOWN, copy_sha256=sha256)
    return _document_page(request, document, copy=SAME, copy_sha256=sha256)


def _compare(document: Document, sha256: str) -> str:
    issued = document.signed_file.sha256 if document.issued_at and document.signed_file else ""
    if sha256 == issued:
        return SAME
    earlier = {document.draft_file.sha256} if document.draft_file else set()
    earlier |= {given.file.sha256 for given in document.signatures.all() if given.file}
    if sha256 in earlier:
        return EARLIER
    return OTHER


def _address(document: Document) -> str:
    return reverse("documents:check-code", args=[codes.grouped(document.check_code)])


def _check_page(
    request: HttpRequest, *, status: int = HTTPStatus.OK, **context: Any
) -> HttpResponse:
    page = {"title": _("文件核验"), "limit": uploads.LIMIT, **context}
    return render(request, "kernel/documents/pages/check.html", {"page": page}, status=status)


def _document_page(request: HttpRequest, document: Document, **context: Any) -> HttpResponse:
    form = forms.get(document.form)
    reports = selectors.reports(document, clock.now())
    page = {
        "title": _("文件核验：%(title)s") % {"title": document.title},
        "document": document,
        "sealed": not form.signers,
        "doubtful": [
            source
            for source in (forms.Source(**mark) for mark in document.marks)
            if source.must_be_marked
        ],
        "signatures": [
            {"report": report, "faults": in_words(tuple(map(Refusal, report.errors)))}
            for report in reports
        ],
        "waiting": [
            {"label": form.label(slot.role), "organisation": slot.organisation}
            for slot in document.signatures.all()
            if not slot.is_given
        ],
        "may_read": may_read(request, document),
        "entries": selectors.evidence_of(document),
        "limit": uploads.LIMIT,
        **context,
    }
    return render(request, "kernel/documents/pages/check_code.html", {"page": page})
