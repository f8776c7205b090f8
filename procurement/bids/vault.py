"""Where sealed files lie until the opening: by the number of their upload, never by their content.

A file is written as it arrives, hashed on the way, flushed with its folder; deleted once nothing
may ever open it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from kernel.errors import Refused

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Written:
    """What arrived: SHA-256 (hex) and size in bytes."""

    sha256: str
    size: int


def _path(name: str) -> Path:
    return Path(settings.VAR_DIR) / "sealed" / name[:2] / name


def write(name: str, read: Callable[[int], bytes], limit: int, last: Callable[[], None]) -> Written:
    """Write a stream under a name, in constant memory. ``last`` is called at its last byte.

    Refused ``procurement.bid.too_large`` beyond the limit; nothing is kept then.
    """
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as target:
            while chunk := read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise Refused.because("procurement.bid.too_large", limit=limit)
                digest.update(chunk)
                target.write(chunk)
            last()
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return Written(digest.hexdigest(), size)


def open_file(name: str) -> BinaryIO:
    """The file, for reading."""
    return _path(name).open("rb")


def path_of(name: str) -> Path:
    """Where the file lies, for a process that reads it by itself."""
    return _path(name)


def exists(name: str) -> bool:
    """Whether it is there."""
    return bool(name) and _path(name).is_file()


def delete(name: str) -> None:
    """Take a file away for ever; one that is gone already is no fault."""
    if name:
        _path(name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
