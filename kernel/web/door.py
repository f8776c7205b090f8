"""What no view should ever meet: bodies beyond all use, and bytes that no database keeps."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse

from kernel.errors import Refusal, Refused
from kernel.web.middleware import API_PREFIX, GetResponse, refused_page

# The greatest bodies that anything here has use for, in bytes: a form full of scans, the copy of a
# document that anybody may have checked, a registration as JSON.
BODY_MAX, PUBLIC_BODY_MAX, API_BODY_MAX = 192 * 1024**2, 64 * 1024**2, 512 * 1024

# As Django's add_never_cache_headers says it, in words that never change (RFC 9111, 5.3: a date
# that is none has passed).
_KEPT_BY_NOBODY = {
    "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    "Expires": "0",
}

_wider: dict[tuple[str, str], int] = {}


def widen(method: str, path: str, limit: int) -> None:
    """Let larger bodies pass to one address, whose view reads them as a stream.

    path: a regular expression for the whole path. limit: bytes; the view may hold a smaller one.
    """
    _wider[method, path] = limit


class RequestTooLarge(Refused):
    """The body is larger than anything that is sent here has to be."""

    status = 413


class DoorMiddleware:
    """Refuses before anything is read; what is not everybody's is kept by no cache.

    Stands behind the log-in (it asks who is there) and before every view: Django's form parser
    would write a body of any size to the disk, also a stranger's, to look for a CSRF token.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the request's head, and mark the answer."""
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL in the address")
        if (limit := _exceeded(request)) is not None:
            return _too_large(request, limit)
        response = self.get_response(request)
        if "Cache-Control" not in response and _is_private(request):
            for name, value in _KEPT_BY_NOBODY.items():
                response[name] = value
        return response


def _exceeded(request: HttpRequest) -> int | None:
    """The limit that the declared size of the body is beyond. (Of an undeclared one none is read.)

    The size is trusted: the server hands on no more than was declared.
    """
    declared = request.META.get("CONTENT_LENGTH") or "0"
    size = int(declared) if declared.isascii() and declared.isdigit() else 0
    if request.path.startswith(API_PREFIX):
        limit = API_BODY_MAX if size <= API_BODY_MAX else _limit(request, API_BODY_MAX)
    elif size > PUBLIC_BODY_MAX and request.user.is_authenticated:
        limit = BODY_MAX if size <= BODY_MAX else _limit(request, BODY_MAX)
    else:
        limit = PUBLIC_BODY_MAX
    return limit if size > limit else None


def _limit(request: HttpRequest, usual: int) -> int:
    for (method, path), limit in _wider.items():
        if request.method == method and re.fullmatch(path, request.path):
            return limit
    return usual


def _too_large(request: HttpRequest, limit: int) -> HttpResponse:
    reason = Refusal("web.request.too_large", {"kibibytes": limit // 1024})
    if not request.path.startswith(API_PREFIX):
        return refused_page(request, RequestTooLarge(reason))
    from kernel.api.errors import body

    told: dict[str, Any] = body(request, [reason])
    return JsonResponse(told, status=RequestTooLarge.status)


def _is_private(request: HttpRequest) -> bool:
    if request.path.startswith(API_PREFIX):
        return "HTTP_AUTHORIZATION" in request.META
    return request.user.is_authenticated
