"""One shape for everything that goes wrong, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kernel.errors import Refusal, Refused, catalogue
from kernel.regulation.citing import told

# No form has more fields; a body made of faults is not told fault by fault.
_MOST_REASONS, _FIELD_LENGTH = 50, 200


class Reason(Schema):
    """One reason why a request was refused."""

    code: str = Field(description="Stable, dotted, e.g. procurement.project.field_missing")
    message: str = Field(description="The reason in the language asked for")
    facts: dict[str, Any] = Field(description="What the reason rests on")
    article: str = Field(description="The article, in the language asked for; empty where none")
    cure: str = Field(description="What helps, empty where nothing does")
    field: str = Field(description="The field at fault, empty where none is")


class Refusals(Schema):
    """The body of every answer that is not 2xx."""

    refusals: list[Reason]
    request_id: str


def body(request: HttpRequest, refusals: Iterable[Refusal]) -> dict[str, Any]:
    """Refusals as the API says them: codes as they are, words in the language asked for."""
    return {
        "refusals": [
            {
                "code": r.code,
                "message": catalogue.message(r),
                "facts": dict(r.facts),
                "article": told(r.article),
                "cure": catalogue.cure(r),
                "field": r.field,
            }
            for r in refusals
        ],
        "request_id": getattr(request, "request_id", ""),
    }


def install(api: NinjaAPI) -> None:
    """Teach an API the one shape."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, exc: Refused) -> HttpResponse:
        return api.create_response(request, body(request, exc.refusals), status=exc.status)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
        reasons = [
            Refusal(
                "api.request.invalid",
                {"problem": str(e.get("type", "")), "detail": str(e.get("msg", ""))},
                "",
                ".".join(str(p) for p in e.get("loc", ()))[:_FIELD_LENGTH],
            )
            for e in exc.errors[:_MOST_REASONS]
        ]
        return api.create_response(request, body(request, reasons), status=422)

    @api.exception_handler(AuthenticationError)
    def nobody(request: HttpRequest, _exc: AuthenticationError) -> HttpResponse:
        response = api.create_response(
            request, body(request, [Refusal("api.token.invalid")]), status=401
        )
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(HttpError)
    def malformed(request: HttpRequest, exc: HttpError) -> HttpResponse:
        reason = Refusal("api.request.malformed", {"detail": str(exc)})
        return api.create_response(request, body(request, [reason]), status=exc.status_code)
