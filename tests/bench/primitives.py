"""What the primitives alone cost, in CPU time on one core: no program that needs them costs less.

Beside each figure stands its ratio to this limit, so that a figure can be read without knowing the
machine: a share, not a speed.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

BLOCK = 2**20


def cpu_seconds(work: Callable[[], object], times: int = 5) -> float:
    """CPU seconds of this process for the work, the best of so many."""
    seen = []
    for _ in range(times):
        before = time.process_time()
        work()
        seen.append(time.process_time() - before)
    return min(seen)


def touch(folder: Path, size: int) -> None:
    """Write a file of so many bytes and remove it.

    A virtual machine pays for memory that it never had yet, several times what writing costs,
    whoever asks for it first: before files are written for a measurement, as much is had.
    """
    block = bytes(BLOCK)
    with (folder / "touched").open("wb") as file:
        for _ in range(size // BLOCK + 1):
            file.write(block)
    (folder / "touched").unlink()


def hashing(size: int) -> float:
    """Seconds for the SHA-256 of so many bytes, a mebibyte at a time."""
    block = os.urandom(BLOCK)

    def once() -> None:
        digest = hashlib.sha256()
        for start in range(0, size, BLOCK):
            digest.update(block[: size - start])

    return cpu_seconds(once, 3)


def receipt(data: bytes) -> float:
    """Seconds for what a receipt cannot do without.

    The file's SHA-256, the verification of two signatures (ECDSA over P-256: the bidder's, and the
    one on its certificate) and one signature of ours.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key, how = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256())
    public, text = key.public_key(), os.urandom(200)
    signature = key.sign(text, how)

    def once() -> None:
        for _ in range(100):
            hashlib.sha256(data).digest()
            public.verify(signature, text, how)
            public.verify(signature, text, how)
            key.sign(text, how)

    return cpu_seconds(once) / 100


def tree(entry: bytes) -> float:
    """Seconds for the hashes of one entry of the log.

    Of the entry with its salt, of the leaf, and one node above it (RFC 9162: a tree has as many).
    """
    salted, leaf, pair = os.urandom(32) + entry, os.urandom(33), os.urandom(65)

    def once() -> None:
        for _ in range(10_000):
            hashlib.sha256(salted).digest()
            hashlib.sha256(leaf).digest()
            hashlib.sha256(pair).digest()

    return cpu_seconds(once) / 10_000
