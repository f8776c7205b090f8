"""What a bid must hold before it gets a receipt; the same at the bidder's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from kernel.errors import Refusal, Refused
from kernel.sealing import cms
from kernel.sealing.bids import articles, stored_zip
from kernel.sealing.bids import manifest as manifests
from kernel.sealing.bids.bundles import Trust, check_signer
from kernel.sealing.bids.container import Head, Received, check_padding, read_bid
from kernel.sealing.bids.policy import Policy
from kernel.sealing.certificates import fingerprint, subject_text
from kernel.sealing.trust import Chain, build_chain

# No list at hand says nothing about the bidder: the receipt is provisional until one comes.
_NO_LIST = frozenset({"sealing.certificate.crl_missing", "sealing.certificate.crl_stale"})


@dataclass(frozen=True)
class Accepted:
    """A bid that may have its receipt.

    provisional: ``crl`` where no list could say that the certificate was not revoked.
    """

    received: Received
    certificate: x509.Certificate
    provisional: tuple[str, ...] = ()

    @property
    def certificate_sha256(self) -> str:
        """The signer's certificate, hex."""
        return fingerprint(self.certificate)

    @property
    def certificate_serial(self) -> str:
        """The certificate's serial number, hex."""
        return format(self.certificate.serial_number, "x")


def receive(
    source: stored_zip.Source, policy: Policy, bidder: str, trust: Trust, at: datetime
) -> Accepted:
    """Read a bid from first byte to last and judge it as of ``at``, the time of its last byte.

    policy: the newest version. bidder: the USCC of whoever uploads. Every reason is named
    together where it does not keep the rest from being read; see :func:`read_bid`,
    :func:`kernel.sealing.bids.manifest.faults`, and ``sealing.bid.deadline``, ``.bidder``.
    The state of the lot and earlier versions (:func:`check_succession`) are the caller's.
    """
    reasons = list(_deadline_faults(policy, at))
    try:
        received = read_bid(source, policy.maximum_size)
    except Refused as refused:
        raise Refused([*reasons, *refused.refusals]) from refused
    manifest = received.manifest
    reasons += _bidder_faults(manifest.bidder, bidder)
    reasons += manifests.faults(manifest, policy)
    reasons += check_padding(received, policy.padding_minimum)
    try:
        certificate, provisional = verify_signature(received, trust, at, policy)
    except Refused as refused:
        resting = articles.resting(refused, articles.FILE)
        raise Refused([*reasons, *resting.refusals]) from refused
    if reasons:
        raise Refused(reasons)
    return Accepted(received, certificate, provisional)


def judge_head(
    head: Head, length: int, policy: Policy, bidder: str, trust: Trust, at: datetime
) -> None:
    """Judge what a bid begins with, before the rest has come; refused with every reason at once.

    length: bytes of the whole file, as its sender announced them (``sealing.container.length``
    where the manifest makes it another size). The rest as :func:`receive`, which judges all of it
    again: what passes here may still be refused there.
    """
    reasons = list(_deadline_faults(policy, at))
    if head.size != length:
        facts = {"size": head.size, "length": length}
        reasons.append(Refusal("sealing.container.length", facts, articles.FILE))
    reasons += _bidder_faults(head.manifest.bidder, bidder)
    reasons += manifests.faults(head.manifest, policy)
    try:
        verify_signature(head, trust, at, policy)
    except Refused as refused:
        resting = articles.resting(refused, articles.FILE)
        raise Refused([*reasons, *resting.refusals]) from refused
    if reasons:
        raise Refused(reasons)


def verify_signature(
    received: Received | Head, trust: Trust, at: datetime, policy: Policy
) -> tuple[x509.Certificate, tuple[str, ...]]:
    """The certificate that signed a bid as its bidder, and what is provisional about it.

    Of the roots that the reader trusts only those that the policy names count for this lot:
    ``sealing.bid.authority``. Nothing binds a bidder to one of them.
    """
    signed = cms.check(received.signature, received.manifest_bytes)
    check_signer(signed, received.manifest.bidder)
    provisional: tuple[str, ...] = ()
    try:
        chain = trust.chains.trusted(signed, at).chain
    except Refused as refused:
        if {reason.code for reason in refused.refusals} - _NO_LIST:
            raise
        others = [*signed.certificates, *trust.intermediates]
        chain = build_chain(signed.certificate, others, trust.anchors, at)
        provisional = ("crl",)
    check_pinned(chain, policy)
    return signed.certificate, provisional


def check_pinned(chain: Chain, policy: Policy) -> None:
    """Refuse a chain to a root that the policy does not name: ``sealing.bid.authority``."""
    if fingerprint(chain[-1]) not in policy.authorities:
        raise Refused.because(
            "sealing.bid.authority", article=articles.FILE, root=subject_text(chain[-1])
        )


def _deadline_faults(policy: Policy, at: datetime) -> Iterator[Refusal]:
    if at > policy.deadline:
        facts = {"at": at.isoformat(), "deadline": policy.deadline.isoformat()}
        yield Refusal("sealing.bid.deadline", facts, articles.DEADLINE)


def _bidder_faults(found: str, wanted: str) -> Iterator[Refusal]:
    if found != wanted:
        yield Refusal("sealing.bid.bidder", {"found": found, "wanted": wanted}, articles.FILE)
