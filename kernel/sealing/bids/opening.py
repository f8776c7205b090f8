"""The opening sheet of a bid, and the record of all that was opened."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing import canonical
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
from kernel.sealing.bids.manifest import Manifest

if sys.platform == "linux":
    pass

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
