"""What was found of an upload, handed from its checks to the guards of the act that they allow.

It passes in memory and under the upload's own number, so that nobody fires a receipt by naming an
upload that was not checked here and now.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from procurement.bids.models import PendingUpload

_checked: ContextVar[PendingUpload | None] = ContextVar("checked_upload", default=None)


@contextmanager
def checked(row: PendingUpload) -> Iterator[None]:
    """Let the guards see what was found of an upload."""
    token = _checked.set(row)
    try:
        yield
    finally:
        _checked.reset(token)


def found_of(upload: str, manifest_sha256: str, lot_number: str, uscc: str) -> dict[str, Any]:
    """What was found of a bidder's checked upload; empty for any other."""
    row = _checked.get()
    if row is None or row.id.hex != upload:
        return {}
    named = (row.lot_number, row.bidder_uscc, row.found.get("manifest_sha256"))
    return dict(row.found) if named == (lot_number, uscc, manifest_sha256) else {}


def now() -> PendingUpload | None:
    """The upload that is being received here and now, if one is."""
    return _checked.get()


def row_of(upload: str) -> PendingUpload:
    """The checked upload itself. LookupError for one that was not checked here and now."""
    row = _checked.get()
    if row is None or row.id.hex != upload:
        raise LookupError(upload)
    return row
