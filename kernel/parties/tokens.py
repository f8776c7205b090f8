"""Secrets of systems' tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from kernel import clock
from kernel.parties.models import ApiToken, Membership

PREFIX = "zx_"
# How exactly the last use is kept: a write for every request of a system would tell nobody more.
USED_WITHIN = timedelta(hours=1)


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


def used(token_id: int, last: datetime | None, now: datetime) -> None:
    """Keep that a token was used, to the hour (technical time)."""
    if last is not None and now - last < USED_WITHIN:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USED_WITHIN)
    ApiToken.objects.filter(stale, pk=token_id).update(last_used_at=now)
