"""The files of a dossier before they are packed: bytes at hand, or parts of sealed files."""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kernel.evidence.dossiers import layout
from kernel.evidence.dossiers.layout import Row
from kernel.sealing.bids import container, stored_zip
from kernel.sealing.bids.manifest import read_manifest
from procurement.bids import keeper, vault
from procurement.bids.models import BidVersion


@dataclass(frozen=True)
class Piece:
    """A file of a dossier before it is packed: bytes at hand, or a part of a sealed file."""

    data: bytes = b""
    title: str = ""
    source: Callable[[], BinaryIO] | None = None
    start: int = 0
    size: int = 0

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, a megabyte at a time."""
        if self.source is None:
            yield self.data
            return
        with self.source() as file:
            window = container.Window(file, self.start, self.size)
            while chunk := window.read(stored_zip.CHUNK):
                yield chunk


def ciphertext(version: BidVersion) -> Piece | None:
    """The sealed sheet out of the first copy that is what its bidder signed."""
    manifest = read_manifest(version.manifest.encode())
    envelope = manifest.envelope(layout.SHEET)
    if envelope.size > layout.MOST_CIPHERTEXT:
        return None
    received = container.Received(
        manifest, version.manifest.encode(), bytes(version.signature), version.size, {}, {}
    )
    start, size = container.locate(received, layout.SHEET)
    for open_copy, name in ((vault.open_file, version.vault), (keeper.open_file, version.keeper)):
        piece = Piece(source=functools.partial(open_copy, name), start=start, size=size)
        if name and _is_intact(piece, envelope.sha256):
            return piece
    return None


def _is_intact(piece: Piece, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for chunk in piece.chunks():
            digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def measured(name: str, piece: Piece) -> tuple[Row, int]:
    """A file's row in the index, and the CRC-32 that a ZIP wants."""
    hashed, size, crc = hashlib.sha256(), 0, 0
    for chunk in piece.chunks():
        hashed.update(chunk)
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
    return Row(name, size, hashed.hexdigest(), piece.title), crc
