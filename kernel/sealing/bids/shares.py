"""The key of an envelope among its trustees: split, sealed, opened, put together and proven."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import Refused
from kernel.sealing import hpke, shamir
from kernel.sealing.bids.manifest import Context, Envelope, Manifest, ShareHash
from kernel.sealing.bids.policy import Policy

IDENTITY_SIZE = 32
# The y bytes and the x byte.
SHARE_SIZE = IDENTITY_SIZE + 1
SEALED_SIZE = SHARE_SIZE + hpke.OVERHEAD


@dataclass(frozen=True)
class Dealt:
    """An envelope's key, dealt: its manifest row and the sealed shares in the trustees' order."""

    envelope: Envelope
    sealed: tuple[bytes, ...]


@dataclass(frozen=True)
class Again:
    """The same key dealt anew for one closing list (hex): these rows count, not the manifest's."""

    list_sha256: str
    rows: tuple[ShareHash, ...]


def deal(
    policy: Policy, context: Context, name: str, identity: bytes, ciphertext: str, size: int
) -> Dealt:
    """Split an identity (32 bytes) k of n and seal each share to its trustee.

    ciphertext: SHA-256 (hex) of the age file, ``size`` bytes long, that the identity opens.
    """
    rows, sealed = _split(policy, context, name, identity, ciphertext)
    commitment = context.commitment(name, identity)
    return Dealt(Envelope(name, ciphertext, size, commitment, rows), sealed)


def deal_again(
    policy: Policy, manifest: Manifest, name: str, identity: bytes, list_sha256: str
) -> tuple[Again, tuple[bytes, ...]]:
    """Split the committed identity of an envelope afresh, for one closing list; and the shares.

    ``sealing.share.commitment`` for another identity than the bidder committed to.
    """
    envelope, context = manifest.envelope(name), manifest.context
    if context.commitment(name, identity) != envelope.commitment:
        raise Refused.because("sealing.share.commitment", envelope=name)
    rows, sealed = _split(policy, context, name, identity, envelope.sha256, list_sha256)
    return Again(list_sha256, rows), sealed


def _split(
    policy: Policy, context: Context, name: str, identity: bytes, ciphertext: str, cured: str = ""
) -> tuple[tuple[ShareHash, ...], tuple[bytes, ...]]:
    shares = shamir.split(identity, len(policy.trustees), policy.threshold)
    sealed, rows = [], []
    for index, (trustee, share) in enumerate(zip(policy.trustees, shares, strict=True)):
        info = context.share_info(name, ciphertext, index, trustee.key_sha256, cured)
        sealed.append(hpke.seal(share, hpke.load_public(trustee.key), info))
        rows.append(
            ShareHash(
                trustee_key_sha256=trustee.key_sha256,
                x=share[-1],
                sealed_sha256=hashlib.sha256(sealed[-1]).hexdigest(),
                opened_sha256=hashlib.sha256(share).hexdigest(),
            )
        )
    return tuple(rows), tuple(sealed)


def open_share(
    manifest: Manifest,
    name: str,
    index: int,
    sealed: bytes,
    key: hpke.PrivateKey,
    again: Again | None = None,
) -> bytes:
    """A trustee's share (33 bytes), opened and compared with both hashes that the bidder signed.

    again: where the key was dealt anew. Refused: ``sealing.share.sealed`` (other bytes than the
    bidder signed), ``.other_key`` (the share is of another key), ``sealing.hpke.cannot_open``
    (sealed for another bid or purpose), ``.opened`` (it holds not what the bidder signed).
    """
    envelope = manifest.envelope(name)
    row = _rows(manifest, name, again)[index]
    if hashlib.sha256(sealed).hexdigest() != row.sealed_sha256:
        raise _refused("sealed", name, index)
    if hpke.key_digest(key.public_key()).hex() != row.trustee_key_sha256:
        raise _refused("other_key", name, index)
    info = manifest.context.share_info(
        name, envelope.sha256, index, row.trustee_key_sha256, again.list_sha256 if again else ""
    )
    share = hpke.open_sealed(sealed, key, info)
    check_share(manifest, name, index, share, again)
    return share


def check_share(
    manifest: Manifest, name: str, index: int, share: bytes, again: Again | None = None
) -> None:
    """Refuse an opened share other than the bidder signed: ``sealing.share.opened``."""
    row = _rows(manifest, name, again)[index]
    same = hashlib.sha256(share).hexdigest() == row.opened_sha256
    if len(share) != SHARE_SIZE or share[-1] != row.x or not same:
        raise _refused("opened", name, index)


def _rows(manifest: Manifest, name: str, again: Again | None) -> tuple[ShareHash, ...]:
    return again.rows if again else manifest.envelope(name).shares


def recover(
    manifest: Manifest,
    policy: Policy,
    name: str,
    shares: Mapping[int, bytes],
    again: Again | None = None,
) -> bytes:
    """The identity (32 bytes) of an envelope from at least k opened shares, by trustee's index.

    From k of them all n are interpolated: it opens only if the commitment and all n share hashes
    hold, so it never matters which trustees came. Refused: ``sealing.share.too_few``,
    ``.opened`` (one given is not the bidder's), ``.commitment`` (they give another key),
    ``.inconsistent`` (other trustees' shares would give another).
    """
    envelope, k = manifest.envelope(name), policy.threshold
    for index, share in shares.items():
        check_share(manifest, name, index, share, again)
    if len(shares) < k:
        raise Refused.because("sealing.share.too_few", envelope=name, found=len(shares), needed=k)
    some = [shares[index] for index in sorted(shares)[:k]]
    identity = shamir.combine(some)
    if manifest.context.commitment(name, identity) != envelope.commitment:
        raise Refused.because("sealing.share.commitment", envelope=name)
    for index, row in enumerate(_rows(manifest, name, again)):
        made = shamir.recover_share(some, row.x)
        if hashlib.sha256(made).hexdigest() != row.opened_sha256:
            raise _refused("inconsistent", name, index)
    return identity


def _refused(what: str, envelope: str, index: int) -> Refused:
    return Refused.because(f"sealing.share.{what}", envelope=envelope, index=index)
