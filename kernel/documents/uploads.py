"""Hashing an uploaded copy as it arrives: nothing of it is kept, in memory or on disk."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from kernel.errors import Refused

# Far above any document of ours; a public page must not be made to hash for hours.
LIMIT = 50 * 1024 * 1024


class _Hashed(UploadedFile):  # type: ignore[type-arg]  # at run time it has none
    """What is left of an upload: its name, size and hash, and no content."""

    def __init__(self, name: str, size: int, sha256: str) -> None:
        super().__init__(file=BytesIO(), name=name, size=size)
        self.sha256 = sha256


class _Hasher(FileUploadHandler):
    """Hashes one file; stops reading beyond the limit."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self._digest, self._size = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece arrives and goes no further."""
        self._size += len(raw_data)
        if self._size > LIMIT:
            self.too_large = True
            raise StopUpload(connection_reset=True)
        self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> _Hashed | None:
        """The file ends."""
        return _Hashed(self.file_name or "", self._size, self._digest.hexdigest())


def sha256_of(request: HttpRequest, field: str) -> str:
    """SHA-256 (hex) of the file uploaded in ``field``; the body must not have been read before.

    Refuses ``documents.check.no_file`` and ``documents.file.too_large``.
    """
    hasher = _Hasher(request)
    request.upload_handlers = [hasher]
    file = request.FILES.get(field)
    if hasher.too_large:
        raise Refused.because("documents.file.too_large", field=field, limit=LIMIT)
    if not isinstance(file, _Hashed) or not file.size:
        raise Refused.because("documents.check.no_file", field=field)
    return file.sha256
