"""Where sealed files lie until the opening: by the number of their upload, never by their content.

A file is written as it arrives, whole and hashed on the way or part by part, flushed with its
folder; deleted once nothing may ever open it.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    return _at(settings.VAR_DIR, name)


# Every receipt asks for its own file several times, and a path is dear to make.
@functools.lru_cache(maxsize=64)
def _at(var: Path, name: str) -> Path:
    return Path(f"{var}/sealed/{name[:2]}/{name}")


def write(name: str, read: Callable[[int], bytes], limit: int, last: Callable[[], None]) -> Written:
    """Write a stream under a name, in constant memory. ``last`` is called at its last byte.

    Refused ``procurement.bid.too_large`` beyond the limit; nothing is kept then.
    """
    path = _path(name)
    digest, size = hashlib.sha256(), 0
    target = _new(path)  # what was there before is another's, and stays
    try:
        with target:
            while chunk := read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise Refused.because("procurement.bid.too_large", limit=limit)
                digest.update(chunk)
                target.write(chunk)
            last()
            arrived(name)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return Written(digest.hexdigest(), size)


def _new(path: Path) -> BinaryIO:
    """A file that was not there, open for writing; its folder is made if need be."""
    try:
        return path.open("xb")
    except FileNotFoundError:
        _make_folder(path)
        return path.open("xb")


def _make_folder(path: Path) -> None:
    """Make the folder of a file, and with it all the others that there will ever be."""
    sealed = path.parent.parent
    for folder in (path.parent, *(sealed / f"{number:02x}" for number in range(256))):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for above in path.parents[1:3]:  # new folders' own names must last as long as the file
        _sync(above)


def open_file(name: str) -> BinaryIO:
    """The file, for reading."""
    return _path(name).open("rb")


def path_of(name: str) -> Path:
    """Where the file lies, for a process that reads it by itself."""
    return _path(name)


class Source:
    """A file that is read once, in order, and the SHA-256 of all of it, where it is not known."""

    def __init__(self, file: BinaryIO, known: str = "") -> None:
        self._file, self._known = file, known
        self._digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end."""
        data = self._file.read(size)
        if not self._known:
            self._digest.update(data)
        return data

    def sha256(self) -> str:
        """Of the whole file, hex; what was not read yet is read for it."""
        while not self._known and self.read(CHUNK):
            pass
        return self._known or self._digest.hexdigest()


class Part:
    """A file that grows part by part, open for writing; the end of a ``with`` closes it.

    Several may be open on one file. Who writes holds :meth:`locked` and knows then that it may.
    """

    def __init__(self, name: str) -> None:
        path = _path(name)
        if not path.parent.is_dir():
            _make_folder(path)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._folder = path.parent

    def __enter__(self) -> Part:
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self._descriptor)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone on this file, among all processes that have it open."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def cut(self, size: int) -> int:
        """Forget what lies beyond so many bytes; how many are there then, perhaps fewer."""
        found = os.fstat(self._descriptor).st_size
        if found > size:
            os.ftruncate(self._descriptor, size)
        return min(found, size)

    def write(self, data: bytes, place: int) -> None:
        """Write bytes at a place; OSError where the disk takes no more."""
        left = memoryview(data)
        while left:
            written = os.pwrite(self._descriptor, left, place)
            left, place = left[written:], place + written

    def read(self, size: int, place: int) -> bytes:
        """At most so many bytes from a place on."""
        return os.pread(self._descriptor, size, place)

    def sync(self) -> None:
        """What was written stays written, whatever happens to the machine."""
        os.fsync(self._descriptor)
        _sync(self._folder)


def size_of(name: str) -> int:
    """Bytes of a file; none where it is not there."""
    try:
        return _path(name).stat().st_size
    except FileNotFoundError:
        return 0


def free() -> int:
    """Bytes that the disk of the sealed files has left."""
    return shutil.disk_usage(settings.VAR_DIR).free


# The mark is a bit of the file's own mode: a second file beside it, made and deleted for each
# receipt, is what ext4 looks for a place for the longest.
_PLAIN, _MARKED = 0o600, 0o700


def arrived(name: str) -> None:
    """The last byte of a file is here: until it is noted when it came, a closing waits."""
    with contextlib.suppress(FileNotFoundError):
        _path(name).chmod(_MARKED)


def came(name: str) -> bool:
    """Whether the last byte of a file is here, and nobody has noted yet when it came."""
    try:
        return stat.S_IMODE(_path(name).stat().st_mode) == _MARKED
    except FileNotFoundError:
        return False


def noted(name: str) -> None:
    """The time of the last byte is written down: a closing need not look here any more."""
    with contextlib.suppress(FileNotFoundError):
        _path(name).chmod(_PLAIN)


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
