"""Trust: a certificate's chain to given anchors at a given time (RFC 5280 §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509 import verification

from kernel.errors import Refused
from kernel.sealing.certificates import (
    Profile,
    check_profile,
    fingerprint,
    is_demonstration,
    load_many,
    subject_text,
)
from kernel.sealing.revocation import Crl, check_revocation

Chain = tuple[x509.Certificate, ...]

# A signer, two intermediates, a root; nothing real is longer.
_MAX_INTERMEDIATES = 3


@dataclass(frozen=True)
class Anchors:
    """Whom we believe.

    certificates: the trusted roots (or intermediates).
    demonstration: whether these are demonstration anchors. Chains of demonstration certificates
    verify under such anchors only, and under such anchors nothing else verifies, so that a
    sandbox and a production never accept each other's signatures.
    """

    certificates: tuple[x509.Certificate, ...]
    demonstration: bool = False

    @classmethod
    def load(cls, data: bytes, *, demonstration: bool = False) -> Anchors:
        """Anchors from a PEM bundle or one DER certificate."""
        return cls(tuple(load_many(data)), demonstration)


def build_chain(
    certificate: x509.Certificate,
    intermediates: Iterable[x509.Certificate],
    anchors: Anchors,
    at: datetime,
) -> Chain:
    """The chain, leaf first and anchor last, valid at ``at`` (aware); no revocation looked at.

    Refused: ``sealing.certificate.expired`` and ``.not_yet`` for the leaf, ``.demonstration``
    where anchors and certificates are not both for demonstration or both not, ``.untrusted``
    where no valid path leads to an anchor.
    """
    _check_period(certificate, at)
    if not anchors.certificates:
        raise _untrusted(certificate, "no anchors")
    try:
        verifier = (
            verification.PolicyBuilder()
            .store(_store(anchors.certificates))
            # The library compares naive instants, which it takes for UTC.
            .time(at.astimezone(UTC).replace(tzinfo=None))
            .max_chain_depth(_MAX_INTERMEDIATES)
            .extension_policies(ca_policy=_CA_POLICY, ee_policy=_EE_POLICY)
            .build_client_verifier()
        )
        chain = tuple(verifier.verify(certificate, list(intermediates)).chain)
    except (verification.VerificationError, ValueError) as fault:
        raise _untrusted(certificate, str(fault)[:200]) from fault
    if any(_proves_nothing(part) != anchors.demonstration for part in chain):
        raise Refused.because(
            "sealing.certificate.demonstration", subject=subject_text(certificate)
        )
    return chain


def verify(
    certificate: x509.Certificate,
    intermediates: Iterable[x509.Certificate],
    anchors: Anchors,
    at: datetime,
    *,
    crls: Sequence[Crl],
    profile: Profile = Profile.SIGNER,
) -> Chain:
    """Profile, chain and revocation at ``at``; the chain, leaf first, or the first refusal.

    See :func:`kernel.sealing.certificates.check_profile`, :func:`build_chain` and
    :func:`kernel.sealing.revocation.check_revocation` for the codes.
    """
    check_profile(certificate, profile)
    chain = build_chain(certificate, intermediates, anchors, at)
    check_revocation(chain, crls, at)
    return chain


@lru_cache(maxsize=1024)
def _proves_nothing(certificate: x509.Certificate) -> bool:
    return is_demonstration(certificate)


@lru_cache(maxsize=16)
def _store(certificates: Chain) -> verification.Store:
    return verification.Store(list(certificates))


def _check_period(certificate: x509.Certificate, at: datetime) -> None:
    if at < certificate.not_valid_before_utc:
        raise Refused.because(
            "sealing.certificate.not_yet",
            subject=subject_text(certificate),
            valid_from=certificate.not_valid_before_utc.isoformat(),
        )
    if at > certificate.not_valid_after_utc:
        raise Refused.because(
            "sealing.certificate.expired",
            subject=subject_text(certificate),
            valid_to=certificate.not_valid_after_utc.isoformat(),
        )


def _untrusted(certificate: x509.Certificate, reason: str) -> Refused:
    return Refused.because(
        "sealing.certificate.untrusted",
        subject=subject_text(certificate),
        fingerprint=fingerprint(certificate),
        reason=reason,
    )


def _must_be_ca(
    policy: verification.Policy, certificate: x509.Certificate, value: x509.BasicConstraints
) -> None:
    if not value.ca:
        raise ValueError("issuer is no authority")


def _must_sign_certificates(
    policy: verification.Policy, certificate: x509.Certificate, value: x509.KeyUsage
) -> None:
    if not value.key_cert_sign:
        raise ValueError("issuer may not sign certificates")


_CA_POLICY = (
    verification.ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, _must_be_ca)
    .require_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _must_sign_certificates)
)
# The leaf's purpose is check_profile's affair; web servers' names are nobody's here.
_EE_POLICY = verification.ExtensionPolicy.permit_all()
