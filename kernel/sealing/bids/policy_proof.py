"""What a time-stamp of a policy is over: the policy and exactly these signatures.

A policy is signed once, before the bids, and relied on for weeks. Without its moment every reader
judges the signatures by now, and a trustee whose certificate is revoked or expires afterwards stops
everybody. The text is canonical JSON that nobody signs: it follows from policy and signatures, and
a token (RFC 3161) over it proves that all of them were there by then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import articles
from kernel.sealing.bids.bundles import Bundle
from kernel.sealing.bids.fields import digest, instant_text, listing, read, record, uscc, write
from kernel.sealing.bids.policy import MAX_TRUSTEES, Policy

FORMAT = "zhuxin-policy-proof/1"
# The procuring entity, where it holds no share, signs beside the trustees.
_MOST_SIGNERS = MAX_TRUSTEES + 1


@dataclass(frozen=True)
class PolicyProof:
    """policy_sha256: hex. signatures: USCC and SHA-256 (hex) of the CMS bytes, by USCC."""

    policy_sha256: str
    signatures: tuple[tuple[str, str], ...]

    def encode(self) -> bytes:
        """The canonical bytes, over whose SHA-256 the token is."""
        rows = [{"uscc": code, "p7s_sha256": name} for code, name in self.signatures]
        return write(FORMAT, policy_sha256=self.policy_sha256, signatures=rows)


def proof_of(bundle: Bundle) -> PolicyProof:
    """The proof's text of a policy under its signatures.

    ``sealing.policy_proof.order`` where a signer stands there twice.
    """
    rows = sorted((each.uscc, hashlib.sha256(each.p7s).hexdigest()) for each in bundle.signatures)
    return _ordered(PolicyProof(hashlib.sha256(bundle.text).hexdigest(), tuple(rows)))


def read_proof(data: bytes) -> PolicyProof:
    """A proof's text. Refused ``sealing.format.*``, and ``sealing.policy_proof.order`` where its
    signers do not stand in their order, each once.
    """
    values = read(data, FORMAT, _SHAPES)
    rows = tuple((row["uscc"], row["p7s_sha256"]) for row in values["signatures"])
    return _ordered(PolicyProof(values["policy_sha256"], rows))


def check_proof(data: bytes, bundle: Bundle) -> None:
    """Refuse a text that is of another policy, or of other signatures, more or fewer.

    ``sealing.policy_proof.other`` with ``part`` (``policy``, ``signatures``), and as
    :func:`read_proof`.
    """
    said, own = read_proof(data), proof_of(bundle)
    if said.policy_sha256 != own.policy_sha256:
        raise Refused.because("sealing.policy_proof.other", part="policy")
    if said != own:
        raise Refused.because("sealing.policy_proof.other", part="signatures")


def check_moment(gen_time: datetime, policy: Policy) -> None:
    """Refuse a token that is later than the bids it should go before.

    ``sealing.policy_proof.late``: the deadline was over.
    """
    if gen_time > policy.deadline:
        raise Refused.because(
            "sealing.policy_proof.late",
            articles.POLICY,
            at=instant_text(gen_time),
            deadline=instant_text(policy.deadline),
        )


def unproven(refused: Refused, policy: Policy) -> Refused:
    """What a reader says who was shown no token and finds that a signer's certificate fails now.

    Where the policy names authorities ``sealing.policy_proof.missing`` is added: whether the
    certificate failed before it signed or after, only the token tells, which others than the
    operator have too.
    """
    codes = {reason.code for reason in refused.refusals}
    if not policy.timestamp_authorities or not codes & _SINCE:
        return refused
    return Refused(
        [*refused.refusals, Refusal("sealing.policy_proof.missing", {}, articles.POLICY)]
    )


# What may have come after the signature.
_SINCE = {"sealing.certificate.revoked", "sealing.certificate.expired"}


def _ordered(proof: PolicyProof) -> PolicyProof:
    codes = [code for code, _name in proof.signatures]
    if any(code >= after for code, after in pairwise(codes)):
        raise Refused.because("sealing.policy_proof.order")
    return proof


_SHAPES = {
    "policy_sha256": digest,
    "signatures": listing(record(uscc=uscc, p7s_sha256=digest), 1, _MOST_SIGNERS),
}
