"""The command line that bidders and trustees take away, and the list of libraries that it needs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kernel import offline
from procurement import bidder

PROGRAM, LIBRARIES = "zhuxin.pyz", "bidder.txt"
_ROOM = Path(bidder.__file__).parent
_ROOT = _ROOM.parents[1]
# What builds the programs for a browser, and is of no use to who runs one.
_LEFT_OUT = ("program_words.py",)


@dataclass(frozen=True)
class File:
    """What is taken away: its name, its bytes, their SHA-256 (hex)."""

    name: str
    content: bytes
    sha256: str


def carry() -> None:
    """Add the tool to the one file that people take away: ``python zhuxin.pyz bidder …``."""
    own = [path for path in sorted(_ROOM.glob("*.py")) if path.name not in _LEFT_OUT]
    programs = [_ROOM / "programs" / name for name in ("__init__.py", "manifest.toml")]
    package = _ROOM.parent / "__init__.py"
    offline.carry("bidder", "procurement.bidder.main", [package, *own, *programs])


def files() -> tuple[File, ...]:
    """The program, and its libraries with their hashes as pip reads them."""
    return _file(PROGRAM, offline.program()), _libraries()


def file(name: str) -> File:
    """One of the two by its name; KeyError for another."""
    return {each.name: each for each in files()}[name]


@cache
def _libraries() -> File:
    return _file(LIBRARIES, (_ROOT / "requirements" / LIBRARIES).read_bytes())


@cache
def _file(name: str, content: bytes) -> File:
    return File(name, content, hashlib.sha256(content).hexdigest())
