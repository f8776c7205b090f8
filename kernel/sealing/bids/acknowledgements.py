"""What the operator gives for each part of a resumable upload: its word that so much is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import Refusal, Refused
from kernel.sealing.bids.fields import hexadecimal, instant, instant_text, integer, read, text, uscc
from kernel.sealing.bids.fields import write as written

FORMAT = "zhuxin-upload-acknowledgement/1"
_UPLOAD_SIZE = 16


@dataclass(frozen=True)
class Acknowledgement:
    """That the first ``offset`` bytes of an upload lie on the operator's disk, and since when.

    upload: the upload's number, hex. length: bytes of the whole file, as announced. at: of the
    last byte told of here, in legal time. No receipt: nothing was checked.
    """

    upload: str
    lot: str
    bidder: str
    offset: int
    length: int
    at: datetime

    def encode(self) -> bytes:
        """The canonical bytes."""
        return written(FORMAT, **(vars(self) | {"at": instant_text(self.at)}))


def read_acknowledgement(data: bytes) -> Acknowledgement:
    """The acknowledgement in canonical bytes; ``sealing.acknowledgement.beyond`` past the end."""
    said = Acknowledgement(**read(data, FORMAT, _SHAPES))
    if said.offset > said.length:
        raise Refused.because("sealing.acknowledgement.beyond", offset=said.offset)
    return said


def check(said: Acknowledgement, wanted: Acknowledgement) -> None:
    """Refuse an acknowledgement of something else, every part named; its time is its own."""
    reasons = [
        Refusal("sealing.acknowledgement.other", {"part": name})
        for name in ("upload", "lot", "bidder", "offset", "length")
        if getattr(said, name) != getattr(wanted, name)
    ]
    if reasons:
        raise Refused(reasons)


_SHAPES = {
    "upload": hexadecimal(_UPLOAD_SIZE),
    "lot": text(80),
    "bidder": uscc,
    "offset": integer(0),
    "length": integer(1),
    "at": instant,
}
