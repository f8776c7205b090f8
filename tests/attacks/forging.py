"""A bid file taken apart and put together again, as somebody with a hex editor and a key would."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kernel.sealing import age, cms
from kernel.sealing.bids import container
from kernel.sealing.bids.container import Part
from kernel.sealing.bids.manifest import Context, Manifest, new_nonce
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import Dealt, deal


@dataclass
class Parts:
    """A bid in its pieces: the manifest, each envelope's ciphertext, each envelope's shares."""

    manifest: Manifest
    manifest_bytes: bytes
    signature: bytes
    ciphertexts: dict[str, bytes]
    shares: dict[str, tuple[bytes, ...]]


def take_apart(data: bytes) -> Parts:
    """The pieces of a bid file."""
    received = container.read_bid(io.BytesIO(data), 2**32)
    ciphertexts = {}
    for row in received.manifest.envelopes:
        start, size = container.locate(received, row.name)
        ciphertexts[row.name] = data[start : start + size]
    return Parts(
        received.manifest, received.manifest_bytes, received.signature, ciphertexts,
        dict(received.shares),
    )  # fmt: skip


def put_together(
    manifest: Manifest,
    signature: bytes,
    ciphertexts: Mapping[str, bytes],
    shares: Mapping[str, Sequence[bytes]],
    folder: Path,
    head: bytes = b"",
) -> bytes:
    """A bid file of pieces, laid out as the format has it. head: stands in for the manifest."""
    parts = []
    for row in manifest.envelopes:
        path = folder / f"{row.name}.forged"
        path.write_bytes(ciphertexts[row.name])
        crc = zlib.crc32(ciphertexts[row.name])
        parts.append(Part(row, crc, path, tuple(shares[row.name])))
    target = io.BytesIO()
    container.write_bid(target, head or manifest.encode(), signature, parts)
    return target.getvalue()


def signed(manifest: Manifest, signer: Any, at: Any) -> bytes:
    """The attacker's own good signature over whatever the manifest says."""
    return cms.sign(manifest.encode(), signer, at)


def as_own(manifest: Manifest, bidder: str, **changes: Any) -> Manifest:
    """Somebody else's manifest under another name, all hashes kept."""
    return replace(manifest, bidder=bidder, **changes)


def dealt_anew(
    parts: Parts, policy: Policy, bidder: str, identities: Mapping[str, bytes]
) -> tuple[Manifest, dict[str, tuple[bytes, ...]]]:
    """The ciphertexts of a colluding bidder, their keys dealt as if they were one's own."""
    context = Context(policy.sha256, policy.lot, bidder, 1, new_nonce())
    rows, shares = [], {}
    for row in parts.manifest.envelopes:
        made = deal(policy, context, row.name, identities[row.name], row.sha256, row.size)
        rows.append(made.envelope)
        shares[row.name] = made.sealed
    manifest = Manifest(
        context.lot, context.policy_sha256, bidder, 1, "", context.nonce, tuple(rows)
    )
    return manifest, shares


def envelope_of(policy: Policy, context: Context, name: str, plain: bytes) -> tuple[Dealt, bytes]:
    """An envelope whose plaintext is whatever the attacker likes: its row and shares, its bytes."""
    identity = age.new_identity()
    sealed = age.encrypt(plain, age.recipient_of(identity))
    digest = hashlib.sha256(sealed).hexdigest()
    return deal(policy, context, name, identity, digest, len(sealed)), sealed
