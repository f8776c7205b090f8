"""The access table at the door of every page, and refusals as pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kernel.access.table import TABLE
from kernel.errors import NotFound, NotPermitted, Refusal, Refused
from kernel.web.acting import acting
from kernel.web.refusals import in_words
from kernel.web.viewmodels import RefusedPage

GetResponse = Callable[[HttpRequest], HttpResponse]
# The API authenticates and authorises by itself, with the same table; see kernel.api.
API_PREFIX = "/api/"
# All that can be done with a password that an administrator knows.
WITH_TEMPORARY_PASSWORD = frozenset(
    {"account_change_password", "account_reauthenticate", "account_logout", "web:keep-alive"}
)


class AccessMiddleware:
    """Lets nobody past a URL that the access table does not open to them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request a name for logs, and go on."""
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Look the URL up before its view runs."""
        match = request.resolver_match
        name = match.view_name if match else ""
        audience = TABLE.page(name)
        if audience is None or (audience.sandbox and not settings.SANDBOX):
            raise Http404
        if audience.public or request.path.startswith(API_PREFIX):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(_page_of(request))
        if request.user.password_is_temporary and name not in WITH_TEMPORARY_PASSWORD:
            return redirect("account_change_password")
        if audience.signed_in:
            return None
        current = acting(request).current
        if not audience.admits(
            current.role if current else None, signed_in=True, sandbox=settings.SANDBOX
        ):
            return refused_page(
                request, NotPermitted(Refusal("access.page.not_permitted", {"page": name}))
            )
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no view turned into something better becomes a page of reasons."""
        if isinstance(exception, NotFound):
            raise Http404 from exception
        if isinstance(exception, Refused):
            return refused_page(request, exception)
        return None


def _page_of(request: HttpRequest) -> str:
    """Where to go on after a log-in: the page asked for, or the one that a form stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return reverse("web:desk")
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def refused_page(
    request: HttpRequest, refused: Refused, page: RefusedPage | None = None
) -> HttpResponse:
    """Every reason of a refusal, with its status."""
    from django.utils.translation import gettext as _

    heading = _("您无权使用这一页") if isinstance(refused, NotPermitted) else _("无法办理")
    shown = page or RefusedPage("", in_words(refused.refusals), heading)
    return render(request, "kernel/web/refused.html", {"page": shown}, status=refused.status)
