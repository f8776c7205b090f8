"""The command line that bidders and trustees take away, and the list of libraries that it needs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from kernel import offline
from procurement.bidder.takeaway import LIBRARIES, LIBRARIES_FILE, PROGRAM

__all__ = ["LIBRARIES", "PROGRAM", "File", "file", "files"]


@dataclass(frozen=True)
class File:
    """What is taken away: its name, its bytes, their SHA-256 (hex)."""

    name: str
    content: bytes
    sha256: str


def files() -> tuple[File, ...]:
    """The program, and its libraries with their hashes as pip reads them."""
    return _file(PROGRAM, offline.program()), _libraries()


def file(name: str) -> File:
    """One of the two by its name; KeyError for another."""
    return {each.name: each for each in files()}[name]


@cache
def _libraries() -> File:
    return _file(LIBRARIES, LIBRARIES_FILE.read_bytes())


@cache
def _file(name: str, content: bytes) -> File:
    return File(name, content, hashlib.sha256(content).hexdigest())
