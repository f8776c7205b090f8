"""Tokens with which systems act for an organisation in a role; only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.http import HttpRequest
from ninja.security import HttpBearer

from kernel import clock
from kernel.access.actors import Actor, from_membership
from kernel.parties.models import ApiToken, Membership

PREFIX = "zx_"


def issue(membership: Membership, *, name: str, expires_at: datetime) -> tuple[ApiToken, str]:
    """Make a token for a membership; the secret is returned once and never stored."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        sha256=_hash(secret),
        created_at=clock.technical_now(),
        expires_at=expires_at,
    )
    return token, secret


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of(secret: str) -> Actor | None:
    """Who a token acts for, or None where it is unknown, expired, revoked or its role ended."""
    token = (
        ApiToken.objects.filter(sha256=_hash(secret), revoked_at__isnull=True)
        .select_related("membership__person", "membership__organisation")
        .first()
    )
    if token is None or token.expires_at <= clock.technical_now():
        return None
    membership, today = token.membership, clock.today()
    if membership.valid_from > today or (membership.valid_to and membership.valid_to < today):
        return None
    return from_membership(membership)


class TokenAuth(HttpBearer):
    """``Authorization: Bearer zx_…``; a browser's cookie opens no door of the API."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, as ``request.auth``."""
        return actor_of(token)
