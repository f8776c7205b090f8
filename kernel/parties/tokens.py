"""Secrets of systems' tokens: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import datetime, timedelta
from threading import Lock

from django.db.models import Q

from kernel import clock
from kernel.parties.models import ApiToken, Membership

PREFIX = "zx_"
# How exactly the last use is kept: a write for every request of a system would tell nobody more.
USED_WITHIN = timedelta(hours=1)
# Seconds (of the machine's own clock) after which a process writes down what it noted.
WRITTEN_EVERY = 60

_noting = Lock()
_noted: dict[int, datetime] = {}
_written = [float("-inf")]


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
    """Note that a token was used (technical time); written together with others, a minute apart.

    A write of its own would cost a commit for every system that calls for the first time, at the
    hour of a deadline for every bidder. What a server that is killed had noted is used again soon.
    """
    if last is not None and now - last < USED_WITHIN:
        return
    with _noting:
        _noted[token_id] = now
        due = time.monotonic() - _written[0] >= WRITTEN_EVERY
    if due:
        write_uses()


def write_uses() -> None:
    """Write down the uses noted by this process; within the hour one moment does for all."""
    with _noting:
        noted = dict(_noted)
        _noted.clear()
        _written[0] = time.monotonic()
    if noted:
        moment = max(noted.values())
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=moment - USED_WITHIN)
        ApiToken.objects.filter(stale, pk__in=list(noted)).update(last_used_at=moment)
