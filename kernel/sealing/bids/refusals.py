"""What the operator gives where it takes no upload: that it refused, when and why, signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Refusal
from kernel.sealing.bids.fields import (
    digest,
    digest_or_none,
    instant,
    instant_text,
    integer,
    listing,
    read,
    record,
    text,
    uscc,
    write,
)  # fmt: skip
from kernel.sealing.bids.receipts import LOG, LogProof

REFUSAL_FORMAT = "zhuxin-bid-refusal/1"


@dataclass(frozen=True)
class Reason:
    """A reason of a signed refusal: code, article, field, and its words in Chinese."""

    code: str
    article: str
    field: str
    message: str


@dataclass(frozen=True)
class SignedRefusal:
    """That an upload was refused, when and why. file_sha256: of what was uploaded.

    manifest_sha256: empty where no manifest could be read; log: None where nothing was logged yet.
    """

    lot: str
    bidder: str
    file_sha256: str
    manifest_sha256: str
    size: int
    received_at: datetime
    reasons: tuple[Reason, ...]
    log: LogProof | None = None

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = dict(vars(self))
        values |= {
            "received_at": instant_text(self.received_at),
            "reasons": [dict(vars(reason)) for reason in self.reasons],
            "log": self.log.as_json() if self.log else None,
        }
        return write(REFUSAL_FORMAT, **values)


def read_refusal(data: bytes) -> SignedRefusal:
    """The signed refusal in canonical bytes."""
    values = read(data, REFUSAL_FORMAT, _REFUSAL)
    values["reasons"] = tuple(Reason(**row) for row in values["reasons"])
    values["log"] = LogProof(**values["log"]) if values["log"] else None
    return SignedRefusal(**values)


def reasons_of(refusals: Iterable[Refusal], words: Any) -> tuple[Reason, ...]:
    """Refusals as a signed refusal tells them; ``words``: refusal → its sentence."""
    return tuple(Reason(r.code, r.article, r.field, str(words(r))) for r in refusals)


def _optional(shape: Any) -> Any:
    return lambda value, path: None if value is None else shape(value, path)


_REFUSAL = {
    "lot": text(80),
    "bidder": uscc,
    "file_sha256": digest,
    "manifest_sha256": digest_or_none,
    "size": integer(0),
    "received_at": instant,
    "reasons": listing(
        record(code=text(120), article=text(200, 0), field=text(200, 0), message=text(2000, 0)),
        1,
        200,
    ),
    "log": _optional(LOG),
}
