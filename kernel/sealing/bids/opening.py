"""The opening: a bid's envelopes from released shares, its opening sheet, and the record of all."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from kernel.errors import Refused
from kernel.sealing import age, canonical
from kernel.sealing.bids.fields import (
    choice,
    digest,
    digest_or_none,
    hexadecimal,
    instant,
    instant_text,
    integer,
    listing,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.inner import InnerManifest, read_envelope
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import Again, recover
from kernel.sealing.bids.stored_zip import CHUNK

if sys.platform == "linux":
    import fcntl

SHEET_FORMAT = "zhuxin-opening-sheet/1"
RECORD_FORMAT = "zhuxin-opening-record/1"
SHEET_FILE = "opening-sheet.json"
MAX_SHEET = 64 * 1024
_STATES = ("opened", "failed")


@dataclass(frozen=True)
class OpeningSheet:
    """What is read out: price in fen, period in days, quality, manager, security, bill's SHA-256.

    bid_security: the number of the guarantee or payment, empty where none is asked; bill_sha256:
    of the priced bill inside the price envelope, empty where the lot has none.
    """

    lot: str
    bidder: str
    bidder_name: str
    price_fen: int
    period_days: int
    quality: str
    project_manager: str
    bid_security: str
    bill_sha256: str

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(SHEET_FORMAT, **vars(self))


def read_sheet(data: bytes) -> OpeningSheet:
    """The opening sheet in canonical bytes."""
    return OpeningSheet(**read(data, SHEET_FORMAT, _SHEET, MAX_SHEET))


def open_envelope(
    manifest: Manifest, name: str, identity: bytes, ciphertext: Any, folder: Path
) -> InnerManifest:
    """Decrypt an envelope and write its files below a folder, in constant memory, each once.

    ciphertext: a stream of exactly the age file. Refused as by :func:`stream_envelope`; nothing
    that was written may then be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with Files(lambda file: folder / file) as files:
        return stream_envelope(manifest, name, identity, ciphertext, files.sink)


def stream_envelope(
    manifest: Manifest,
    name: str,
    identity: bytes,
    ciphertext: Any,
    sink: Callable[[str], Callable[[bytes], object]] | None = None,
) -> InnerManifest:
    """Decrypt an envelope and hand its files to sinks as they come, in constant memory.

    Refused: ``sealing.container.hash`` (other bytes than the bidder signed: also where they do not
    even decrypt, so that a damaged copy is never its bidder's fault), ``sealing.share.commitment``,
    ``sealing.age.cannot_open``, ``sealing.envelope.*``; what sinks were given may then not be used.
    """
    envelope = manifest.envelope(name)
    if manifest.context.commitment(name, identity) != envelope.commitment:
        raise Refused.because("sealing.share.commitment", envelope=name)
    hashed = _Hashed(ciphertext)
    faults: list[BaseException] = []

    def decrypt(target: BinaryIO) -> None:
        try:
            with target:
                age.decrypt_stream(hashed, target, identity)  # type: ignore[arg-type]
        except BaseException as fault:
            faults.append(fault)

    with _pipe(decrypt) as plain:
        try:
            inner = read_envelope(plain, manifest.context, name, sink)
        except Refused as refused:
            # Whatever breaks off early reads as a broken end; why it broke off says more.
            faults.append(refused)
    while hashed.read(CHUNK):
        pass  # what the decryption left
    if hashed.digest.hexdigest() != envelope.sha256:
        raise Refused.because("sealing.container.hash", envelope=name)
    for fault in faults:
        if not isinstance(fault, BrokenPipeError):
            raise fault
    return inner


