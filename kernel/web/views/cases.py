"""The case page of any machine, and the showing of what is masked."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound, NotPermitted, Refused
from kernel.evidence import services as evidence
from kernel.web import case_files
from kernel.web.acting import actor_of, moment
from kernel.web.case_pages import case_page, case_url
from kernel.web.presenters import presenter_of
from kernel.workflow import judge, selectors, texts
from kernel.workflow.models import Case

REASON_MIN, REASON_MAX = 4, 200


def case(request: HttpRequest, machine: str, pk: int) -> HttpResponse:
    """A case's whole life, for those whom the access table lets read it."""
    found = readable_case(request, machine, pk)
    page = case_page(found, actor_of(request), moment(request), _before(request))
    return render(request, "kernel/web/case.html", {"page": page})


def _before(request: HttpRequest) -> int | None:
    """Before which refused attempt the address asks; whatever is no number asks for the newest."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def readable_case(request: HttpRequest, machine: str, pk: int) -> Case:
    """A case that the actor may read. Raises NotFound or NotPermitted."""
    found = selectors.get_case(machine, pk)
    if found is None:
        raise NotFound.because("workflow.case.unknown", machine=machine, pk=pk)
    if not judge.readable(found.machine, found, actor_of(request)):
        raise NotPermitted.because("access.page.not_permitted", page=f"{machine}:{pk}")
    return found


@require_POST
def unmask(request: HttpRequest, machine: str, pk: int, field: str) -> HttpResponse:
    """Show a masked value to somebody who says why; the reason goes into the log."""
    found = readable_case(request, machine, pk)
    value = presenter_of(found.machine).masked(found, field)
    if value is None:
        raise NotFound.because("web.field.unknown", field=field)
    reason = request.POST.get("reason", "").strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX or not texts.is_fit(reason):
        raise Refused.because("web.unmask.reason_missing", shortest=REASON_MIN)
    actor = actor_of(request)
    with transaction.atomic():
        evidence.append(
            kind="web.unmasked",
            case=found.case_ref,
            at=clock.now(),
            body={
                "field": field,
                "reason": reason,
                "organisation": actor.uscc,
                "person": actor.person_id,
                "role": actor.role,
            },
            public=False,
        )
    if request.headers.get("HX-Request"):
        return render(request, "kernel/web/components/unmasked.html", {"value": value})
    return render(
        request,
        "kernel/web/unmasked.html",
        {"value": value, "case_url": case_url(found)},
    )


def file(request: HttpRequest, machine: str, pk: int, sha256: str) -> HttpResponseBase:
    """A file that a case names, for those who may read the case."""
    found = readable_case(request, machine, pk)
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None or not case_files.names(found, sha256):
        raise NotFound.because("documents.file.missing", sha256=sha256[:64])
    response = FileResponse(storage.open_verified(stored), content_type=stored.media_type)
    response["Content-Disposition"] = f'inline; filename="{sha256[:12]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def public_case(_request: HttpRequest, machine: str, pk: int) -> HttpResponse:
    """Send everybody to a case's public page, if it has one."""
    found = selectors.get_case(machine, pk)
    shown = presenter_of(found.machine) if found else None
    # What everybody may know of need not have a page of its own (an announced plan has none).
    address = shown.public_url(found) if found and shown and shown.is_public(found) else ""
    if not address:
        raise NotFound.because("workflow.case.unknown", machine=machine, pk=pk)
    return redirect(address)
