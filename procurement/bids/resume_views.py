"""What the platform has of a lot's bidder: the archive's page and files, a file for the sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel.errors import NotFound
from kernel.web.acting import actor_of, moment
from procurement.bids import commands, resume, sheet_facts
from procurement.bids.page_parts import server


@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """What the archive has of the bidder for this lot, to be looked at before it is taken."""
    found = resume.compose(number, actor_of(request).uscc, moment(request))
    context = {
        "resume": found,
        "facts": found["facts"],
        "number": number,
        "command": commands.archive(server(), number),
    }
    return render(request, "procurement/bids/archive.html", context)


@require_safe
def file(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One of the two files, for the qualification envelope's folder."""
    if name not in (resume.JSON_NAME, resume.PRINT_NAME):
        raise NotFound.because("procurement.bid.unknown", lot=number)
    found = resume.compose(number, actor_of(request).uscc, moment(request))
    if name == resume.JSON_NAME:
        response = HttpResponse(resume.as_json(found), content_type="application/json")
    else:
        response = HttpResponse(resume.as_page(found))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """What need not be typed into the opening sheet, for the sealing program."""
    found = sheet_facts.compose(number, actor_of(request).uscc, moment(request))
    response = HttpResponse(sheet_facts.as_json(found), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found["lot"]}.sheet.json"'
    response["Cache-Control"] = "no-store"
    return response
