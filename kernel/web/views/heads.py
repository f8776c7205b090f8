"""The log's heads for everybody who watches it: files, proofs between them, cosignatures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kernel.errors import NotFound, Refused, catalogue
from kernel.evidence import cosignatures, formats, proofs, selectors
from kernel.evidence.models import TreeHead
from kernel.sealing import canonical

PAGE = 50


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Signed heads, newest first; ``next`` is the address of the page behind."""
    rows, more = page_of(request)
    value = {
        "format": formats.HEADS_FORMAT,
        "heads": [proofs.head_file(row) for row in rows],
        "next": f"?before={more}" if more else "",
    }
    return _json(value)


def page_of(request: HttpRequest) -> tuple[list[TreeHead], int]:
    """The heads that an address asks for, and before which row the next page goes on; 0 at the end.

    An address that makes no sense asks for the newest.
    """
    before = request.GET.get("before", "")
    rows = TreeHead.objects.order_by("-pk").prefetch_related("tokens")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


@require_safe
def newest(_request: HttpRequest) -> HttpResponse:
    """The newest head."""
    return _head(selectors.head(), 0)


@require_safe
def of_size(_request: HttpRequest, size: int) -> HttpResponse:
    """The newest head over exactly so many entries."""
    rows = TreeHead.objects.filter(size=size) if size < 2**63 else TreeHead.objects.none()
    return _head(rows.order_by("-pk").first(), size)


@require_safe
def covering(_request: HttpRequest, size: int) -> HttpResponse:
    """The head over at least so many entries that most witnesses signed."""
    return _head(cosignatures.covering(size) if size < 2**63 else None, size)


@require_safe
def consistency(_request: HttpRequest, first: int, second: int) -> HttpResponse:
    """The proof that the tree of one size begins with that of another, up to the newest head.

    Of what no head covers yet nobody learns here how much there is.
    """
    newest = selectors.head()
    entries = newest.size if newest is not None else 0
    if second >= 2**63:
        raise NotFound.because("evidence.head.unknown", size=second)
    if not 0 < first <= second <= entries:
        raise Refused.because(
            "evidence.consistency.size", first=first, second=second, entries=entries
        )
    proof = proofs.prove_consistency(first, second)
    return _json(formats.consistency(first, second, proof))


@csrf_exempt  # a program's post; the witness's signature says who it is, no session does
@require_POST
def cosign(request: HttpRequest) -> HttpResponse:
    """Take in a witness's signature over a head: canonical JSON, as the witness program sends it.

    ``{"format":"zhuxin-cosignature/1","size","root","at","witness","signature"}``
    """
    try:
        made = cosignatures.receive(**cosignatures.parse(request.read(cosignatures.MOST + 1)))
    except Refused as refused:
        told = [{"code": r.code, "message": catalogue.message(r)} for r in refused.refusals]
        return JsonResponse({"refusals": told}, status=refused.status)
    return JsonResponse({"size": made.head.size, "witness": made.witness.key_id}, status=201)


def _head(head: TreeHead | None, size: int) -> HttpResponse:
    if head is None:
        raise NotFound.because("evidence.head.unknown", size=size)
    return _json(proofs.head_file(head))


def _json(value: dict[str, Any]) -> HttpResponse:
    # Canonical, byte for byte: the offline verifier takes no other spelling.
    return HttpResponse(canonical.encode(value), content_type="application/json")
