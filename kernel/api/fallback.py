"""What Django itself answers: the API's one shape under /api/, our error pages elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from kernel.api.errors import body
from kernel.errors import Refusal

PREFIX = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    if request.path.startswith(PREFIX):
        return JsonResponse(body(request, [Refusal("api.page.not_found")]), status=404)
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django could not take."""
    if request.path.startswith(PREFIX):
        return JsonResponse(body(request, [Refusal("api.request.malformed")]), status=400)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest, *_args: Any) -> HttpResponse:
    """A fault of ours; the log has it under the request's id."""
    if request.path.startswith(PREFIX):
        return JsonResponse(body(request, [Refusal("api.server.fault")]), status=500)
    return defaults.server_error(request)
