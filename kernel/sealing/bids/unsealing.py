"""A bid's envelopes from released shares, decrypted and written as they come."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from kernel.errors import Refused
from kernel.sealing import age
from kernel.sealing.bids.inner import InnerManifest, read_envelope
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import Again, recover
from kernel.sealing.bids.stored_zip import CHUNK

if sys.platform == "linux":
    import fcntl


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


class _Hashed:
    """Reads a stream and hashes what it read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size)
        self.digest.update(data)
        return data
