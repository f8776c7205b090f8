"""Whom this room believes, and with what it signs itself.

What documents trust (:mod:`kernel.documents.trust`) counts here too: the anchors and lists are read
again when they change, and what was verified under the same ones is remembered.
"""

from __future__ import annotations

import functools
import time
from datetime import datetime, timedelta

from django.conf import settings

from kernel.documents import platform
from kernel.documents import trust as documents
from kernel.documents.platform import identity, operator, signed, signed_text
from kernel.errors import Unavailable
from kernel.sealing.bids import bundles
from kernel.sealing.certificates import load
from kernel.sealing.trust import Anchors

# What the platform signs for this room, it signs as everywhere.
__all__ = ["forget", "identity", "operator", "raw", "signed", "signed_text", "trust"]

# How long what was read from files may be a moment old, in real seconds.
_FRESH = 2.0


def trust(at: datetime) -> bundles.Trust:
    """Whom to believe at a legal moment."""
    return _trust(*_read(at))


def raw(at: datetime) -> documents.Trust:
    """The same as files."""
    return documents.Trust(*_read(at))


_last: tuple[float, datetime, tuple[tuple[bytes, ...], ...]] | None = None


def _read(at: datetime) -> tuple[tuple[bytes, ...], ...]:
    global _last
    now = time.monotonic()
    if _last is not None and now - _last[0] < _FRESH and abs(at - _last[1]) < timedelta(hours=1):
        return _last[2]
    found = documents.current()
    files = (found.anchors, found.issuers, found.crls)
    _last = (now, at, files)
    return files


@functools.lru_cache(maxsize=8)
def _trust(
    anchors: tuple[bytes, ...], issuers: tuple[bytes, ...], crls: tuple[bytes, ...]
) -> bundles.Trust:
    if not anchors:
        raise Unavailable.because("procurement.bid.no_anchors")
    lists = documents.Trust((), (), crls).lists()
    roots = Anchors.load(b"\n".join(anchors), demonstration=settings.SANDBOX)
    return bundles.Trust(roots, tuple(lists), tuple(map(load, issuers)))


def forget() -> None:
    """Read everything anew at the next question (a new authority, another folder)."""
    global _last
    _last = None
    platform.forget()
    _trust.cache_clear()
