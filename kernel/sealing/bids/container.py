"""The file of a bid, ``*.zxb``: manifest, signature, and for each envelope ciphertext and shares.

Where every byte must stand follows from the manifest, so the reader knows all entries before it
meets them. Both ways stream in constant memory.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from kernel.errors import Refusal, Refused
from kernel.sealing import age, cms
from kernel.sealing.bids import articles, aside, stored_zip
from kernel.sealing.bids.inner import tee
from kernel.sealing.bids.manifest import MAX_MANIFEST, Envelope, Manifest, read_manifest
from kernel.sealing.bids.padding import is_padded
from kernel.sealing.bids.shares import SEALED_SIZE

SUFFIX = ".zxb"

_MANIFEST, _SIGNATURE = "manifest.json", "manifest.p7s"


@dataclass(frozen=True)
class Received:
    """A bid as it was read: structure, hashes, shares and age headers hold; nothing about trust.

    manifest_bytes, signature: as they stand in the file. size: of the whole file in bytes.
    plain_sizes: of each envelope's padded plaintext. shares: envelope → sealed shares in the
    trustees' order.
    """

    manifest: Manifest
    manifest_bytes: bytes
    signature: bytes
    size: int
    plain_sizes: Mapping[str, int]
    shares: Mapping[str, tuple[bytes, ...]]

    @property
    def manifest_sha256(self) -> str:
        """The name of this version of the bid, hex."""
        return hashlib.sha256(self.manifest_bytes).hexdigest()


@dataclass(frozen=True)
class Head:
    """What a bid begins with: manifest and signature, and the size that the whole must have."""

    manifest: Manifest
    manifest_bytes: bytes
    signature: bytes
    size: int

    @property
    def manifest_sha256(self) -> str:
        """The name of this version of the bid, hex."""
        return hashlib.sha256(self.manifest_bytes).hexdigest()


@dataclass(frozen=True)
class Part:
    """An envelope ready to be packed: its row, ciphertext's CRC-32 and file, sealed shares."""

    envelope: Envelope
    crc: int
    ciphertext: Path
    shares: Sequence[bytes]


def write_bid(target: BinaryIO, manifest: bytes, signature: bytes, parts: Sequence[Part]) -> int:
    """Write a bid's file; its size in bytes."""
    return sum(
        target.write(chunk) for chunk in stored_zip.stream(_entries(manifest, signature, parts))
    )


def sign_bid(source: BinaryIO, target: BinaryIO, received: Received, signature: bytes) -> int:
    """Write a bid that was read from source once more, with this signature; its size in bytes."""

    def entries() -> Iterator[stored_zip.Entry]:
        yield stored_zip.Entry.of(_MANIFEST, received.manifest_bytes)
        yield stored_zip.Entry.of(_SIGNATURE, signature)
        for envelope in received.manifest.envelopes:
            name, place = envelope.name, locate(received, envelope.name)
            crc = 0
            for chunk in _chunks_of(Window(source, *place)):
                crc = zlib.crc32(chunk, crc)
            again = _chunks_of(Window(source, *place))
            yield stored_zip.Entry(_age(name), envelope.size, crc, again)
            for index, share in enumerate(received.shares[name]):
                yield stored_zip.Entry.of(_share(name, index), share)

    return sum(target.write(chunk) for chunk in stored_zip.stream(entries()))


def read_bid(
    source: stored_zip.Source,
    limit: int,
    admit: Callable[[bytes, bytes], None] | None = None,
) -> Received:
    """Read and check a whole bid in one pass, in constant memory.

    limit: bytes the file may have. admit: may refuse by manifest and signature before the rest is
    read. Refused: form and layout (``sealing.format.*``, ``.container.*``) at once; then, together,
    every ``sealing.container.hash`` (an envelope's bytes are not the manifest's), ``.share_hash``,
    ``.padding`` and ``sealing.age.*``. Every reason rests on an article: the file's form, where
    it names no other.
    """
    try:
        return _read(source, limit, admit)
    except Refused as refused:
        raise articles.resting(refused, articles.FILE) from refused


def read_head(source: stored_zip.Source, limit: int) -> Head:
    """Read what a bid begins with, and no further; refused as by :func:`read_bid`.

    What a source raises where its bytes end for now passes through.
    """
    try:
        return _read_head(stored_zip.Reader(source), limit)
    except Refused as refused:
        raise articles.resting(refused, articles.FILE) from refused


def _read_head(reader: stored_zip.Reader, limit: int) -> Head:
    head = reader.small(_MANIFEST, MAX_MANIFEST)
    signature = reader.small(_SIGNATURE, cms.MAX_SIZE)
    manifest = read_manifest(head)
    if (size := file_size(manifest, len(head), len(signature))) > limit:
        raise Refused(_fault("too_large", limit=limit, size=size))
    return Head(manifest, head, signature, size)


def _read(
    source: stored_zip.Source, limit: int, admit: Callable[[bytes, bytes], None] | None
) -> Received:
    reader = stored_zip.Reader(source)
    head = _read_head(reader, limit)
    if admit is not None:
        admit(head.manifest_bytes, head.signature)
    looked = _Looked()
    for envelope in head.manifest.envelopes:
        _read_envelope(reader, envelope, looked)
    reader.finish()
    if looked.reasons:
        raise Refused(looked.reasons)
    return Received(
        head.manifest, head.manifest_bytes, head.signature, head.size, looked.plain_sizes,
        looked.shares,
    )  # fmt: skip


