"""The programs that policies name, kept: a later release serves others, a lot stays with its own.

Kept where all files are, by name and hash, when a policy's text is made. Whoever takes one from a
lot's policy gets the bytes that were signed for, and what no longer has its hash is not served.
"""

from __future__ import annotations

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kernel.sealing.bids.policy import Program
from procurement.bidder import programs
from procurement.bids import tool

_LOG = logging.getLogger(__name__)


def of_now() -> tuple[Program, ...]:
    """What parties of a new policy may use: the pages, the command line, its libraries' list."""
    return tuple(
        Program(name, hashlib.sha256(content).hexdigest()) for name, content in _current().items()
    )


def keep() -> None:
    """Keep the programs of this release; slow, no transaction.

    One that cannot be kept can still be built from the sources: no policy waits for it.
    """
    for name, content in _current().items():
        path = _path(name, hashlib.sha256(content).hexdigest())
        try:
            if not default_storage.exists(path):
                default_storage.save(path, ContentFile(content))
        except Exception:
            _LOG.exception("program %s of this release is not kept", name)


def content(name: str, sha256: str) -> bytes | None:
    """A program by its name and hash (hex), of this release or of one before; None elsewhere."""
    now = _current().get(name)
    if now is None:
        return None
    if hashlib.sha256(now).hexdigest() == sha256:
        return now
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        return None
    path = _path(name, sha256)
    if not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        found: bytes = file.read()
    return found if hashlib.sha256(found).hexdigest() == sha256 else None


def _current() -> dict[str, bytes]:
    made = {name: programs.program(name).content for name in programs.NAMES}
    return made | {each.name: each.content for each in tool.files()}


def _path(name: str, sha256: str) -> str:
    return f"programs/{sha256}/{name}"
