"""A protest: whoever holds a receipt and is not on the closing list says so before any release.

The receipt stands inside the statement, so that one signed file proves the operator wrong to
anybody: the operator's own word that the bid came in time, against the operator's own list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import articles, receipts
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.bids.closing import ClosingList
from kernel.sealing.bids.fields import b64, digest, octets, read, text, uscc, write
from kernel.sealing.bids.policy import Policy

FORMAT = "zhuxin-protest/1"
_MAX_RECEIPT, _MAX_P7S = 256 * 1024, 64 * 1024


@dataclass(frozen=True)
class Protest:
    """That a receipted bid is missing on a list; the receipt with its signature, as given."""

    lot: str
    list_sha256: str
    bidder: str
    receipt: bytes
    receipt_p7s: bytes
    reason: str

    @property
    def sha256(self) -> str:
        """The protest's hash, hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(
            FORMAT,
            lot=self.lot,
            list_sha256=self.list_sha256,
            bidder=self.bidder,
            receipt=b64(self.receipt),
            receipt_p7s=b64(self.receipt_p7s),
            reason=self.reason,
        )


def read_protest(data: bytes) -> Protest:
    """The protest in canonical bytes; refused by form."""
    return Protest(**read(data, FORMAT, _PROTEST))


def check_protest(
    protest: Protest,
    policy: Policy,
    listed: ClosingList,
    trust: Trust,
    log_holds: Callable[[receipts.LogProof], bool],
) -> receipts.Receipt:
    """The receipt of a protest that is founded by what stands in it and on the list.

    log_holds: whether a proof leads from its entry to the root that it names. Refused, every
    reason: the operator did not sign the receipt (``sealing.cms.*``, ``sealing.signature.other``),
    ``sealing.receipt.entry`` and ``sealing.protest.log`` (its log
    entry does not name the bid or is not proven), ``.other`` (another lot, list or bidder),
    ``.late`` (received after the deadline), ``.listed`` (the bid is on the list), ``.superseded``
    (a later version of the bidder is).
    """
    receipt = receipts.read_receipt(protest.receipt)
    reasons = list(_faults(protest, receipt, policy, listed))
    for check in (
        lambda: trust.verify(
            protest.receipt_p7s, protest.receipt, policy.operator.uscc, receipt.received_at
        ),
        lambda: receipts.check_entry(receipt),
    ):
        try:
            check()
        except Refused as refused:
            reasons += refused.refusals
    if not log_holds(receipt.log):
        reasons.append(_fault("log", index=receipt.log.index))
    if reasons:
        raise Refused(reasons)
    return receipt


def _faults(
    protest: Protest, receipt: receipts.Receipt, policy: Policy, listed: ClosingList
) -> Iterator[Refusal]:
    parts = {
        "lot": protest.lot == receipt.lot == policy.lot == listed.lot,
        "list_sha256": protest.list_sha256 == listed.sha256,
        "bidder": protest.bidder == receipt.bidder,
    }
    for part, holds in parts.items():
        if not holds:
            yield _fault("other", part=part)
    log = receipt.log
    if log.index >= listed.tree_size:
        yield _fault("log", index=log.index)
    if receipt.received_at > policy.deadline:
        yield _fault("late", at=receipt.received_at.isoformat())
    for bid in listed.bids:
        if bid.bidder == receipt.bidder and bid.version > receipt.version:
            yield _fault("superseded", version=bid.version)
        elif bid.manifest_sha256 == receipt.manifest_sha256:
            yield _fault("listed", manifest_sha256=bid.manifest_sha256)


def _fault(what: str, **facts: object) -> Refusal:
    return Refusal(f"sealing.protest.{what}", facts, articles.CLOSING)


_PROTEST = {
    "lot": text(80),
    "list_sha256": digest,
    "bidder": uscc,
    "receipt": octets(2, _MAX_RECEIPT),
    "receipt_p7s": octets(1, _MAX_P7S),
    "reason": text(500, 0),
}