@contextmanager
def _pipe(write: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """What a thread writes, to be read; both ends are closed and the thread over afterwards."""
    source, target = os.pipe()
    if sys.platform == "linux":
        with suppress(OSError):  # a user's pipes may be limited; then smaller ones do
            fcntl.fcntl(target, fcntl.F_SETPIPE_SZ, CHUNK)
    thread = threading.Thread(target=write, args=(os.fdopen(target, "wb", buffering=0),))
    with os.fdopen(source, "rb", buffering=0) as plain:
        thread.start()
        yield plain
    thread.join()


class Files:
    """Sinks that write each file to a path of its own; one is open at a time."""

    def __init__(self, path_of: Callable[[str], Path]) -> None:
        self._path_of = path_of
        self._open: BinaryIO | None = None

    def sink(self, name: str) -> Callable[[bytes], object]:
        """Where the bytes of the next file go."""
        self.close()
        path = self._path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open = path.open("wb")
        return self._open.write

    def close(self) -> None:
        """Close the file at hand."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def open_with_shares(
    manifest: Manifest,
    policy: Policy,
    name: str,
    shares: Mapping[int, bytes],
    ciphertext: BinaryIO,
    folder: Path,
    again: Again | None = None,
) -> tuple[bytes, InnerManifest]:
    """The identity and content of an envelope from at least k opened shares by trustee's index."""
    identity = recover(manifest, policy, name, shares, again)
    return identity, open_envelope(manifest, name, identity, ciphertext, folder)


def sheet_of(manifest: Manifest, folder: Path) -> OpeningSheet:
    """The opening sheet out of the opened envelope's folder; refused as by :func:`sheet_in`."""
    path = folder / SHEET_FILE
    if path.is_file():
        check_sheet_size(path.stat().st_size)
    return sheet_in(manifest, path.read_bytes() if path.is_file() else None)


def check_sheet_size(size: int) -> None:
    """Refuse a sheet that is too large, before it is read: ``sealing.format.size``."""
    if size > MAX_SHEET:
        raise Refused.because("sealing.format.size", form=SHEET_FORMAT, limit=MAX_SHEET)


def sheet_in(manifest: Manifest, data: bytes | None) -> OpeningSheet:
    """The opening sheet of a bid.

    ``sealing.sheet.missing`` where it is not there, ``.other`` where it names another lot or
    bidder.
    """
    if data is None:
        raise Refused.because("sealing.sheet.missing", name=SHEET_FILE)
    sheet = read_sheet(data)
    if (sheet.lot, sheet.bidder) != (manifest.lot, manifest.bidder):
        raise Refused.because("sealing.sheet.other", lot=sheet.lot, bidder=sheet.bidder)
    return sheet


@dataclass(frozen=True)
class OpenedEnvelope:
    """An envelope in the record: whether it opened, else the code why not.

    identity: hex; only the opening sheet's is public, of the others it is empty here.
    """

    name: str
    state: str
    reason: str = ""
    identity: str = ""


@dataclass(frozen=True)
class OpenedBid:
    """A bid in the record; one bad bid never stops the others.

    sheet: None where it failed, and in a stage that opens none.
    """

    bidder: str
    version: int
    manifest_sha256: str
    envelopes: tuple[OpenedEnvelope, ...]
    sheet: OpeningSheet | None

    @property
    def whole(self) -> bool:
        """Whether every envelope of the stage opened; an earlier stage reads no sheet out."""
        return all(each.state == "opened" for each in self.envelopes)


@dataclass(frozen=True)
class OpeningRecord:
    """What was opened, when, and what was read out; draw_sha256 empty where nothing was drawn."""

    lot: str
    stage: str
    list_sha256: str
    draw_sha256: str
    opened_at: datetime
    bids: tuple[OpenedBid, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        bids = [
            {
                "bidder": bid.bidder,
                "version": bid.version,
                "manifest_sha256": bid.manifest_sha256,
                "envelopes": [dict(vars(each)) for each in bid.envelopes],
                "sheet": dict(vars(bid.sheet)) if bid.sheet else None,
            }
            for bid in self.bids
        ]
        values = {**vars(self), "opened_at": instant_text(self.opened_at), "bids": bids}
        return write(RECORD_FORMAT, **values)


def read_record(data: bytes) -> OpeningRecord:
    """The opening record in canonical bytes."""
    values = read(data, RECORD_FORMAT, _RECORD)
    bids = []
    for row in values.pop("bids"):
        row["envelopes"] = tuple(OpenedEnvelope(**each) for each in row["envelopes"])
        row["sheet"] = OpeningSheet(**row["sheet"]) if row["sheet"] else None
        bids.append(OpenedBid(**row))
    return OpeningRecord(**values, bids=tuple(bids))


def draw_hash(data: bytes) -> str:
    """SHA-256 (hex) of a draw's canonical bytes; empty for none."""
    return hashlib.sha256(data).hexdigest() if data else ""


class _Hashed:
    """Reads a stream and hashes what it read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size)
        self.digest.update(data)
        return data


_FEN = integer(1, canonical.MAX_INTEGER)
_SHEET = {
    "lot": text(80),
    "bidder": uscc,
    "bidder_name": text(),
    "price_fen": _FEN,
    "period_days": integer(1, 36_500),
    "quality": text(100),
    "project_manager": text(80),
    "bid_security": text(120, 0),
    "bill_sha256": digest_or_none,
}


def _sheet_or_none(value: Any, path: str) -> dict[str, Any] | None:
    return None if value is None else record(**_SHEET)(value, path)


_RECORD = {
    "lot": text(80),
    "stage": text(80),
    "list_sha256": digest,
    "draw_sha256": digest_or_none,
    "opened_at": instant,
    "bids": listing(
        record(
            bidder=uscc,
            version=integer(1, 10_000),
            manifest_sha256=digest,
            envelopes=listing(
                record(
                    name=text(80),
                    state=choice(*_STATES),
                    reason=text(120, 0),
                    identity=hexadecimal(32, empty=True),
                ),
                1,
                4,
            ),
            sheet=_sheet_or_none,
        ),
        0,
        2000,
    ),
}
