"""Inside an envelope: a stored ZIP of an inner manifest, the bidder's files and zeros to Padmé.

The inner manifest repeats to what it belongs, so that a ciphertext moved to another bid, envelope
or version shows as soon as it is open.
"""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kernel.errors import Refused
from kernel.sealing.bids import stored_zip
from kernel.sealing.bids.fields import (
    digest,
    integer,
    listing,
    printable,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.manifest import Context
from kernel.sealing.bids.padding import padded
from kernel.sealing.bids.stored_zip import CHUNK

FORMAT = "zhuxin-envelope/1"
MAX_FILES = 2000
MAX_INNER_MANIFEST = 1024 * 1024

# What a file is read from.
Content = Path | bytes

_MANIFEST, _FOLDER, _PADDING = "manifest.json", "files/", "padding"
_ZEROS = bytes(CHUNK)


@dataclass(frozen=True)
class File:
    """A file in an envelope: path with ``/``, size in bytes, SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class InnerManifest:
    """What an envelope says of itself."""

    context: Context
    envelope: str
    files: tuple[File, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(
            FORMAT,
            **vars(self.context),
            envelope=self.envelope,
            files=[dict(vars(file)) for file in self.files],
        )


def gather(folder: Path) -> dict[str, Content]:
    """The files under a folder by their names in the envelope, sorted; see :func:`check_names`."""
    found: dict[str, Content] = {
        unicodedata.normalize("NFC", path.relative_to(folder).as_posix()): path
        for path in folder.rglob("*")
        if path.is_file()
    }
    check_names(list(found))
    return dict(sorted(found.items()))


def check_names(names: Sequence[str]) -> None:
    """Refuse names that not every system can write, or that leave the folder.

    ``sealing.envelope.name``; ``.name_twice`` where two differ in case only; ``.too_many``.
    """
    if len(names) > MAX_FILES:
        raise Refused.because("sealing.envelope.too_many", limit=MAX_FILES)
    for name in names:
        parts = name.split("/")
        bad = (
            len(name.encode()) > stored_zip.MAX_NAME - len(_FOLDER)
            or not printable(name)
            or unicodedata.normalize("NFC", name) != name
            or any(not part or part != part.strip(" ") or part.endswith(".") for part in parts)
            or not set('\\:*?"<>|').isdisjoint(name)
        )
        if bad:
            raise Refused.because("sealing.envelope.name", name=name[:100])
    seen = {name.casefold() for name in names}
    # A file may not be another's folder either.
    folders = {"/".join(n.casefold().split("/")[:i]) for n in names for i in range(1, n.count("/") + 1)}  # fmt: skip  # noqa: E501
    if len(seen) < len(names) or seen & folders:
        raise Refused.because("sealing.envelope.name_twice")


def envelope_stream(
    context: Context, envelope: str, files: Mapping[str, Content], minimum: int
) -> Iterator[bytes]:
    """An envelope's plaintext as it is made; its size is Padmé's, at least the minimum's.

    files: paths or bytes by name, see :func:`gather`; each is read twice, once for its hash, and
    nothing of it is written anywhere.
    """
    check_names(list(files))
    with ThreadPoolExecutor(max_workers=2) as pool:
        described = list(pool.map(_describe, *zip(*sorted(files.items()), strict=True)))
    rows = tuple(row for row, _ in described)
    head = InnerManifest(context, envelope, rows).encode()
    bare = _bare_size(len(head), rows)
    zeros = padded(bare, minimum) - bare
    yield from stored_zip.stream(
        [
            stored_zip.Entry.of(_MANIFEST, head),
            *(
                stored_zip.Entry(_FOLDER + row.name, row.size, crc, _chunks(files[row.name]))
                for row, crc in described
            ),
            stored_zip.Entry(_PADDING, zeros, _crc(_zeros(zeros)), _zeros(zeros)),
        ]
    )


def read_envelope(
    source: stored_zip.Source,
    context: Context,
    envelope: str,
    sink: Callable[[str], stored_zip.Sink] | None = None,
) -> InnerManifest:
    """Read an opened envelope whole, handing each file's bytes to the sink made for its name.

    Without a sink the envelope is only checked. Names are safe to write below a folder. Refused:
    ``sealing.envelope.other`` (it belongs to another bid, version or envelope), ``.file`` (a
    file's hash differs), ``.padding`` (the last entry is not zeros), ``sealing.container.*``.
    """
    reader = stored_zip.Reader(source)
    manifest = _parse(reader.small(_MANIFEST, MAX_INNER_MANIFEST))
    if manifest.context != context or manifest.envelope != envelope:
        raise Refused.because("sealing.envelope.other", envelope=envelope)
    for row in manifest.files:
        hashed = hashlib.sha256()
        reader.copy(
            _FOLDER + row.name, row.size, tee(hashed.update, sink(row.name) if sink else None)
        )
        if hashed.hexdigest() != row.sha256:
            raise Refused.because("sealing.envelope.file", name=row.name)
    bare = _bare_size(len(manifest.encode()), manifest.files)
    zeros = _Zeros()
    # Any Padmé size is accepted that holds the content: the minimum is the outer check's affair.
    reader.copy_up_to(_PADDING, stored_zip.MAX_SIZE, zeros)
    size = reader.finish()
    if not zeros.good or size != padded(size, 1) or size < bare:
        raise Refused.because("sealing.envelope.padding", envelope=envelope)
    return manifest


def tee(first: stored_zip.Sink, second: stored_zip.Sink | None) -> stored_zip.Sink:
    """A sink that hands each chunk to one and, where there is a second, to that one too."""

    def both(chunk: bytes) -> None:
        first(chunk)
        if second is not None:
            second(chunk)

    return both


class _Zeros:
    """Takes bytes and remembers whether one was not zero."""

    def __init__(self) -> None:
        self.good = True

    def __call__(self, chunk: bytes) -> None:
        self.good = self.good and not chunk.strip(b"\0")


def _parse(data: bytes) -> InnerManifest:
    values = read(data, FORMAT, _SHAPES, MAX_INNER_MANIFEST)
    envelope = values.pop("envelope")
    files = tuple(File(**row) for row in values.pop("files"))
    check_names([file.name for file in files])
    return InnerManifest(Context(**values), envelope, files)


def _bare_size(head: int, files: Sequence[File]) -> int:
    """Size of the ZIP with no zeros in it."""
    named = sum(file.size + stored_zip.entry_overhead(_FOLDER + file.name) for file in files)
    fixed = stored_zip.entry_overhead(_MANIFEST) + stored_zip.entry_overhead(_PADDING)
    return head + named + fixed + stored_zip.end_overhead()


def _describe(name: str, path: Content) -> tuple[File, int]:
    """A file's row and its CRC-32."""
    hashed, size, crc = hashlib.sha256(), 0, 0
    for chunk in _chunks(path):
        hashed.update(chunk)
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
    return File(name, size, hashed.hexdigest()), crc


def _crc(chunks: Iterator[bytes]) -> int:
    crc = 0
    for chunk in chunks:
        crc = zlib.crc32(chunk, crc)
    return crc


def _chunks(path: Content) -> Iterator[bytes]:
    if isinstance(path, bytes):
        yield path
        return
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _zeros(size: int) -> Iterator[bytes]:
    while size:
        part = min(size, CHUNK)
        yield _ZEROS[:part]
        size -= part


_SHAPES = {
    "lot": text(80),
    "policy_sha256": digest,
    "bidder": uscc,
    "version": integer(1, 10_000),
    "nonce": digest,
    "envelope": text(80),
    "files": listing(
        record(name=text(400), size=integer(0, stored_zip.MAX_SIZE), sha256=digest), 0, MAX_FILES
    ),
}
