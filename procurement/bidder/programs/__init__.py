"""The two programs for a browser, each one file: served, published by hash, kept on disks.

Built by ``procurement/bidder/web/build.mjs``; ``manifest.toml`` says of what.
"""

from __future__ import annotations

import hashlib
import pkgutil
import re
import tomllib
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
    return read(name, (Path(__file__).parent / name).read_bytes())


def read(name: str, content: bytes) -> File:
    """A program from its bytes, of whichever release; ValueError where no policy stands in it."""
    found = _POLICY.search(content)
    if found is None:
        raise ValueError(f"{name} has no policy in it")
    return File(name, content, hashlib.sha256(content).hexdigest(), found[1].decode("ascii"))


@cache
def published() -> dict[str, str]:
    """The SHA-256 of each program as this copy knows it, even where no program is beside it."""
    data = pkgutil.get_data(__name__, "manifest.toml") or b""
    rows = tomllib.loads(data.decode())["file"]
    return {row["file"]: row["sha256"] for row in rows if row["file"] in NAMES}
