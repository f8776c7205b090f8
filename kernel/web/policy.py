"""The Content-Security-Policy of every answer, written once and not once per answer."""

from __future__ import annotations

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kernel.web.middleware import GetResponse


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, with the text of the settings' policy at hand.

    What a view changes for itself, and a nonce, are still django-csp's own affair.
    """

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._policy = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Set the header, unless the view set it."""
        changed = any(name.startswith("_csp_") for name in vars(response))
        if changed or settings.DEBUG or getattr(request, "_csp_nonce", None) is not None:
            return super().process_response(request, response)
        if HEADER not in response:
            response[HEADER] = self._policy
        return response
