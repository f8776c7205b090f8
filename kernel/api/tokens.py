"""Tokens with which systems act for an organisation in a role; only their hash is kept."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from kernel import clock
from kernel.access.actors import Actor
from kernel.parties.models import ApiToken
from kernel.parties.tokens import hash_of, issue, used
from kernel.queries import Prepared

__all__ = ["TokenAuth", "actor_of", "issue"]

_token = Prepared(
    lambda slots: (
        ApiToken.objects.order_by()
        .filter(sha256=slots.text(0), revoked_at__isnull=True)
        .exclude(membership__person__user__is_active=False)
        .values_list(
            "expires_at",
            "pk",
            "last_used_at",
            "membership__person_id",
            "membership__organisation_id",
            "membership__role",
            "membership__person__name",
            "membership__organisation__name",
            "membership__organisation__uscc",
            "membership__organisation__region",
            "membership__organisation__authority",
        )
    )
)


def actor_of(secret: str) -> Actor | None:
    """Who a token acts for, or None where it is unknown, expired or revoked.

    Whether the membership is in force on the legal day is asked where it acts or reads.
    """
    rows = _token.rows(hash_of(secret))
    now = clock.technical_now()
    if not rows or rows[0][0] <= now:
        return None
    _until, token_id, last, *whose = rows[0]
    used(token_id, last, now)
    return Actor(*whose)


class TokenAuth(HttpBearer):
    """``Authorization: Bearer zx_…``; a browser's cookie opens no door of the API."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        """As ninja's own, which puts all headers of a request into a mapping to read one."""
        scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return self.authenticate(request, token) if scheme.lower() == "bearer" else None

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, as ``request.auth``."""
        return actor_of(token)
