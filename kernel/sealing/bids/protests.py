"""A protest: the operator's receipt says otherwise than the operator's closing list.

Of a bid that is missing, or of a bid that its bidder took back and that stands on the list all the
same. The receipts stand inside the statement, so that one signed file proves the operator wrong to
anybody. It is made before any release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import articles, receipts
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.bids.closing import ClosingList, LiveBid
from kernel.sealing.bids.fields import b64, digest, form_of, octets, read, text, uscc, write
from kernel.sealing.bids.policy import Policy

FORMAT = "zhuxin-protest/1"
# With the receipt of a withdrawal: what stands on the list is dead.
DEAD_FORMAT = "zhuxin-protest/2"
# The one fault of a protest that leaves open who dated back: see :func:`check_protest`.
TREE = "sealing.protest.tree"
_MAX_RECEIPT, _MAX_P7S = 256 * 1024, 64 * 1024
_Said = receipts.Receipt | receipts.Withdrawn


@dataclass(frozen=True)
class Protest:
    """That a list is wrong by the receipt of a bid; receipts with their signatures, as given.

    withdrawn: the receipt of that version's withdrawal, where it stands on the list, or a version
    before it; empty where it is missing there.
    """

    lot: str
    list_sha256: str
    bidder: str
    receipt: bytes
    receipt_p7s: bytes
    reason: str
    withdrawn: bytes = b""
    withdrawn_p7s: bytes = b""

    @property
    def sha256(self) -> str:
        """The protest's hash, hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """The canonical bytes."""
        values: dict[str, object] = {
            "lot": self.lot,
            "list_sha256": self.list_sha256,
            "bidder": self.bidder,
            "receipt": b64(self.receipt),
            "receipt_p7s": b64(self.receipt_p7s),
            "reason": self.reason,
        }
        if not self.withdrawn:
            return write(FORMAT, **values)
        values |= {"withdrawn": b64(self.withdrawn), "withdrawn_p7s": b64(self.withdrawn_p7s)}
        return write(DEAD_FORMAT, **values)


@dataclass(frozen=True)
class Wrong:
    """What founded protests say of a list: hashes of manifests.

    missing: receipted and not on it; dead: on it, and taken back by their bidders.
    """

    missing: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()

    @property
    def every(self) -> frozenset[str]:
        """Both."""
        return self.missing | self.dead

    def __or__(self, other: Wrong) -> Wrong:
        """What two protests say together."""
        return Wrong(self.missing | other.missing, self.dead | other.dead)


def read_protest(data: bytes) -> Protest:
    """The protest in canonical bytes; refused by form."""
    if form_of(data) == DEAD_FORMAT:
        return Protest(**read(data, DEAD_FORMAT, _PROTEST | _DEAD))
    return Protest(**read(data, FORMAT, _PROTEST))


def said_of(protest: Protest, listed: ClosingList) -> Wrong:
    """What a protest says of a list by its receipts; whether it is founded is not asked.

    A withdrawal ends the version that it names and every one before it.
    """
    receipt = receipts.read_receipt(protest.receipt)
    if protest.withdrawn:
        ended = (bid for bid in _of_bidder(listed, receipt) if bid.version <= receipt.version)
        return Wrong(dead=frozenset(bid.manifest_sha256 for bid in ended))
    named = {bid.manifest_sha256 for bid in listed.bids}
    return Wrong(missing=frozenset({receipt.manifest_sha256} - named))


def check_protest(
    protest: Protest,
    policy: Policy,
    listed: ClosingList,
    trust: Trust,
    log_holds: Callable[[receipts.LogProof], bool],
) -> receipts.Receipt:
    """The bid's receipt of a protest that is founded by what stands in it and on the list.

    log_holds: whether a proof leads from its entry to the root that it names. Refused, every
    reason: the operator did not sign a receipt (``sealing.cms.*``, ``sealing.signature.other``),
    ``sealing.receipt.entry`` and ``sealing.protest.log`` (its log
    entry does not name the bid or is not proven), ``.other`` (another lot, list, bidder or bid),
    ``.late`` (received after the deadline), ``.superseded`` (a later version of the bidder is on
    the list). Of a missing bid ``.listed`` (it is on the list); of a withdrawn one ``.unlisted``
    (nothing of the bidder is), and ``.tree``: it was logged in time, by its receipt, and beyond the
    tree of the list. One of the two is dated back, and nobody can tell which: such a list is
    neither opened nor corrected.
    """
    receipt = receipts.read_receipt(protest.receipt)
    reasons = list(_same(protest, receipt, policy, listed))
    said: list[tuple[_Said, bytes, bytes]] = [(receipt, protest.receipt, protest.receipt_p7s)]
    if protest.withdrawn:
        gone = receipts.read_withdrawn(protest.withdrawn)
        said.append((gone, protest.withdrawn, protest.withdrawn_p7s))
        reasons += _not_dead(receipt, gone, policy, listed)
    else:
        reasons += _not_missing(receipt, policy, listed)
    for each, data, p7s in said:
        try:
            trust.verify(p7s, data, policy.operator.uscc, each.received_at)
        except Refused as refused:
            reasons += refused.refusals
        try:
            receipts.check_entry(each)
        except Refused as refused:
            reasons += refused.refusals
        if not log_holds(each.log):
            reasons.append(_fault("log", index=each.log.index))
    if reasons:
        raise Refused(reasons)
    return receipt


def _same(
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


def _not_missing(
    receipt: receipts.Receipt, policy: Policy, listed: ClosingList
) -> Iterator[Refusal]:
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


def _not_dead(
    receipt: receipts.Receipt, gone: receipts.Withdrawn, policy: Policy, listed: ClosingList
) -> Iterator[Refusal]:
    for part in ("lot", "bidder", "manifest_sha256"):
        if getattr(gone, part) != getattr(receipt, part):
            yield _fault("other", part=part)
    if gone.received_at > policy.deadline:
        yield _fault("late", at=gone.received_at.isoformat())
    own = list(_of_bidder(listed, receipt))
    if not own:
        yield _fault("unlisted", bidder=receipt.bidder)
    for bid in own:
        if bid.version > receipt.version:
            yield _fault("superseded", version=bid.version)
    if gone.log.index >= listed.tree_size:
        yield _fault("tree", index=gone.log.index, size=listed.tree_size)


def _of_bidder(listed: ClosingList, receipt: receipts.Receipt) -> Iterable[LiveBid]:
    return (bid for bid in listed.bids if bid.bidder == receipt.bidder)


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
_DEAD = {"withdrawn": octets(2, _MAX_RECEIPT), "withdrawn_p7s": octets(1, _MAX_P7S)}
