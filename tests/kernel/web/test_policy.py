"""The Content-Security-Policy of answers: the settings' own, unless a view says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from csp.constants import NONCE
from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from kernel.web.policy import PolicyMiddleware

HEADER = "Content-Security-Policy"


def _plain(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _own(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={HEADER: "sandbox"})


@csp_replace({"img-src": ["https://example.org"]})
def _replaced(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_replace({"script-src": [NONCE]})
def _with_nonce(request: Any) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))


def _of(middleware: Any, view: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponse:
    found: HttpResponse = middleware(view)(RequestFactory().get("/"))
    return found


@pytest.mark.parametrize("view", [_plain, _own, _replaced])
def test_the_policy_is_what_django_csp_would_write(
    view: Callable[[HttpRequest], HttpResponse],
) -> None:
    wanted = _of(CSPMiddleware, view)[HEADER]
    assert wanted
    assert set(_of(PolicyMiddleware, view)[HEADER].split("; ")) == set(wanted.split("; "))


def test_a_view_that_asks_for_a_nonce_has_it_in_its_policy() -> None:
    answer = _of(PolicyMiddleware, _with_nonce)
    assert f"script-src 'nonce-{answer.content.decode()}'" in answer[HEADER]


def test_a_page_of_the_site_has_the_policy(client: Any) -> None:
    assert "default-src 'self'" in client.get("/healthz")[HEADER]
