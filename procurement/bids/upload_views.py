"""Uploads in parts from the bidder's page: the same protocol and services, for a log-in."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kernel.access.actors import Actor
from kernel.errors import NotFound, Refusal, Refused
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from procurement.bids import answers, tus
from procurement.bids import uploads as services
from procurement.bids.models import ResumableUpload
from procurement.bids.receipts import BidRefused

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
            told |= offered(row.refusal, bytes(row.refusal_p7s))
    return told


def signed(refused: Refused | None) -> dict[str, Any]:
    """The platform's signed words where a bid or a withdrawal was refused, for the page to offer.

    A file made of the page itself: nothing has to be asked for again.
    """
    return offered(refused.text, refused.p7s) if isinstance(refused, BidRefused) else {}


def offered(text: str, p7s: bytes) -> dict[str, Any]:
    """A signed refusal as a file for a page to offer; nothing where none was signed."""
    if not text:
        return {}
    kept = {"refusal": text, "p7s": answers.b64(p7s)}
    data = answers.b64(json.dumps(kept, ensure_ascii=False).encode())
    return {"signed": kept, "signed_file": f"data:application/json;base64,{data}"}


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
