"""What trustees say of their shares under a closing list: marks per bid, and the release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kernel.errors import Refused
from kernel.sealing import hpke
from kernel.sealing.bids.closing import MAX_BIDS, ClosingList
from kernel.sealing.bids.fields import (
    b64,
    boolean,
    digest,
    listing,
    octets,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.manifest import Manifest
from kernel.sealing.bids.shares import SEALED_SIZE, Again, check_share, open_share

MARKS_FORMAT = "zhuxin-share-marks/1"
RELEASE_FORMAT = "zhuxin-share-release/1"


@dataclass(frozen=True)
class Mark:
    """Whether a trustee's share of an envelope opened and matched; if not, the code why."""

    manifest_sha256: str
    envelope: str
    good: bool
    reason: str = ""


@dataclass(frozen=True)
class Marks:
    """A trustee's marks for every bid and envelope of a stage."""

    lot: str
    list_sha256: str
    trustee: str
    marks: tuple[Mark, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = {**vars(self), "marks": [dict(vars(mark)) for mark in self.marks]}
        return write(MARKS_FORMAT, **values)


def read_marks(data: bytes) -> Marks:
    """The marks in canonical bytes; a mark given twice: ``sealing.closing.twice``."""
    values = read(data, MARKS_FORMAT, _MARKS)
    values["marks"] = tuple(Mark(**row) for row in values["marks"])
    marks = Marks(**values)
    _check_once((m.manifest_sha256, m.envelope) for m in marks.marks)
    if any(mark.good == bool(mark.reason) for mark in marks.marks):
        raise Refused.because("sealing.format.field", path="$.marks.reason", expected="text")
    return marks


def try_share(
    manifest: Manifest,
    envelope: str,
    index: int,
    sealed: bytes,
    key: hpke.PrivateKey,
    again: Again | None = None,
) -> tuple[Mark, bytes | None]:
    """A trustee's mark for one share, and the share where it is good."""
    try:
        share = open_share(manifest, envelope, index, sealed, key, again)
    except Refused as refused:
        return Mark(manifest.sha256, envelope, False, refused.refusals[0].code), None
    return Mark(manifest.sha256, envelope, True), share


def good_marks(every: Iterable[Marks], manifest_sha256: str, envelope: str) -> int:
    """How many trustees found their share of an envelope good."""
    found = {
        marks.trustee
        for marks in every
        for mark in marks.marks
        if mark.good and (mark.manifest_sha256, mark.envelope) == (manifest_sha256, envelope)
    }
    return len(found)


@dataclass(frozen=True)
class ReleasedShare:
    """A share, sealed again to the session's key."""

    manifest_sha256: str
    envelope: str
    sealed: bytes


@dataclass(frozen=True)
class Release:
    """The shares that a trustee sends for a stage, after the draw."""

    lot: str
    list_sha256: str
    trustee: str
    shares: tuple[ReleasedShare, ...]

    def encode(self) -> bytes:
        """The canonical bytes."""
        values = {
            **vars(self),
            "shares": [{**vars(share), "sealed": b64(share.sealed)} for share in self.shares],
        }
        return write(RELEASE_FORMAT, **values)


def read_release(data: bytes) -> Release:
    """The release in canonical bytes; a share sent twice: ``sealing.closing.twice``."""
    values = read(data, RELEASE_FORMAT, _RELEASED)
    values["shares"] = tuple(ReleasedShare(**row) for row in values["shares"])
    release = Release(**values)
    _check_once((s.manifest_sha256, s.envelope) for s in release.shares)
    return release


def reseal(
    closing: ClosingList, manifest: Manifest, envelope: str, trustee: str, share: bytes
) -> ReleasedShare:
    """A trustee's opened share, sealed to the opening session and to nothing else."""
    info = _info(closing.sha256, manifest.sha256, envelope, trustee)
    sealed = hpke.seal(share, hpke.load_public(closing.session_key), info)
    return ReleasedShare(manifest.sha256, envelope, sealed)


def open_released(
    closing: ClosingList,
    manifest: Manifest,
    trustee: str,
    index: int,
    released: ReleasedShare,
    session: hpke.PrivateKey,
    again: Again | None = None,
) -> bytes:
    """The share (33 bytes) in a release, compared with the manifest: ``sealing.share.opened``."""
    info = _info(closing.sha256, manifest.sha256, released.envelope, trustee)
    share = hpke.open_sealed(released.sealed, session, info)
    check_share(manifest, released.envelope, index, share, again)
    return share


def _info(closing: str, manifest: str, envelope: str, trustee: str) -> list[str]:
    return [RELEASE_FORMAT, closing, manifest, envelope, trustee]


def _check_once(keys: Iterable[tuple[str, str]]) -> None:
    every = list(keys)
    if len(set(every)) < len(every):
        raise Refused.because("sealing.closing.twice", part="envelope")


_OF_TRUSTEE = {"lot": text(80), "list_sha256": digest, "trustee": uscc}
_MARKS = {
    **_OF_TRUSTEE,
    "marks": listing(
        record(manifest_sha256=digest, envelope=text(80), good=boolean, reason=text(120, 0)),
        0,
        4 * MAX_BIDS,
    ),
}
_RELEASED = {
    **_OF_TRUSTEE,
    "shares": listing(
        record(manifest_sha256=digest, envelope=text(80), sealed=octets(SEALED_SIZE, SEALED_SIZE)),
        0,
        4 * MAX_BIDS,
    ),
}
