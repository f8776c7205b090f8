"""The manifest of a bid: what its bidder signs, and what binds every share and ciphertext to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.sealing import canonical
from kernel.sealing.bids import articles
from kernel.sealing.bids.fields import (
    choice,
    digest,
    digest_or_none,
    integer,
    listing,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.policy import ENVELOPES, MAX_BID, MAX_TRUSTEES, SUITE, Policy

FORMAT = "zhuxin-bid-manifest/1"
MAX_MANIFEST = 256 * 1024
NONCE_SIZE = 32

_COMMITMENT = "zhuxin-key-commitment/1"
_SHARE = "zhuxin-key-share/1"
_CURED = "zhuxin-cured-share/1"


@dataclass(frozen=True)
class ShareHash:
    """What the manifest says of one trustee's share: of which key, its x, and both hashes (hex)."""

    trustee_key_sha256: str
    x: int
    sealed_sha256: str
    opened_sha256: str


@dataclass(frozen=True)
class Envelope:
    """One envelope: hash (hex) and size of its ciphertext, the key commitment, its shares."""

    name: str
    sha256: str
    size: int
    commitment: str
    shares: tuple[ShareHash, ...]


@dataclass(frozen=True)
class Context:
    """What a bid's secrets are bound to: every hash and every HPKE info names all of it."""

    policy_sha256: str
    lot: str
    bidder: str
    version: int
    nonce: str

    def commitment(self, envelope: str, identity: bytes) -> str:
        """The key commitment of an envelope's identity (32 bytes), hex."""
        return canonical.digest(
            [_COMMITMENT, self.policy_sha256, self.lot, self.bidder, envelope, self.version,
             self.nonce, identity.hex()]
        ).hex()  # fmt: skip

    def share_info(
        self, envelope: str, ciphertext: str, index: int, key: str, cured_for: str = ""
    ) -> list[Any]:
        """The HPKE info of a share: ciphertext and trustee's key by their hashes (hex).

        cured_for: of a share that a cure gives anew, the closing list (hex) that it is given for.
        """
        bound = [self.policy_sha256, self.lot, self.bidder, envelope, self.version, self.nonce,
                 ciphertext, index, key]  # fmt: skip
        return [_CURED, *bound, cured_for] if cured_for else [_SHARE, *bound]


@dataclass(frozen=True)
class Manifest:
    """A bid in hashes. replaces: hash of the version before, empty for the first."""

    lot: str
    policy_sha256: str
    bidder: str
    version: int
    replaces: str
    nonce: str
    envelopes: tuple[Envelope, ...]
    suite: str = SUITE

    @property
    def context(self) -> Context:
        """What the bid's secrets are bound to."""
        return Context(self.policy_sha256, self.lot, self.bidder, self.version, self.nonce)

    def envelope(self, name: str) -> Envelope:
        """An envelope by name; KeyError for one that is not there."""
        return {each.name: each for each in self.envelopes}[name]

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(
            FORMAT,
            suite=self.suite,
            lot=self.lot,
            policy_sha256=self.policy_sha256,
            bidder=self.bidder,
            version=self.version,
            replaces=self.replaces,
            nonce=self.nonce,
            envelopes=[
                {
                    "name": e.name,
                    "sha256": e.sha256,
                    "size": e.size,
                    "commitment": e.commitment,
                    "shares": [dict(vars(share)) for share in e.shares],
                }
                for e in self.envelopes
            ],
        )

    @property
    def sha256(self) -> str:
        """The manifest's hash, hex: the name of this version of the bid."""
        return hashlib.sha256(self.encode()).hexdigest()


def new_nonce() -> str:
    """A fresh nonce of a bid's version, hex."""
    return secrets.token_hex(NONCE_SIZE)


def read_manifest(data: bytes) -> Manifest:
    """The manifest in canonical bytes; refused by form with ``sealing.format.*``.

    ``sealing.manifest.shape``: an envelope, key or x stands twice, or a first version replaces.
    """
    values = read(data, FORMAT, _SHAPES, MAX_MANIFEST)
    values["envelopes"] = tuple(
        Envelope(**{**row, "shares": tuple(ShareHash(**share) for share in row["shares"])})
        for row in values["envelopes"]
    )
    manifest = Manifest(**values)
    if (manifest.version == 1) != (manifest.replaces == ""):
        raise Refused.because("sealing.manifest.shape", part="replaces")
    _check_single("name", [e.name for e in manifest.envelopes])
    for each in manifest.envelopes:
        _check_single("x", [share.x for share in each.shares])
        _check_single("trustee_key_sha256", [s.trustee_key_sha256 for s in each.shares])
    return manifest


def faults(manifest: Manifest, policy: Policy) -> Iterator[Refusal]:
    """Why a manifest does not belong to a policy: every reason that does not follow from another.

    ``sealing.manifest.lot``, ``.policy`` (sealed under another version or a substituted policy),
    ``.envelopes``, ``.shares`` (not one for every trustee, in their order).
    """
    if manifest.lot != policy.lot:
        yield _fault("lot", lot=manifest.lot, wanted=policy.lot)
    if manifest.policy_sha256 != policy.sha256:
        # Another policy has other trustees: its shares need not be told one envelope at a time.
        yield _fault("policy", found=manifest.policy_sha256, wanted=policy.sha256)
        return
    if tuple(e.name for e in manifest.envelopes) != policy.envelopes:
        yield _fault("envelopes", wanted=list(policy.envelopes))
    keys = [t.key_sha256 for t in policy.trustees]
    for each in manifest.envelopes:
        if [share.trustee_key_sha256 for share in each.shares] != keys:
            yield _fault("shares", envelope=each.name)


def check_succession(manifest: Manifest, before: Manifest | None) -> None:
    """Refuse a version that does not follow the bidder's last one: ``sealing.manifest.version``.

    before: the last receipted version, also one that was withdrawn; None where there is none.
    """
    version = before.version + 1 if before else 1
    replaces = before.sha256 if before else ""
    if manifest.version != version or manifest.replaces != replaces:
        raise Refused(
            _fault("version", version=manifest.version, wanted=version, replaces=replaces or "-")
        )


def _check_single(part: str, values: list[Any]) -> None:
    if len(set(values)) < len(values):
        raise Refused.because("sealing.manifest.shape", part=part)


def _fault(what: str, **facts: Any) -> Refusal:
    return Refusal(f"sealing.manifest.{what}", facts, articles.FILE)


_SHARE_SHAPE = record(
    trustee_key_sha256=digest, x=integer(1, 255), sealed_sha256=digest, opened_sha256=digest
)
_SHAPES = {
    "suite": choice(SUITE),
    "lot": text(80),
    "policy_sha256": digest,
    "bidder": uscc,
    "version": integer(1, 10_000),
    "replaces": digest_or_none,
    "nonce": digest,
    "envelopes": listing(
        record(
            name=choice(*ENVELOPES),
            sha256=digest,
            size=integer(1, MAX_BID),
            commitment=digest,
            shares=listing(_SHARE_SHAPE, 2, MAX_TRUSTEES),
        ),
        1,
        len(ENVELOPES),
    ),
}
