"""A cap on what one request may upload: what is beyond it never reaches the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

# A body this many times too large is not even read to its end, at the price of a rude answer.
_RUDE = 5


class UploadQuota(FileUploadHandler):
    """Counts the files of a request; beyond the limit it keeps nothing of them."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit, self.received = limit, 0
        declared = request.META.get("CONTENT_LENGTH") or "0"
        self._rude = not declared.isdigit() or int(declared) > _RUDE * limit

    @property
    def exceeded(self) -> bool:
        """Whether more came than was allowed."""
        return self.received > self.limit

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins; none after the limit."""
        super().new_file(*args, **kwargs)
        if self.exceeded:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """A piece arrives and goes on to the handler that keeps it."""
        self.received += len(raw_data)
        if self.exceeded:
            raise StopUpload(connection_reset=self._rude)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler keeps the file."""


def with_quota(request: HttpRequest, limit: int) -> UploadQuota:
    """Put a quota before the request's upload handlers; its body must not have been read yet.

    So the view is exempt from the CSRF middleware, which reads the body, and asks for the token
    behind this call.
    """
    quota = UploadQuota(request, limit)
    request.upload_handlers = [quota, *request.upload_handlers]
    return quota
