"""What production asks of a new opening policy, and of the machine that it relies on.

A sandbox plays with one authority of its own, small files and one disk. Asked when a policy is
drawn up only: one that was signed stays as it is, and its extension with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from kernel.errors import Refusal, Unavailable
from kernel.evidence import authorities
from kernel.web import readiness
from procurement.bids import keeper, named_programs
from procurement.bids.rules.common import ARTICLE_PLATFORM

# Authorities of which one may fall silent, and bytes to which every envelope is filled up.
AUTHORITIES, PADDING = 2, 2**20
OK = "ok"


def faults(payload: Any) -> Iterator[Refusal]:
    """Why production does not draw up such a policy: every reason; none in a sandbox.

    ``procurement.policy.authorities`` (too few that stamp), ``.padding`` (sizes would tell
    prices), ``.programs`` (none whose hash bidders could compare).
    """
    if settings.SANDBOX:
        return
    if (found := _authorities()) < AUTHORITIES:
        yield _fault("authorities", found=found, wanted=AUTHORITIES)
    if payload.padding_minimum < PADDING:
        yield _fault("padding", found=payload.padding_minimum, wanted=PADDING)
    if not named_programs.of_now():
        yield _fault("programs")


def authorities_state() -> str:
    """``ok``, or how many time-stamp authorities there are of how many: for ``/readyz``."""
    if settings.SANDBOX:
        return OK
    found = _authorities()
    return OK if found >= AUTHORITIES else f"{found} of {AUTHORITIES}"


def keeper_state() -> str:
    """``ok``, or that the copies lie on the disk of what they are copies of: for ``/readyz``."""
    storage = keeper.storage()
    if settings.SANDBOX or not isinstance(storage, FileSystemStorage):
        return OK
    same = _device(Path(storage.location)) == _device(Path(settings.VAR_DIR))
    return "same device" if same else OK


def _authorities() -> int:
    try:
        return len(set(authorities.names()))
    except Unavailable:
        return 0


def _device(path: Path) -> int:
    """The device that a folder is on, or will be on once it is made."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.stat().st_dev


def _fault(what: str, **facts: Any) -> Refusal:
    return Refusal(f"procurement.policy.{what}", facts, ARTICLE_PLATFORM)


readiness.watch("timestamp_authorities", authorities_state)
readiness.watch("second_keeper", keeper_state)
