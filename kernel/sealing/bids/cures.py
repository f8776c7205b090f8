"""A cure: a bidder deals the same committed key anew, before any share of its lot is released.

An envelope with fewer than k good marks can be saved by whoever sealed it: fresh shares of the
identity that the old manifest commits to, signed, sealed for this closing list alone. Trustees mark
them in a round of their own. After a release there is no cure: what others offer may be known then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import articles
from kernel.sealing.bids.closing import MAX_BIDS
from kernel.sealing.bids.fields import (
    b64,
    boolean,
    digest,
    integer,
    listing,
    octets,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.manifest import Manifest, ShareHash
from kernel.sealing.bids.policy import MAX_TRUSTEES, Policy
from kernel.sealing.bids.releasing import Mark, Marks, good_marks
from kernel.sealing.bids.shares import SEALED_SIZE, Again, deal_again

TOO_FEW, BROKEN = "sealing.share.too_few", "sealing.share.broken"
CURE_FORMAT = "zhuxin-share-cure/1"
MARKS_FORMAT = "zhuxin-cured-marks/1"


@dataclass(frozen=True)
class Cure:
    """Fresh shares of one envelope: rows and sealed shares in the trustees' order."""

    lot: str
    list_sha256: str
    bidder: str
    manifest_sha256: str
    envelope: str
    rows: tuple[ShareHash, ...]
    sealed: tuple[bytes, ...]

    @property
    def again(self) -> Again:
        """The rows that count instead of the manifest's."""
        return Again(self.list_sha256, self.rows)

    @property
    def sha256(self) -> str:
        """The cure's hash, hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """The canonical bytes."""
        shares = [
            {**vars(row), "sealed": b64(sealed)}
            for row, sealed in zip(self.rows, self.sealed, strict=True)
        ]
        values: dict[str, Any] = {
            k: v for k, v in vars(self).items() if k not in ("rows", "sealed")
        }
        return write(CURE_FORMAT, **values, shares=shares)


def make_cure(
    policy: Policy, manifest: Manifest, envelope: str, identity: bytes, list_sha256: str
) -> Cure:
    """A cure out of the identity (32 bytes) of the recovery file; ``sealing.share.commitment``."""
    again, sealed = deal_again(policy, manifest, envelope, identity, list_sha256)
    return Cure(
        policy.lot, list_sha256, manifest.bidder, manifest.sha256, envelope, again.rows, sealed
    )


def read_cure(data: bytes) -> Cure:
    """The cure in canonical bytes; refused by form."""
    values = read(data, CURE_FORMAT, _CURE)
    shares = values.pop("shares")
    sealed = tuple(share.pop("sealed") for share in shares)
    return Cure(**values, rows=tuple(ShareHash(**share) for share in shares), sealed=sealed)


def cure_faults(
    cure: Cure, manifest: Manifest, policy: Policy, list_sha256: str
) -> Iterator[Refusal]:
    """Why a cure does not belong to this bid on this list: every reason.

    ``sealing.cure.other`` names the part; ``.shares``: not one for every trustee in their order,
    an x twice, or sealed bytes that are not those of their row. That the shares give the committed
    key shows when they are put together (:func:`kernel.sealing.bids.shares.recover`).
    """
    wanted = {
        "lot": cure.lot == policy.lot == manifest.lot,
        "list_sha256": cure.list_sha256 == list_sha256,
        "bidder": cure.bidder == manifest.bidder,
        "manifest_sha256": cure.manifest_sha256 == manifest.sha256,
        "envelope": cure.envelope in {each.name for each in manifest.envelopes},
    }
    for part, holds in wanted.items():
        if not holds:
            yield _fault("other", part=part)
    keys = [row.trustee_key_sha256 for row in cure.rows]
    sealed = [hashlib.sha256(each).hexdigest() for each in cure.sealed]
    if (
        keys != [trustee.key_sha256 for trustee in policy.trustees]
        or len({row.x for row in cure.rows}) < len(cure.rows)
        or sealed != [row.sealed_sha256 for row in cure.rows]
    ):
        yield _fault("shares", envelope=cure.envelope)


@dataclass(frozen=True)
class CuredMark:
    """Whether a trustee's share of a cure opened and matched; if not, the code why."""

    cure_sha256: str
    manifest_sha256: str
    envelope: str
    good: bool
    reason: str = ""

    @classmethod
    def of(cls, cure: Cure, mark: Mark) -> CuredMark:
        """A mark as one of a cure."""
        return cls(cure.sha256, mark.manifest_sha256, mark.envelope, mark.good, mark.reason)


