"""Secrets of systems' tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from kernel import clock
from kernel.parties.models import ApiToken, Membership

PREFIX = "zx_"


def issue(membership: Membership, *, name: str, expires_at: datetime) -> tuple[ApiToken, str]:
    """Make a token for a membership; the secret is returned once and never stored."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        sha256=hash_of(secret),
        created_at=clock.technical_now(),
        expires_at=expires_at,
    )
    return token, secret


def hash_of(secret: str) -> str:
    """What is kept of a secret, 64 hex digits."""
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()
