"""Files that people bring along: papers, photos, drawings. Cases name them by hash."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet

from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.models import StoredFile, Upload
from kernel.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
# By their first bytes, whatever the name says; XLSX and packages are ZIP files.
TYPES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"PK\x03\x04": "application/zip",
    b"<?xml": "application/xml",
}


def media_type_of(beginning: bytes) -> str:
    """The kind of a file by its first bytes. Refuses ``documents.upload.kind``."""
    for magic, kind in TYPES.items():
        if beginning.startswith(magic):
            return kind
    raise Refused.because("documents.upload.kind", kinds="PDF, JPEG, PNG, XLSX, XML")


def store(*, actor: Actor, content: bytes | IO[bytes], at: datetime) -> StoredFile:
    """Keep a file for the actor's organisation, and note that it brought it.

    Refuses ``documents.upload.kind`` and ``documents.file.too_large``.
    """
    if isinstance(content, bytes):
        beginning = content[:8]
    else:
        beginning = content.read(8)
        content.seek(0)
    stored = storage.put(content, media_type=media_type_of(beginning), limit=MAX_BYTES)
    record(actor=actor, sha256=stored.sha256, at=at)
    return stored


def record(*, actor: Actor, sha256: str, at: datetime) -> None:
    """Note that the actor's organisation uploaded a file; twice is once."""
    Upload.objects.get_or_create(
        organisation_id=actor.organisation_id,
        sha256=sha256,
        defaults={"person_id": actor.person_id, "uploaded_at": at},
    )


def missing(organisation_id: int, hashes: Iterable[str]) -> frozenset[str]:
    """Those of the hashes that this organisation did not upload; empty ones count as nothing."""
    named = set(hashes) - {""}
    if not named:
        return frozenset()
    own = Upload.objects.filter(organisation_id=organisation_id, sha256__in=named)
    return frozenset(named - set(own.values_list("sha256", flat=True)))


def was_uploaded(sha256: str, *, by: Collection[int] | QuerySet[Any, Any]) -> bool:
    """Whether one of these organisations (keys) brought a file; the platform's own nobody did."""
    return Upload.objects.filter(sha256=sha256, organisation_id__in=by).exists()
