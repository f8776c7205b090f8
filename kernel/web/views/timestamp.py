"""The sandbox's time-stamp authority over HTTP (RFC 3161 §3.4), as one outside would answer."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel.documents import demo_stamps
from kernel.sealing.demo_tsa import QUERY, REPLY


@csrf_exempt  # no browser asks, and nothing is written
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """A token by the sandbox's clock. It proves nothing against whoever runs the sandbox."""
    if not settings.SANDBOX:
        raise Http404
    if request.content_type != QUERY:
        return HttpResponse(status=415)
    return HttpResponse(demo_stamps.respond(request.body), content_type=REPLY)
