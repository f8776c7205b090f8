"""After the deadline: the closing list, and why a trustee must not sign one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import Refusal, Refused
from kernel.sealing import hpke
from kernel.sealing.bids import articles
from kernel.sealing.bids.fields import (
    b64,
    digest,
    digest_or_none,
    form_of,
    instant,
    instant_text,
    integer,
    listing,
    octets,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.receipts import Receipt

LIST_FORMAT = "zhuxin-closing-list/1"
# With what a list rests on: a list that it corrects, or an earlier stage and its result.
RESTING_FORMAT = "zhuxin-closing-list/2"
MAX_BIDS = 2000

_RESTING = ("corrects", "follows", "result_sha256", "drawn_for")


@dataclass(frozen=True)
class LiveBid:
    """A bid on the closing list; log_index: of its receipt's entry."""

    bidder: str
    version: int
    manifest_sha256: str
    received_at: datetime
    log_index: int


@dataclass(frozen=True)
class ClosingList:
    """Every bid that is to be opened, and no other; in the order of their receipts.

    tree_size, tree_root (hex): the log's head when the lot was closed. session_key: the point (65
    bytes) to which trustees seal what they release in this opening. Hashes (hex) of what it rests
    on, all empty for the plain list of a lot's first stage: corrects: the list that a founded
    protest made wrong; follows, result_sha256: list and signed result of the stage before;
    drawn_for: the list under which the lot's factors are drawn, once for all.
    """

    lot: str
    policy_sha256: str
    policy_version: int
    stage: str
    closed_at: datetime
    tree_size: int
    tree_root: str
    session_key: bytes
    bids: tuple[LiveBid, ...]
    corrects: str = ""
    follows: str = ""
    result_sha256: str = ""
    drawn_for: str = ""

    @property
    def draw_sha256(self) -> str:
        """The list (hex) that the draw is bound to: this one, unless it rests on another."""
        return self.drawn_for or self.sha256

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = dict(vars(self))
        values |= {
            "closed_at": instant_text(self.closed_at),
            "session_key": b64(self.session_key),
            "bids": [
                {**vars(bid), "received_at": instant_text(bid.received_at)} for bid in self.bids
            ],
        }
        if any(values[name] for name in _RESTING):
            return write(RESTING_FORMAT, **values)
        return write(LIST_FORMAT, **{k: v for k, v in values.items() if k not in _RESTING})

    @property
    def sha256(self) -> str:
        """The list's hash, hex."""
        return hashlib.sha256(self.encode()).hexdigest()


def read_list(data: bytes) -> ClosingList:
    """The closing list in canonical bytes; ``sealing.closing.twice`` for a bidder twice.

    ``sealing.closing.resting`` where it rests on half of something.
    """
    if form_of(data) == RESTING_FORMAT:
        values = read(data, RESTING_FORMAT, _LIST | dict.fromkeys(_RESTING, digest_or_none))
        rests = bool(values["corrects"] or values["follows"])
        if (
            bool(values["follows"]) != bool(values["result_sha256"])
            or not rests
            or not values["drawn_for"]
        ):
            raise Refused.because("sealing.closing.resting")
    else:
        values = read(data, LIST_FORMAT, _LIST)
    values["bids"] = tuple(LiveBid(**row) for row in values["bids"])
    hpke.load_public(values["session_key"])
    closing = ClosingList(**values)
    for name in ("bidder", "manifest_sha256", "log_index"):
        if len({getattr(bid, name) for bid in closing.bids}) < len(closing.bids):
            raise Refused.because("sealing.closing.twice", part=name)
    if [bid.log_index for bid in closing.bids] != sorted(bid.log_index for bid in closing.bids):
        raise Refused.because("sealing.closing.order")
    return closing


def list_faults(closing: ClosingList, policy: Policy, now: datetime) -> Iterator[Refusal]:
    """Why a trustee must not sign a list, apart from its bids: every reason.

    ``sealing.closing.policy`` (another than the newest that it signed), ``.stage``, ``.too_early``
    (before the deadline, or by the reader's clock not over yet).
    """
    if (closing.lot, closing.policy_sha256, closing.policy_version) != (
        policy.lot, policy.sha256, policy.version,
    ):  # fmt: skip
        yield _fault("policy", found=closing.policy_sha256, wanted=policy.sha256)
    if closing.stage not in {stage.name for stage in policy.stages}:
        yield _fault("stage", stage=closing.stage)
    if closing.closed_at < policy.deadline or now < policy.deadline:
        yield _fault("too_early", deadline=instant_text(policy.deadline))
    if closing.closed_at > now:
        yield _fault("clock", closed_at=instant_text(closing.closed_at), now=instant_text(now))


def bid_faults(
    closing: ClosingList,
    bid: LiveBid,
    manifest: Manifest,
    receipt: Receipt,
    versions: Mapping[str, Policy],
) -> Iterator[Refusal]:
    """Why a bid on the list is not what its manifest and receipt say: every reason.

    versions: the policies of the lot by hash, from the first to the list's own.
    ``sealing.closing.bid`` names the part; ``.late`` where it came after its policy's deadline.
    """
    policy = versions.get(manifest.policy_sha256)
    parts = {
        "manifest": manifest.sha256 == bid.manifest_sha256 == receipt.manifest_sha256,
        "bidder": manifest.bidder == bid.bidder == receipt.bidder,
        "version": manifest.version == bid.version == receipt.version,
        "lot": manifest.lot == closing.lot == receipt.lot,
        "policy": policy is not None and receipt.policy_sha256 == manifest.policy_sha256,
        "received_at": receipt.received_at == bid.received_at,
        "log_index": receipt.log.index == bid.log_index < closing.tree_size,
    }
    for part, holds in parts.items():
        if not holds:
            yield _fault("bid", bidder=bid.bidder, part=part)
    last = max(versions.values(), key=lambda each: each.version)
    if bid.received_at > last.deadline:
        yield _fault("late", bidder=bid.bidder, received_at=instant_text(bid.received_at))


def _fault(what: str, **facts: object) -> Refusal:
    return Refusal(f"sealing.closing.{what}", facts, articles.CLOSING)


_LIST = {
    "lot": text(80),
    "policy_sha256": digest,
    "policy_version": integer(1, 10_000),
    "stage": text(80),
    "closed_at": instant,
    "tree_size": integer(1),
    "tree_root": digest,
    "session_key": octets(65, 65),
    "bids": listing(
        record(
            bidder=uscc,
            version=integer(1, 10_000),
            manifest_sha256=digest,
            received_at=instant,
            log_index=integer(0),
        ),
        0,
        MAX_BIDS,
    ),
}