@dataclass(frozen=True)
class CuredMarks:
    """A trustee's marks for cures that it had not marked before."""

    lot: str
    list_sha256: str
    trustee: str
    marks: tuple[CuredMark, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = {**vars(self), "marks": [dict(vars(mark)) for mark in self.marks]}
        return write(MARKS_FORMAT, **values)


def read_cured_marks(data: bytes) -> CuredMarks:
    """The marks in canonical bytes; a cure marked twice: ``sealing.closing.twice``."""
    values = read(data, MARKS_FORMAT, _MARKS)
    marks = tuple(CuredMark(**row) for row in values.pop("marks"))
    if len({mark.cure_sha256 for mark in marks}) < len(marks):
        raise Refused.because("sealing.closing.twice", part="cure_sha256")
    if any(mark.good == bool(mark.reason) for mark in marks):
        raise Refused.because("sealing.format.field", path="$.marks.reason", expected="text")
    return CuredMarks(**values, marks=marks)


def good_cured(every: Iterable[CuredMarks], cure_sha256: str) -> int:
    """How many trustees found their share of a cure good."""
    return len(
        {
            marks.trustee
            for marks in every
            for mark in marks.marks
            if mark.good and mark.cure_sha256 == cure_sha256
        }
    )


Place = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """What was said of shares: marks, cures by (manifest, envelope), and marks of those."""

    marks: tuple[Marks, ...]
    cures: Mapping[Place, Cure]
    cured: tuple[CuredMarks, ...]

    def good(self, place: Place) -> int:
        """How many shares of an envelope its trustees found good; of its cure where that helps."""
        cure = self.cures.get(place)
        return max(
            good_marks(self.marks, *place), good_cured(self.cured, cure.sha256) if cure else 0
        )

    def found_good(self, place: Place, threshold: int) -> frozenset[str]:
        """The trustees (USCC) who said that their share opens: of the rows that count."""
        cure = self.cures.get(place)
        if cure is None or self.again(place, threshold) is None:
            return frozenset(
                m.trustee
                for m in self.marks
                for mark in m.marks
                if mark.good and (mark.manifest_sha256, mark.envelope) == place
            )
        return frozenset(
            m.trustee
            for m in self.cured
            for mark in m.marks
            if mark.good and mark.cure_sha256 == cure.sha256
        )

    def too_few(self, place: Place, threshold: int) -> str:
        """The code of an envelope for which less than k good shares came after the release.

        Of one that k trustees had found good it is they who did not give what they signed for
        (``sealing.share.broken``); of any other it is as its bidder sealed it.
        """
        return BROKEN if len(self.found_good(place, threshold)) >= threshold else TOO_FEW

    def found_bad(self, place: Place, threshold: int) -> frozenset[str]:
        """The trustees (USCC) who said that their share does not open: of the rows that count."""
        if self.again(place, threshold) is None:
            rows = ((m.trustee, mark) for m in self.marks for mark in m.marks)
            return frozenset(
                trustee
                for trustee, mark in rows
                if not mark.good and (mark.manifest_sha256, mark.envelope) == place
            )
        cure = self.cures[place].sha256
        return frozenset(
            m.trustee
            for m in self.cured
            for mark in m.marks
            if not mark.good and mark.cure_sha256 == cure
        )

    def again(self, place: Place, threshold: int) -> Again | None:
        """The rows of an envelope's cure, where k trustees found those good; else None."""
        cure = self.cures.get(place)
        helps = cure is not None and good_cured(self.cured, cure.sha256) >= threshold
        return cure.again if cure is not None and helps else None

    def uncured(self, places: Iterable[Place], threshold: int) -> frozenset[Place]:
        """The envelopes with fewer than k good marks, once k trustees have marked at all."""
        if len({marks.trustee for marks in self.marks}) < threshold:
            return frozenset()
        return frozenset(place for place in places if self.good(place) < threshold)


def _fault(what: str, **facts: object) -> Refusal:
    return Refusal(f"sealing.cure.{what}", facts, articles.CLOSING)


_CURE = {
    "lot": text(80),
    "list_sha256": digest,
    "bidder": uscc,
    "manifest_sha256": digest,
    "envelope": text(80),
    "shares": listing(
        record(
            trustee_key_sha256=digest,
            x=integer(1, 255),
            sealed_sha256=digest,
            opened_sha256=digest,
            sealed=octets(SEALED_SIZE, SEALED_SIZE),
        ),
        2,
        MAX_TRUSTEES,
    ),
}
_MARKS = {
    "lot": text(80),
    "list_sha256": digest,
    "trustee": uscc,
    "marks": listing(
        record(
            cure_sha256=digest,
            manifest_sha256=digest,
            envelope=text(80),
            good=boolean,
            reason=text(120, 0),
        ),
        1,
        4 * MAX_BIDS,
    ),
}
