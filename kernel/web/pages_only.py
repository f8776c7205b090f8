"""What only pages need: a session, who is logged in, messages from one page to the next.

No cookie opens a door of the API (:mod:`kernel.api.tokens`), so its requests pass all of it by.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from kernel.web.middleware import API_PREFIX


class _OfPages(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith(API_PREFIX):
            return self.get_response(request)
        return super().__call__(request)


class Sessions(_OfPages, SessionMiddleware):
    """Django's, for pages."""


class LogIn(_OfPages, AuthenticationMiddleware):
    """Django's, for pages."""


class Messages(_OfPages, MessageMiddleware):
    """Django's, for pages."""


class Language(LocaleMiddleware):
    """Django's, for addresses that never begin with a language: it looks for one twice."""

    def process_request(self, request: HttpRequest) -> None:
        """Speak the language that the request asks for, by its cookie or its header."""
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Say which one was spoken, and that it depends on the request."""
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
