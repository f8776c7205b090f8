"""The two programs for a browser, each one file: served, published by hash, kept on disks.

Built by ``procurement/bidder/web/build.mjs``; ``manifest.toml`` says of what.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAMES = ("seal.html", "open.html")

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


@dataclass(frozen=True)
class File:
    """A program: its name, its bytes, their SHA-256 (hex), and the policy that stands in it."""

    name: str
    content: bytes
    sha256: str
    policy: str


@cache
def program(name: str) -> File:
    """A program by its file name; KeyError for one that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    content = (Path(__file__).parent / name).read_bytes()
    found = _POLICY.search(content)
    if found is None:
        raise ValueError(f"{name} has no policy in it")
    return File(name, content, hashlib.sha256(content).hexdigest(), found[1].decode("ascii"))