def check_padding(received: Received, minimum: int) -> Iterator[Refusal]:
    """``sealing.container.padding`` for each envelope whose size tells more than Padmé's would."""
    for name, size in received.plain_sizes.items():
        if not is_padded(size, minimum):
            yield _fault("padding", envelope=name, size=size)


def file_size(manifest: Manifest, head: int, signature: int) -> int:
    """The size of the file whose manifest and signature have so many bytes."""
    names = tuple((envelope.name, len(envelope.shares)) for envelope in manifest.envelopes)
    content = head + signature + sum(envelope.size for envelope in manifest.envelopes)
    return _frame(names) + content


# The bids of a lot have the same envelopes and trustees.
@lru_cache(maxsize=64)
def _frame(envelopes: tuple[tuple[str, int], ...]) -> int:
    """What a file of these envelopes with so many shares has beside its four kinds of content.

    The shares are counted in: each has the same size.
    """
    size = stored_zip.end_overhead()
    size += stored_zip.entry_overhead(_MANIFEST) + stored_zip.entry_overhead(_SIGNATURE)
    for name, shares in envelopes:
        size += stored_zip.entry_overhead(_age(name)) + shares * SEALED_SIZE
        size += sum(stored_zip.entry_overhead(_share(name, index)) for index in range(shares))
    return size


def locate(received: Received, envelope: str) -> tuple[int, int]:
    """Where an envelope's age file stands in the bid's file: (offset, size) in bytes."""
    for name, start, size in _layout(
        received.manifest, len(received.manifest_bytes), len(received.signature)
    ):
        if name == _age(envelope):
            return start, size
    raise KeyError(envelope)


class Window:
    """A part of an open file as a stream of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        file.seek(start)
        self._file, self._left = file, size

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes, none at the part's end."""
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        self._left -= len(data)
        return data


def _entries(
    manifest: bytes, signature: bytes, parts: Sequence[Part]
) -> Iterator[stored_zip.Entry]:
    yield stored_zip.Entry.of(_MANIFEST, manifest)
    yield stored_zip.Entry.of(_SIGNATURE, signature)
    for part in parts:
        name, size = part.envelope.name, part.envelope.size
        yield stored_zip.Entry(_age(name), size, part.crc, _chunks(part.ciphertext))
        for index, share in enumerate(part.shares):
            yield stored_zip.Entry.of(_share(name, index), share)


@dataclass
class _Looked:
    """What was seen of the envelopes."""

    reasons: list[Refusal] = field(default_factory=list)
    plain_sizes: dict[str, int] = field(default_factory=dict)
    shares: dict[str, tuple[bytes, ...]] = field(default_factory=dict)


def _read_envelope(reader: stored_zip.Reader, envelope: Envelope, looked: _Looked) -> None:
    hashed, beginning = hashlib.sha256(), bytearray()

    def keep(chunk: bytes) -> None:
        if len(beginning) < age.MAX_HEADER:
            beginning.extend(chunk[: age.MAX_HEADER - len(beginning)])

    if envelope.size < aside.WORTH:
        reader.copy(_age(envelope.name), envelope.size, tee(hashed.update, keep))
    else:
        with aside.Aside(hashed.update) as sums:
            reader.copy(_age(envelope.name), envelope.size, tee(sums.write, keep))
    if hashed.hexdigest() != envelope.sha256:
        looked.reasons.append(_fault("hash", envelope=envelope.name))
    try:
        header = age.inspect(bytes(beginning))
        looked.plain_sizes[envelope.name] = header.plaintext_size(envelope.size)
    except Refused as refused:
        looked.reasons += refused.refusals
    shares = []
    for index, row in enumerate(envelope.shares):
        share = reader.small(_share(envelope.name, index), SEALED_SIZE)
        if hashlib.sha256(share).hexdigest() != row.sealed_sha256 or len(share) != SEALED_SIZE:
            looked.reasons.append(_fault("share_hash", envelope=envelope.name, index=index))
        shares.append(share)
    looked.shares[envelope.name] = tuple(shares)


def _layout(manifest: Manifest, head: int, signature: int) -> Iterator[tuple[str, int, int]]:
    """Name, start of the content and size of every entry."""
    sizes = [(_MANIFEST, head), (_SIGNATURE, signature)]
    for envelope in manifest.envelopes:
        sizes.append((_age(envelope.name), envelope.size))
        sizes += [(_share(envelope.name, i), SEALED_SIZE) for i in range(len(envelope.shares))]
    place = 0
    for name, size in sizes:
        start = stored_zip.content_start(name, place)
        yield name, start, size
        place = start + size


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _chunks_of(file)


def _chunks_of(file: BinaryIO | Window) -> Iterator[bytes]:
    while chunk := file.read(stored_zip.CHUNK):
        yield chunk


def _age(envelope: str) -> str:
    return f"{envelope}.age"


def _share(envelope: str, index: int) -> str:
    return f"{envelope}.shares/{index}"


def _fault(what: str, **facts: object) -> Refusal:
    return Refusal(f"sealing.container.{what}", facts, articles.FILE)
