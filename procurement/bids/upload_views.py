"""Uploads in parts from the bidder's page: the same protocol and services, for a log-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kernel.web.acting import actor_of
from procurement.bids import tus
from procurement.bids.models import ResumableUpload


def _address(row: ResumableUpload) -> str:
    return reverse("procurement:bids-one-upload", args=[row.lot_number, row.id.hex])


@require_http_methods(["POST", "OPTIONS"])
def uploads(request: HttpRequest, number: str) -> HttpResponse:
    """Begin an upload."""
    if request.method == "OPTIONS":
        return tus.options()
    return tus.create(request, number, actor_of(request), _address)


@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, number: str, pending: str) -> HttpResponse:
    """One upload: look, add a part, give up."""
    does = {"GET": tus.status, "HEAD": tus.head, "PATCH": tus.part, "DELETE": tus.give_up}
    return does[request.method or "GET"](request, number, pending, actor_of(request))
