"""What the operator gives for a bid: receipt and receipt of a withdrawal; each signed.

Each carries its entry in the evidence log with salt and proof, so that whoever holds it can show
what was logged. The arithmetic of the log is :mod:`kernel.evidence`'s; here stand the bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.sealing import canonical
from kernel.sealing.bids.fields import (
    b64,
    choice,
    digest,
    digest_or_none,
    hexadecimal,
    instant,
    instant_text,
    integer,
    listing,
    octets,
    read,
    record,
    serial,
    text,
    uscc,
    write,
)

RECEIPT_FORMAT = "zhuxin-bid-receipt/1"
WITHDRAWAL_FORMAT = "zhuxin-bid-withdrawal/1"
WITHDRAWN_FORMAT = "zhuxin-withdrawal-receipt/1"
# Kinds of the log's entries that receipts carry.
RECEIPT_ENTRY, WITHDRAWAL_ENTRY = "procurement.bid.receipt", "procurement.bid.withdrawal"

_MAX_TOKEN, _MAX_ENTRY = 16 * 1024, 64 * 1024


@dataclass(frozen=True)
class LogProof:
    """An entry of the evidence log and its place in the tree of ``size`` entries.

    log: the log's key id; salt, leaf, root, proof: raw bytes; entry: its canonical text.
    """

    log: str
    index: int
    size: int
    root: bytes
    leaf: bytes
    salt: bytes
    entry: str
    proof: tuple[bytes, ...]

    def as_json(self) -> dict[str, Any]:
        """As it stands in signed files."""
        return {
            "log": self.log,
            "index": self.index,
            "size": self.size,
            "root": self.root.hex(),
            "leaf": self.leaf.hex(),
            "salt": self.salt.hex(),
            "entry": self.entry,
            "proof": [step.hex() for step in self.proof],
        }


@dataclass(frozen=True)
class Receipt:
    """That a bid was received whole, and when: the operator's word, in its own signature.

    signature_sha256: of the bidder's CMS; size: of the whole file; received_at: of the last byte;
    certificate_serial: hex; timestamp: an RFC 3161 token over the manifest's hash, empty where
    none is there yet; provisional: what is still missing, of ``crl`` and ``timestamp``.
    """

    lot: str
    policy_sha256: str
    bidder: str
    version: int
    manifest_sha256: str
    signature_sha256: str
    size: int
    received_at: datetime
    certificate_sha256: str
    certificate_serial: str
    timestamp: bytes
    provisional: tuple[str, ...]
    log: LogProof

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = dict(vars(self))
        values |= {
            "received_at": instant_text(self.received_at),
            "timestamp": b64(self.timestamp),
            "provisional": list(self.provisional),
            "log": self.log.as_json(),
        }
        return write(RECEIPT_FORMAT, **values)


@dataclass(frozen=True)
class Withdrawal:
    """A bidder's statement that it takes back the version that the hash names."""

    lot: str
    bidder: str
    manifest_sha256: str
    reason: str

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(WITHDRAWAL_FORMAT, **vars(self))


@dataclass(frozen=True)
class Withdrawn:
    """The operator's receipt for a withdrawal."""

    lot: str
    bidder: str
    manifest_sha256: str
    statement_sha256: str
    received_at: datetime
    log: LogProof

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = dict(vars(self))
        values |= {"received_at": instant_text(self.received_at), "log": self.log.as_json()}
        return write(WITHDRAWN_FORMAT, **values)


def read_receipt(data: bytes) -> Receipt:
    """The receipt in canonical bytes."""
    values = read(data, RECEIPT_FORMAT, _RECEIPT)
    values["log"] = LogProof(**values["log"])
    return Receipt(**values)


def read_log(value: Any) -> LogProof:
    """A proof as :meth:`LogProof.as_json` writes it; refused by form."""
    return LogProof(**LOG(value, "$.log"))


def read_withdrawal(data: bytes) -> Withdrawal:
    """The withdrawal in canonical bytes."""
    return Withdrawal(**read(data, WITHDRAWAL_FORMAT, _WITHDRAWAL))


def read_withdrawn(data: bytes) -> Withdrawn:
    """The receipt of a withdrawal in canonical bytes."""
    values = read(data, WITHDRAWN_FORMAT, _WITHDRAWN)
    values["log"] = LogProof(**values["log"])
    return Withdrawn(**values)


def check_receipt(receipt: Receipt, manifest: bytes, signature: bytes) -> None:
    """Refuse a receipt that is not for this bid: ``sealing.receipt.other`` names the part.

    Also where the log entry in it is not of this receipt (``sealing.receipt.entry``).
    """
    wanted = {
        "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
        "signature_sha256": hashlib.sha256(signature).hexdigest(),
    }
    reasons = [
        Refusal("sealing.receipt.other", {"part": name})
        for name, value in wanted.items()
        if getattr(receipt, name) != value
    ]
    if reasons:
        raise Refused(reasons)
    check_entry(receipt)


def check_entry(said: Receipt | Withdrawn) -> None:
    """Refuse a receipt whose log entry is of something else: ``sealing.receipt.entry``.

    The entry is of its kind, at its place, at its moment, and its body names the manifest: what
    the operator says to a bidder or a trustee is what it wrote in the log.
    """
    kind = RECEIPT_ENTRY if isinstance(said, Receipt) else WITHDRAWAL_ENTRY
    entry = canonical.decode(said.log.entry.encode())
    found = entry if isinstance(entry, dict) else {}
    body = found.get("body")
    named = body.get("manifest_sha256") if isinstance(body, dict) else None
    told = (found.get("kind"), found.get("index"), found.get("at"), named)
    if told != (kind, said.log.index, instant_text(said.received_at), said.manifest_sha256):
        raise Refused.because("sealing.receipt.entry")


def _log_text(value: Any, path: str) -> str:
    if type(value) is not str or not 2 <= len(value) <= _MAX_ENTRY:
        raise Refused.because("sealing.format.field", path=path, expected="entry")
    return value


def _raw(value: Any, path: str) -> bytes:
    return bytes.fromhex(hexadecimal(32)(value, path))


LOG = record(
    log=digest_or_none,
    index=integer(0),
    size=integer(1),
    root=_raw,
    leaf=_raw,
    salt=_raw,
    entry=_log_text,
    proof=listing(_raw, 0, 64),
)
_NAMED = {"lot": text(80), "bidder": uscc, "manifest_sha256": digest}
_RECEIPT = {
    **_NAMED,
    "policy_sha256": digest,
    "version": integer(1, 10_000),
    "signature_sha256": digest,
    "size": integer(1),
    "received_at": instant,
    "certificate_sha256": digest,
    "certificate_serial": serial,
    "timestamp": octets(0, _MAX_TOKEN),
    "provisional": listing(choice("crl", "timestamp"), 0, 2),
    "log": LOG,
}
_WITHDRAWAL = {**_NAMED, "reason": text(500, 0)}
_WITHDRAWN = {**_NAMED, "statement_sha256": digest, "received_at": instant, "log": LOG}
