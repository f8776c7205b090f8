"""The second door: the supervisor's counter takes in the file that a bidder brings on a stick.

The same protocol, checks and receipts as at the bidder's own page. The counter names the bidder,
can neither open nor sign the file, and sees of all bids only what its own person took in.
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access.actors import Actor
from kernel.errors import NotFound, Refusal
from kernel.parties.models import Organisation
from kernel.web.acting import actor_of, moment
from kernel.web.refusals import in_words
from procurement.bids import answers, bringing, lots, readings, tus, upload_views, uploads
from procurement.bids.machines import SUPERSEDED
from procurement.bids.models import OpeningPolicy, ResumableUpload
from procurement.bids.views import UploadForm


class CounterForm(UploadForm):
    """A bid that was brought."""

    def __init__(self) -> None:
        super().__init__()
        self.fields["file"].help_text = _(
            "由投标人在自己的机器上封装、签名；平台不持有可打开它的密钥"
        )


@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """The lots whose supervisor this is, and the way to one of them for a named bidder."""
    actor = actor_of(request)
    number, uscc = (request.GET.get(name, "").strip() for name in ("lot", "bidder"))
    unknown = ""
    if number or uscc:
        unknown = _unknown(number, uscc, actor)
        if not unknown:
            return redirect("procurement:bids-counter-lot", number, uscc)
    standing = OpeningPolicy.objects.filter(
        supervisor_uscc=actor.uscc or "-", deadline_at__gte=moment(request)
    ).exclude(state=SUPERSEDED)
    context = {
        "lots": standing.order_by("deadline_at", "pk")[:200],
        "number": number,
        "bidder": uscc,
        "unknown": unknown,
    }
    return render(request, "procurement/bids/counter.html", context)


def _unknown(number: str, uscc: str, actor: Actor) -> str:
    """Which of the two nobody takes a file in for: ``lot``, ``bidder`` or nothing."""
    policy = readings.in_force(number) if number.isprintable() else None
    if policy is None or policy.policy.supervisor.uscc != actor.uscc:
        return "lot"
    return "" if Organisation.objects.filter(uscc=uscc).exists() else "bidder"


@require_safe
def lot(request: HttpRequest, number: str, bidder: str) -> HttpResponse:
    """Where a bidder's file is taken in, and what came of the one that was."""
    actor = actor_of(request)
    uscc = bringing.whose(number, actor, bidder)
    found, policy = lots.find(number), readings.in_force(number)
    if found is None or policy is None:
        raise NotFound.because("procurement.bid.lot_unknown", lot=number[:80])
    row = None
    if ended := request.GET.get("upload", ""):
        row = _own(number, ended, actor, bidder)
    context = {
        "lot": found,
        "deadline": policy.policy.deadline,
        "bidder": uscc,
        "name": bringing.name_of(uscc, actor),
        "open": found.state == "published",
        "form": CounterForm(),
        "part_size": upload_views.PART_SIZE,
        "row": row,
        **(_outcome(row) if row else {}),
    }
    return render(request, "procurement/bids/counter_lot.html", context)


def _own(number: str, pending: str, actor: Actor, bidder: str) -> ResumableUpload | None:
    try:
        return uploads.find(number, pending, actor, bidder)
    except NotFound:
        return None


def _outcome(row: ResumableUpload) -> dict[str, object]:
    told: dict[str, object] = {"received": row.version}
    if row.reasons:
        told["refusals"] = in_words([Refusal(**reason) for reason in row.reasons])
        told |= upload_views.offered(row.refusal, bytes(row.refusal_p7s))
    return told


@require_http_methods(["POST", "OPTIONS"])
def begin(request: HttpRequest, number: str, bidder: str) -> HttpResponse:
    """Begin to take a file in."""
    if request.method == "OPTIONS":
        return tus.options()
    return tus.create(request, number, actor_of(request), _address, bidder)


@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, number: str, bidder: str, pending: str) -> HttpResponse:
    """One upload: look, add a part, give up."""
    does = {"GET": tus.status, "HEAD": tus.head, "PATCH": tus.part, "DELETE": tus.give_up}
    return does[request.method or "GET"](request, number, pending, actor_of(request), bidder)


@require_safe
def receipt(request: HttpRequest, number: str, bidder: str, pending: str) -> HttpResponse:
    """The receipt as the file that the bidder takes away, of what this person took in."""
    row = uploads.find(number, pending, actor_of(request), bidder)
    if row.version is None:
        raise NotFound.because("procurement.upload.unknown")
    kept = {name: answers.newest(row.version)[name] for name in ("receipt", "p7s")}
    response = HttpResponse(json.dumps(kept, ensure_ascii=False), content_type="application/json")
    name = f"{number}-{row.version.number}.receipt.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _address(row: ResumableUpload) -> str:
    return reverse(
        "procurement:bids-counter-upload", args=[row.lot_number, row.bidder_uscc, row.id.hex]
    )
