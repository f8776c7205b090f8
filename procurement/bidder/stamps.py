"""What a time-stamp proves, and by whom: judged here, by roots that the reader brought along."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from kernel.errors import Refused
from kernel.sealing import timestamps
from kernel.sealing.bids.bundles import Bundle, Trust, verify_policy
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import Policy, read_policy
from kernel.sealing.bids.policy_proof import check_moment, check_proof, unproven
from kernel.sealing.bids.receipts import Receipt, read_receipt
from kernel.sealing.certificates import is_demonstration, load_many
from kernel.sealing.trust import Anchors
from procurement.bidder.answers import Answer, bundle, raw, text
from procurement.bidder.http import Client, ServerRefused

_PAUSE, _LONGEST_PAUSE = 0.25, 2.0


@dataclass(frozen=True)
class Proved:
    """A token that holds: the authority's name, its time, and whether it is a sandbox's own."""

    authority: str
    gen_time: datetime
    demonstration: bool

    def as_json(self) -> dict[str, Any]:
        """As the tool tells it."""
        return {
            "authority": self.authority,
            "time": instant_text(self.gen_time),
            "demonstration": self.demonstration,
        }


def roots(options: argparse.Namespace) -> tuple[x509.Certificate, ...]:
    """The roots of time-stamp authorities: ``--tsa-anchors``, in a sandbox its own roots too."""
    found = tuple(load_many(options.tsa_anchors.read_bytes())) if options.tsa_anchors else ()
    if options.demonstration:
        found += tuple(load_many(options.anchors.read_bytes()))
    return found


def prove(
    token: bytes,
    digest: bytes,
    names: Sequence[str],
    options: argparse.Namespace,
    believed: Trust,
    known: datetime | None = None,
) -> Proved:
    """Who stamped this SHA-256 and when. Refused as by :mod:`kernel.sealing.timestamps`.

    names: those whom the policy names; a token of anybody else proves nothing here. known: as of
    :func:`kernel.sealing.timestamps.verify`.
    """
    trusted = roots(options)
    # Roots for demonstration vouch for demonstration only, and the other way round.
    own = is_demonstration(timestamps.read(token).certificate) and options.demonstration
    anchors = Anchors(tuple(c for c in trusted if is_demonstration(c) == own), own)
    found = timestamps.verify(
        token, digest, anchors,
        crls=believed.crls, intermediates=believed.intermediates, known=known,
    )  # fmt: skip
    return Proved(timestamps.check_named(found, names), found.gen_time, own)


def of_receipt(
    receipt: Receipt, names: Sequence[str], options: argparse.Namespace, believed: Trust
) -> dict[str, Any]:
    """What is proved of a receipt's time, and what is still provisional about the receipt.

    Without roots of time-stamp authorities nobody vouches for a token, and the receipt stays as
    provisional as if there were none. A receipt that calls itself whole with a token too far from
    its time is refused: ``sealing.timestamp.time``.
    """
    lacks = list(receipt.provisional)
    if not receipt.timestamp:
        if "timestamp" not in lacks:
            raise Refused.because("bidder.receipt.no_timestamp")
        return {"timestamp": None, "provisional": lacks}
    if not roots(options):
        told: dict[str, Any] = {"vouched": False}
        if "timestamp" not in lacks:
            lacks.append("timestamp")
        return {"timestamp": told, "provisional": lacks}
    digest = bytes.fromhex(receipt.manifest_sha256)
    found = prove(receipt.timestamp, digest, names, options, believed)
    if "timestamp" not in lacks:
        timestamps.check_time(timestamps.read(receipt.timestamp), receipt.received_at)
    return {"timestamp": {"vouched": True, **found.as_json()}, "provisional": lacks}


# An authority that is revoked, or of whom no list speaks up to now: its tokens prove nothing, and
# its fault, or its list's, is nobody's who signed.
_NO_PROOF = {
    "sealing.certificate.revoked", "sealing.certificate.crl_missing",
    "sealing.certificate.crl_stale",
}  # fmt: skip


def of_policy(
    answer: Answer, signed: Bundle, options: argparse.Namespace, believed: Trust, at: datetime
) -> Proved | None:
    """What proves by when a policy was signed, at ``at``; None where there is no token, no root for
    one, or its authority cannot be believed any more.

    A token that is there and false is refused: as by :func:`prove` and
    :mod:`kernel.sealing.bids.policy_proof`, since somebody put it there.
    """
    proof = answer.get("proof")
    if proof is None:
        return None
    if not isinstance(proof, dict):
        raise Refused.because("bidder.server.answer", part="proof")
    said, token = text(proof, "text"), raw(proof, "token")
    check_proof(said, signed)
    if not roots(options):
        return None
    policy = read_policy(signed.text)
    digest = hashlib.sha256(said).digest()
    try:
        found = prove(token, digest, policy.timestamp_authorities, options, believed, at)
    except Refused as refused:
        if {reason.code for reason in refused.refusals} <= _NO_PROOF:
            return None
        raise
    check_moment(found.gen_time, policy)
    return found


def checked_policy(
    answer: Answer, options: argparse.Namespace, believed: Trust, at: datetime
) -> tuple[Policy, Proved | None]:
    """The policy of an answer under all its signatures, and what proves by when they were there.

    Refused as by :func:`kernel.sealing.bids.bundles.verify_policy`; where a certificate fails now
    and the answer has no token, that is said too.
    """
    signed = bundle(answer, "policy")
    stamp = of_policy(answer, signed, options, believed, at)
    stamped = stamp.gen_time if stamp else None
    try:
        return verify_policy(signed, believed, at, options.expect, stamped), stamp
    except Refused as refused:
        if answer.get("proof") is not None:
            raise
        raise unproven(refused, read_policy(signed.text)) from None


def wait(server: Client, manifest_sha256: str, seconds: float) -> Answer | None:
    """The completed receipt if it comes within so many seconds; None where it does not.

    A server that answers with anything else leaves the bidder with the receipt that it has.
    """
    until, pause = time.monotonic() + seconds, _PAUSE
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE)
        with contextlib.suppress(ServerRefused, Refused):
            told = server.get(f"/bids/receipt?manifest={manifest_sha256}")
            if "timestamp" not in read_receipt(text(told, "receipt")).provisional:
                return told
    return None
