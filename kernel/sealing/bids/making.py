"""Making a bid on the bidder's own machine: encrypt, deal the keys, sign, pack."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from kernel.errors import Refused
from kernel.sealing import age, cms
from kernel.sealing.bids import aside, stored_zip
from kernel.sealing.bids.container import Part, write_bid
from kernel.sealing.bids.inner import Content, envelope_stream
from kernel.sealing.bids.manifest import Context, Manifest, new_nonce
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.shares import deal
from kernel.sealing.keystore import Signer


@dataclass(frozen=True)
class Sealed:
    """A bid that was made: its manifest, its size, and each envelope's identity (32 bytes).

    Whoever has the identities can open the bid: they go into the recovery file and nowhere else.
    """

    manifest: Manifest
    size: int
    identities: Mapping[str, bytes] = field(repr=False)


def seal_bid(
    target: BinaryIO,
    policy: Policy,
    contents: Mapping[str, Mapping[str, Content]],
    signer: Signer,
    at: datetime,
    *,
    bidder: str,
    replaces: Manifest | None = None,
    scratch: Path | None = None,
) -> Sealed:
    """As :func:`make_bid`, signed by a signer at hand."""

    def signature(manifest: bytes) -> bytes:
        return cms.sign(manifest, signer, at)

    return make_bid(
        target, policy, contents, signature, bidder=bidder, replaces=replaces, scratch=scratch
    )


def make_bid(
    target: BinaryIO,
    policy: Policy,
    contents: Mapping[str, Mapping[str, Content]],
    signature: Callable[[bytes], bytes],
    *,
    bidder: str,
    replaces: Manifest | None = None,
    scratch: Path | None = None,
) -> Sealed:
    """Seal the files of each envelope of the policy into one bid file, in constant memory.

    signature: gives the CMS over the manifest's bytes; empty where it is made elsewhere, see
    :func:`kernel.sealing.bids.container.sign_bid`. contents: envelope → name → path or bytes (see
    :func:`kernel.sealing.bids.inner.gather`). replaces: the manifest of the last receipted
    version. scratch: where ciphertexts wait to be packed; nothing unencrypted is written.
    Refused: ``sealing.manifest.envelopes`` where the contents are not for the policy's envelopes,
    ``sealing.envelope.*``, ``sealing.container.too_large``.
    """
    if set(contents) != set(policy.envelopes):
        raise Refused.because("sealing.manifest.envelopes", wanted=list(policy.envelopes))
    context = Context(
        policy_sha256=policy.sha256,
        lot=policy.lot,
        bidder=bidder,
        version=replaces.version + 1 if replaces else 1,
        nonce=new_nonce(),
    )
    identities = {name: age.new_identity() for name in policy.envelopes}
    with tempfile.TemporaryDirectory(dir=scratch, prefix="zxb-") as folder:
        parts = [
            _part(policy, context, name, contents[name], identities[name], Path(folder) / name)
            for name in policy.envelopes
        ]
        manifest = Manifest(
            lot=context.lot,
            policy_sha256=context.policy_sha256,
            bidder=context.bidder,
            version=context.version,
            replaces=replaces.sha256 if replaces else "",
            nonce=context.nonce,
            envelopes=tuple(part.envelope for part in parts),
        )
        data = manifest.encode()
        size = write_bid(target, data, signature(data), parts)
    if size > policy.maximum_size:
        raise Refused.because("sealing.container.too_large", limit=policy.maximum_size)
    return Sealed(manifest, size, identities)


def _part(
    policy: Policy,
    context: Context,
    name: str,
    files: Mapping[str, Content],
    identity: bytes,
    ciphertext: Path,
) -> Part:
    plain = stored_zip.Chunks(envelope_stream(context, name, files, policy.padding_minimum))
    summed = _Summed()
    with (
        ciphertext.open("wb") as file,
        aside.Aside(file.write, summed.digest.update, summed.add) as sink,
    ):
        age.encrypt_stream(plain, sink, age.recipient_of(identity))  # type: ignore[arg-type]
    dealt = deal(policy, context, name, identity, summed.digest.hexdigest(), summed.size)
    return Part(dealt.envelope, summed.crc, ciphertext, dealt.sealed)


class _Summed:
    """Size and sums of what was written."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.crc = 0
        self.size = 0

    def add(self, data: bytes) -> None:
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)
