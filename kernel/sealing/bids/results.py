"""The result of a stage: which bids passed it. What a later stage opens follows from it alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import articles
from kernel.sealing.bids.closing import MAX_BIDS, ClosingList
from kernel.sealing.bids.fields import digest, listing, read, record, text, write
from kernel.sealing.bids.policy import Policy, Stage

FORMAT = "zhuxin-stage-result/1"


@dataclass(frozen=True)
class Failed:
    """A bid that did not pass, and why."""

    manifest_sha256: str
    reason: str


@dataclass(frozen=True)
class StageResult:
    """The result of a stage, signed by the procuring entity.

    list_sha256: the stage's closing list; report_sha256: of the committee's signed report.
    """

    lot: str
    stage: str
    list_sha256: str
    report_sha256: str
    passed: tuple[str, ...]
    failed: tuple[Failed, ...]

    @property
    def sha256(self) -> str:
        """The result's hash, hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = {
            **vars(self),
            "passed": list(self.passed),
            "failed": [dict(vars(row)) for row in self.failed],
        }
        return write(FORMAT, **values)


def read_result(data: bytes) -> StageResult:
    """The result in canonical bytes; a bid that stands twice: ``sealing.closing.twice``."""
    values = read(data, FORMAT, _RESULT)
    values["failed"] = tuple(Failed(**row) for row in values["failed"])
    result = StageResult(**values)
    named = [*result.passed, *(row.manifest_sha256 for row in result.failed)]
    if len(set(named)) < len(named):
        raise Refused.because("sealing.closing.twice", part="manifest_sha256")
    return result


def next_stage(policy: Policy, name: str) -> Stage | None:
    """The stage after one of this name; None after the last."""
    names = [stage.name for stage in policy.stages]
    place = names.index(name) + 1 if name in names else len(names)
    return policy.stages[place] if place < len(names) else None


def following_faults(
    closing: ClosingList,
    earlier: ClosingList,
    result: StageResult,
    policy: Policy,
    dead: frozenset[str] = frozenset(),
) -> Iterator[Refusal]:
    """Why a later stage's list does not follow from the earlier one's result: every reason.

    dead: bids that were struck off this stage's lists by founded protests. ``sealing.stage.result``
    names the part; ``.bids``: not exactly those that passed.
    """
    later = next_stage(policy, earlier.stage)
    parts = {
        "lot": result.lot == earlier.lot == closing.lot,
        "stage": result.stage == earlier.stage and later is not None,
        "later_stage": later is not None and later.name == closing.stage,
        "list_sha256": result.list_sha256 == earlier.sha256 == closing.follows,
        "result_sha256": result.sha256 == closing.result_sha256,
        "drawn_for": closing.drawn_for == earlier.draw_sha256,
    }
    for part, holds in parts.items():
        if not holds:
            yield _fault("result", part=part)
    names = set(result.passed) - dead
    passed = [bid for bid in earlier.bids if bid.manifest_sha256 in names]
    if list(closing.bids) != passed or len(passed) != len(names):
        yield _fault("bids", stage=closing.stage)


def correcting_faults(
    closing: ClosingList,
    before: ClosingList,
    missing: frozenset[str],
    dead: frozenset[str] = frozenset(),
) -> Iterator[Refusal]:
    """Why a corrected list does not follow from the one before: it answers protests, all of them.

    missing, dead: manifest hashes of founded protests. What was missing is there, and may take the
    place of an earlier version of the same bidder and of nothing else; what is dead is gone. Every
    other bid stays. ``sealing.closing.correction`` names the part.
    """
    kept, added = set(before.bids), set(closing.bids) - set(before.bids)
    newer = {bid.bidder: bid.version for bid in added if bid.manifest_sha256 in missing}
    replaced = {bid for bid in kept if bid.version < newer.get(bid.bidder, 0)}
    struck = {bid for bid in kept if bid.manifest_sha256 in dead}
    parts = {
        "corrects": closing.corrects == before.sha256,
        "drawn_for": closing.drawn_for == before.draw_sha256,
        "stage": (closing.lot, closing.stage, closing.follows, closing.result_sha256)
        == (before.lot, before.stage, before.follows, before.result_sha256),
        "closed_at": closing.closed_at >= before.closed_at,
        "dropped": kept - replaced - struck <= set(closing.bids),
        "dead": not dead & {bid.manifest_sha256 for bid in closing.bids},
        "added": bool(added or struck) and {bid.manifest_sha256 for bid in added} == missing,
    }
    for part, holds in parts.items():
        if not holds:
            yield Refusal("sealing.closing.correction", {"part": part}, articles.CLOSING)


def _fault(what: str, **facts: object) -> Refusal:
    return Refusal(f"sealing.stage.{what}", facts, articles.CLOSING)


_RESULT = {
    "lot": text(80),
    "stage": text(80),
    "list_sha256": digest,
    "report_sha256": digest,
    "passed": listing(digest, 0, MAX_BIDS),
    "failed": listing(record(manifest_sha256=digest, reason=text(500)), 0, MAX_BIDS),
}
