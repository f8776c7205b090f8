"""ZIP files in one spelling only: stored, dated 1980, no ZIP64, descriptor, extra field or comment.

The reader knows what must come next, rebuilds every header from the content and compares: two
programs cannot see two things in such a file. Both ways stream in constant memory.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from kernel.errors import Refused

CHUNK = 1024 * 1024
# The sizes and places of a ZIP without ZIP64 have 32 bits, and all bits set means ZIP64.
MAX_SIZE = 2**32 - 2
MAX_ENTRIES = 2**16 - 2
MAX_NAME = 400

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# Version 2.0; 1 January 1980, 00:00.
_VERSION, _TIME, _DATE = 20, 0, 0x21
# Made on Unix, a plain file of mode 0644: else Info-ZIP takes UTF-8 names for an old code page.
_MADE_BY, _ATTRIBUTES = 3 << 8 | _VERSION, 0o100644 << 16
_UTF8 = 0x0800
_LOCAL_SIZE, _CENTRAL_SIZE, _END_SIZE = 30, 46, 22
_LOCAL_FORM, _CENTRAL_FORM = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")
_SAID = struct.Struct("<I4xI")  # of a local header, from its 14th byte: CRC-32 and size

Sink = Callable[[bytes], object]


class Source(Protocol):
    """Whatever gives bytes in order: a file, a socket, a pipe."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end."""


@dataclass(frozen=True)
class Entry:
    """An entry to be written: its name, size, CRC-32, and its bytes as they come."""

    name: str
    size: int
    crc: int
    chunks: Iterable[bytes]

    @classmethod
    def of(cls, name: str, content: bytes) -> Entry:
        """An entry of bytes at hand."""
        return cls(name, len(content), zlib.crc32(content), (content,))


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of a file of these entries, in order.

    Raises ValueError where an entry's bytes are not what was announced (a file that changes while
    it is read); refused with ``sealing.container.too_large`` beyond 4 GiB.
    """
    place, directory = 0, []
    for entry in entries:
        head = _local(entry.name, entry.crc, entry.size)
        directory.append(_central(entry.name, entry.crc, entry.size, place))
        place += len(head) + entry.size
        if place > MAX_SIZE or len(directory) > MAX_ENTRIES:
            raise Refused.because("sealing.container.too_large", limit=MAX_SIZE)
        yield head
        crc, written = 0, 0
        for chunk in entry.chunks:
            crc, written = zlib.crc32(chunk, crc), written + len(chunk)
            yield chunk
        if (crc, written) != (entry.crc, entry.size):
            raise ValueError(f"{entry.name} changed while it was read")
    lines = b"".join(directory)
    yield lines + _end(len(directory), len(lines), place)


class Chunks:
    """Chunks as a stream to read from."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes, none at the end; all that are left for a negative size."""
        if size < 0:
            return bytes(self._rest) + b"".join(self._chunks)
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        part, self._rest = self._rest[:size], self._rest[size:]
        return bytes(part)


class Reader:
    """Reads the entries that must come, from first byte to last, in one pass.

    Refused: ``sealing.container.layout`` (another entry, header or spelling than must come, bytes
    too few or too many), ``.entry_size``.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._place = 0
        self._central: list[bytes] = []

    @property
    def place(self) -> int:
        """Bytes read so far."""
        return self._place

    def small(self, name: str, limit: int) -> bytes:
        """The whole content of the next entry, which must have this name."""
        parts: list[bytes] = []
        self._read(name, None, limit, parts.append)
        return b"".join(parts)

    def copy(self, name: str, size: int, sink: Sink) -> None:
        """Hand the content of the next entry, which must have this name and size, to a sink."""
        self._read(name, size, size, sink)

    def copy_up_to(self, name: str, limit: int, sink: Sink) -> None:
        """As :meth:`copy`, for an entry that says its size itself."""
        self._read(name, None, limit, sink)

    def finish(self) -> int:
        """Read the directory and the end of the file; the size of the file."""
        start = self._place
        wanted = b"".join(self._central)
        wanted += _end(len(self._central), len(wanted), start)
        if self._take(len(wanted)) != wanted or self._source.read(1):
            raise _layout("directory")
        return self._place

    def _read(self, name: str, size: int | None, limit: int, sink: Sink) -> None:
        start = self._place
        head = self._take(_LOCAL_SIZE + len(_spelt(name)[0]))
        # What the header says of itself is compared with what comes.
        sum_said, size_said = _SAID.unpack_from(head, 14)
        if head != _local(name, sum_said, size_said):
            raise _layout(name)
        if size_said > limit or (size is not None and size_said != size):
            raise Refused.because("sealing.container.entry_size", name=name, size=size_said)
        sum_, left = 0, size_said
        while left:
            # As it comes: putting the pieces of a pipe together would cost more than all else.
            chunk = self._source.read(min(left, CHUNK))
            if not chunk:
                raise _layout("end")
            self._place += len(chunk)
            sum_, left = zlib.crc32(chunk, sum_), left - len(chunk)
            sink(chunk)
        if sum_ != sum_said:
            raise _layout(name)
        self._central.append(_central(name, sum_, size_said, start))

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        while len(data) < size:
            more = self._source.read(size - len(data))
            if not more:
                raise _layout("end")
            data += more
        self._place += size
        return data


def entry_overhead(name: str) -> int:
    """Bytes that an entry costs beside its content, its line in the directory included."""
    return _LOCAL_SIZE + _CENTRAL_SIZE + 2 * len(name.encode())


def content_start(name: str, entry_start: int) -> int:
    """Where the content of an entry begins that itself begins at ``entry_start``."""
    return entry_start + _LOCAL_SIZE + len(name.encode())


def directory_line(name: str) -> int:
    """Bytes of an entry's line in the directory."""
    return _CENTRAL_SIZE + len(name.encode())


def end_overhead() -> int:
    """Bytes at the end of every file."""
    return _END_SIZE


# The entries of all bids have the same few names.
@lru_cache(maxsize=256)
def _spelt(name: str) -> tuple[bytes, int, int]:
    """A name's bytes, how many, and the flags that say how they are to be read."""
    raw = name.encode()
    return raw, len(raw), 0 if name.isascii() else _UTF8


def _local(name: str, sum_: int, size: int) -> bytes:
    raw, length, flags = _spelt(name)
    head = _LOCAL_FORM.pack(
        _LOCAL, _VERSION, flags, 0, _TIME, _DATE, sum_, size, size, length, 0
    )  # fmt: skip
    return head + raw


def _central(name: str, sum_: int, size: int, place: int) -> bytes:
    raw, length, flags = _spelt(name)
    head = _CENTRAL_FORM.pack(
        _CENTRAL, _MADE_BY, _VERSION, flags, 0, _TIME, _DATE, sum_, size, size,
        length, 0, 0, 0, 0, _ATTRIBUTES, place,
    )  # fmt: skip
    return head + raw


def _end(entries: int, size: int, place: int) -> bytes:
    return struct.pack("<4s4H2IH", _END, 0, 0, entries, entries, size, place, 0)


def _layout(part: str) -> Refused:
    return Refused.because("sealing.container.layout", part=part[:100])
