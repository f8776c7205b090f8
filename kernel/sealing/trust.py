"""Trust: a certificate's chain to given anchors at a given time (RFC 5280 §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509 import verification

from kernel.errors import Refused
from kernel.sealing.certificates import (
    Profile,
    check_profile,
    extension_of,
    fingerprint,
    is_demonstration,
    load_many,
    subject_text,
)
from kernel.sealing.remembered import of_each
from kernel.sealing.revocation import Crl, check_revocation

Chain = tuple[x509.Certificate, ...]

# A signer, two intermediates, a root; nothing real is longer.
_MAX_INTERMEDIATES = 3
_MOST_ISSUERS = 64


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
    others = list(intermediates)
    chain = _under_known_issuer(certificate, others, anchors, at)
    if chain is None:
        try:
            chain = _verified(certificate, others, _store(anchors.certificates), at)
        except (verification.VerificationError, ValueError) as fault:
            raise _untrusted(certificate, str(fault)[:200]) from fault
        _know_issuers(chain, anchors)
    if any(_proves_nothing(part) != anchors.demonstration for part in chain):
        raise Refused.because(
            "sealing.certificate.demonstration", subject=subject_text(certificate)
        )
    return chain


def _verified(
    certificate: x509.Certificate,
    intermediates: list[x509.Certificate],
    store: verification.Store,
    at: datetime,
) -> Chain:
    verifier = (
        verification.PolicyBuilder()
        .store(store)
        # The library compares naive instants, which it takes for UTC.
        .time(at.astimezone(UTC).replace(tzinfo=None))
        .max_chain_depth(_MAX_INTERMEDIATES)
        .extension_policies(ca_policy=_CA_POLICY, ee_policy=_EE_POLICY)
        .build_client_verifier()
    )
    return tuple(verifier.verify(certificate, intermediates).chain)


# Chains from an issuer to an anchor that held, by anchors and issuer, with a store of the issuer.
_issuers: dict[tuple[tuple[str, ...], str], tuple[Chain, verification.Store]] = {}


def _know_issuers(chain: Chain, anchors: Anchors) -> None:
    """Remember that an issuer's own chain held: it need not be verified for each certificate.

    Not where anything above the issuer narrows whom it may name: that is asked of every leaf.
    """
    above = chain[1:]
    narrow = any(extension_of(each, x509.NameConstraints) is not None for each in above)
    if len(above) < 2 or narrow:
        return
    if len(_issuers) >= _MOST_ISSUERS:
        _issuers.clear()
    _issuers[_names(anchors.certificates), fingerprint(above[0])] = (
        above,
        verification.Store([above[0]]),
    )


def _under_known_issuer(
    certificate: x509.Certificate,
    intermediates: list[x509.Certificate],
    anchors: Anchors,
    at: datetime,
) -> Chain | None:
    """The chain by an issuer whose own chain held and holds at ``at``; None where none is known."""
    for issuer in intermediates:
        known = _issuers.get((_names(anchors.certificates), fingerprint(issuer)))
        if known is None or not all(_is_within(each, at) for each in known[0]):
            continue
        try:
            return _verified(certificate, [], known[1], at) + known[0][1:]
        except (verification.VerificationError, ValueError):
            continue  # another's; or the whole way says what is wrong
    return None


def _is_within(certificate: x509.Certificate, at: datetime) -> bool:
    since, until = _period(certificate)
    return since <= at <= until


@of_each(1024)
def _period(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


@of_each(16)
def _names(certificates: Chain) -> tuple[str, ...]:
    return tuple(fingerprint(each) for each in certificates)


def verify(
    certificate: x509.Certificate,
    intermediates: Iterable[x509.Certificate],
    anchors: Anchors,
    at: datetime,
    *,
    crls: Sequence[Crl],
    profile: Profile = Profile.SIGNER,
    known: datetime | None = None,
) -> Chain:
    """Profile, chain and revocation at ``at``; the chain, leaf first, or the first refusal.

    known: as of :func:`kernel.sealing.revocation.check_revocation`.

    See :func:`kernel.sealing.certificates.check_profile`, :func:`build_chain` and
    :func:`kernel.sealing.revocation.check_revocation` for the codes.
    """
    check_profile(certificate, profile)
    chain = build_chain(certificate, intermediates, anchors, at)
    check_revocation(chain, crls, at, known)
    return chain


@of_each(1024)
def _proves_nothing(certificate: x509.Certificate) -> bool:
    return is_demonstration(certificate)


@of_each(16)
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
