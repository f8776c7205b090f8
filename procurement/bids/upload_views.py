"""Uploads in parts from the bidder's page: the same protocol and services, for a log-in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kernel.access.actors import Actor
from kernel.errors import NotFound, Refusal
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from procurement.bids import tus
from procurement.bids import uploads as services
from procurement.bids.models import ResumableUpload

# Larger files the page sends in parts, and the size of those; bytes.
PARTS_FROM, PART_SIZE = 8 * 1024 * 1024, 16 * 1024 * 1024


def shown(number: str, actor: Actor, ended: str) -> dict[str, Any]:
    """The bidder's uploads on a lot's page. ended: the one that it comes from, if any."""
    told: dict[str, Any] = {
        "parts_from": PARTS_FROM,
        "part_size": PART_SIZE,
        "unfinished": [
            {
                "number": row.id.hex,
                "name": row.name,
                "kept": services.offset_of(row),
                "length": row.length,
                "started_at": row.started_at,
            }
            for row in services.under_way(number, actor)
        ],
    }
    if ended:
        try:
            row = services.find(number, ended, actor)
        except NotFound:
            return told
        told["received"] = row.version
        if row.reasons:
            told["refusals"] = in_words([Refusal(**reason) for reason in row.reasons])
    return told


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
