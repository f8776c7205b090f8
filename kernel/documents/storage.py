"""Content-addressed files: named by their SHA-256, written durably, verified on every read.

Works over Django's default storage, a local disk or an object store. On a disk a file is written
aside, flushed with its folder and renamed, so that a name never shows half a file.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from kernel import clock
from kernel.documents.models import StoredFile
from kernel.errors import Refused, Unavailable

CHUNK = 1024 * 1024
_IN_MEMORY = 8 * CHUNK


def path_of(sha256: str) -> str:
    """The name of a content in the storage; two levels of folders keep each one small."""
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(
    content: bytes | IO[bytes],
    *,
    media_type: str,
    limit: int | None = None,
    expected_sha256: str = "",
) -> StoredFile:
    """Store a content once and return its row; the same content again returns the same row.

    content: bytes, or a binary stream read once in pieces of one MiB.
    limit: greatest size in bytes, refused as ``documents.file.too_large`` beyond it.
    expected_sha256: refused as ``documents.file.hash_mismatch`` when the content has another.
    """
    source = BytesIO(content) if isinstance(content, bytes) else content
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        digest, size = _copy_hashed(source, spool, limit)
        if expected_sha256 and digest != expected_sha256.lower():
            raise Refused.because(
                "documents.file.hash_mismatch", expected=expected_sha256, actual=digest
            )
        spool.seek(0)
        write_in(_storage(), path_of(digest), spool, digest)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={"size": size, "media_type": media_type, "created_at": clock.technical_now()},
    )
    return stored


def adopt(path: Path, sha256: str, *, size: int, media_type: str) -> StoredFile:
    """Take a file over whose hash was taken as it was written, flushed; it is gone from its path.

    On a disk it is renamed and its bytes are not read again: ``path`` lies under
    :func:`scratch_root`.
    """
    target, name = _storage(), path_of(sha256)
    if isinstance(_unwrapped(target), FileSystemStorage):
        final = Path(target.path(name))
        final.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o440)
        path.replace(final)
        for folder in (final.parent, final.parent.parent, final.parent.parent.parent):
            _sync_folder(folder)
    else:
        with path.open("rb") as content:
            write_in(target, name, content, sha256)
        path.unlink()
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": size, "media_type": media_type, "created_at": clock.technical_now()},
    )
    return stored


def scratch_root() -> Path:
    """A folder on the disk of the stored files, from which :func:`adopt` takes over."""
    target = _unwrapped(_storage())
    root = target.location if isinstance(target, FileSystemStorage) else settings.VAR_DIR
    folder = Path(root) / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def open_verified(stored: StoredFile) -> IO[bytes]:
    """A readable copy of a stored content whose hash was checked before the first byte is given.

    Refuses (503) with ``documents.file.missing`` or ``documents.file.damaged``.
    """
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (given away open)
    try:
        with _storage().open(path_of(stored.sha256), "rb") as source:
            digest, size = _copy_hashed(source, spool, None)
    except FileNotFoundError:
        spool.close()
        raise Unavailable.because("documents.file.missing", sha256=stored.sha256) from None
    if digest != stored.sha256 or size != stored.size:
        spool.close()
        raise Unavailable.because("documents.file.damaged", sha256=stored.sha256)
    spool.seek(0)
    return spool


def read(stored: StoredFile) -> bytes:
    """The whole verified content; for documents, not for bids."""
    with open_verified(stored) as source:
        return source.read()


def hash_stream(source: IO[bytes], limit: int | None) -> tuple[str, int]:
    """SHA-256 (hex) and size of a stream of at most ``limit`` bytes; nothing is kept."""
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(source, limit):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _storage() -> Storage:
    return default_storage


def _pieces(source: IO[bytes], limit: int | None) -> Iterator[bytes]:
    size = 0
    while piece := source.read(CHUNK):
        size += len(piece)
        if limit is not None and size > limit:
            raise Refused.because("documents.file.too_large", limit=limit)
        yield piece


def _copy_hashed(source: IO[bytes], target: IO[bytes], limit: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(source, limit):
        digest.update(piece)
        target.write(piece)
        size += len(piece)
    return digest.hexdigest(), size


def write_in(storage: Storage, name: str, content: IO[bytes], digest: str) -> None:
    """Write a stream of this SHA-256 (hex) under a name in a storage, durably; again is no harm."""
    if storage.exists(name):
        # A content that rotted on the disk is healed by whoever brings the right one again.
        with storage.open(name, "rb") as present:
            if hash_stream(present, None)[0] == digest:
                return
        if not isinstance(_unwrapped(storage), FileSystemStorage):
            storage.delete(name)
    if isinstance(_unwrapped(storage), FileSystemStorage):
        _write_on_disk(Path(storage.path(name)), content)
    else:
        storage.save(name, File(content))


def _unwrapped(storage: Storage) -> Storage:
    """The storage behind Django's lazy ``default_storage``, which is none before its first use."""
    assert storage.__class__  # the first use
    return getattr(storage, "_wrapped", storage)


def _write_on_disk(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with aside.open("xb") as target:
            while piece := content.read(CHUNK):
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        aside.chmod(0o440)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    # The rename itself, and the folders that were made for it, must survive a power cut too.
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
