"""Revocation lists (RFC 5280 §5): was a certificate revoked at a given instant?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from kernel.errors import Refused
from kernel.sealing.certificates import extension_of, fingerprint, subject_text

Crl = x509.CertificateRevocationList

_ISSUER_KEYS = (
    ec.EllipticCurvePublicKey,
    rsa.RSAPublicKey,
    ed25519.Ed25519PublicKey,
    ed448.Ed448PublicKey,
)


def load_crl(data: bytes) -> Crl:
    """A revocation list of PEM or DER bytes; refuses else with ``sealing.crl.malformed``."""
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_crl(data)
        return x509.load_der_x509_crl(data)
    except ValueError as fault:
        raise Refused.because("sealing.crl.malformed") from fault


def check_revocation(
    chain: Sequence[x509.Certificate],
    crls: Iterable[Crl],
    at: datetime,
    known: datetime | None = None,
) -> None:
    """Refuse a chain (leaf first) if anything in it but the anchor at its end was revoked.

    A list counts if the issuer in the chain signed it, if it covers the certificate, and if ``at``
    is not after its nextUpdate. A list issued after ``at`` counts too (it knows more), unless the
    certificate had expired by then, for lists may forget the expired. A revocation later than
    ``at`` harms nothing.

    known: a later instant, up to which a list must speak, where it asks about the past: whoever
    hands over the lists shall not pick an old one that had not heard yet. Of a certificate that
    has expired since, the list must have been current when it expired.

    What counts is the revocation date, when the authority revoked (RFC 5280 §5.3.2: it does not
    precede lists that were there). ``invalidityDate`` is a suspicion that the holder may name
    afterwards, and changes nothing here.

    Refused with ``sealing.certificate.revoked``; ``.crl_missing`` where no list covers a
    certificate; ``.crl_stale`` where lists do, but none for this instant.
    """
    lists = tuple(crls)
    for certificate, issuer in pairwise(chain):
        _check_one(certificate, issuer, lists, at, known)


def check_unbroken(
    certificate: x509.Certificate, issuer: x509.Certificate, crls: Iterable[Crl]
) -> None:
    """Refuse a certificate that was ever revoked but by going out of use.

    What a time-stamp authority signed says of its own time only while nobody else may have its
    key: RFC 3161 §4 believes no token of one that was revoked for another reason, or for none that
    is named. ``sealing.certificate.revoked``.
    """
    for crl in crls:
        if not _covers(crl, certificate, issuer):
            continue
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and _reason(entry) not in _OUT_OF_USE:
            raise _revoked(certificate, entry)


_OUT_OF_USE = {
    x509.ReasonFlags.affiliation_changed,
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
}


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, ValueError):
        return x509.ReasonFlags.unspecified


def _revoked(certificate: x509.Certificate, entry: x509.RevokedCertificate) -> Refused:
    return Refused.because(
        "sealing.certificate.revoked",
        subject=subject_text(certificate),
        revoked_at=entry.revocation_date_utc.isoformat(),
    )


def freshness(authority: x509.Certificate, crls: Iterable[Crl], at: datetime) -> str:
    """``ok``, ``stale`` or ``missing``: what an authority's own lists are worth at an instant."""
    own = [crl for crl in crls if _signed_by(crl, authority)]
    if not own:
        return "missing"
    return (
        "ok" if any(crl.next_update_utc and at <= crl.next_update_utc for crl in own) else "stale"
    )


def _check_one(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[Crl],
    at: datetime,
    known: datetime | None,
) -> None:
    covering = [crl for crl in crls if _covers(crl, certificate, issuer)]
    for crl in covering:
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            raise _revoked(certificate, entry)
    if not covering:
        raise Refused.because("sealing.certificate.crl_missing", subject=subject_text(certificate))
    until = max(at, min(known or at, certificate.not_valid_after_utc))
    if not any(_current(crl, certificate, until) for crl in covering):
        raise Refused.because(
            "sealing.certificate.crl_stale", subject=subject_text(certificate), at=until.isoformat()
        )


def _current(crl: Crl, certificate: x509.Certificate, at: datetime) -> bool:
    return (
        crl.next_update_utc is not None
        and at <= crl.next_update_utc
        and crl.last_update_utc <= certificate.not_valid_after_utc
    )


def _covers(crl: Crl, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    # Whose list it is, is remembered, while names are parsed at every look: that comes last.
    return (
        _signed_by(crl, issuer)
        and certificate.issuer == issuer.subject
        and _scope_includes(crl, certificate)
    )


def _signed_by(crl: Crl, issuer: x509.Certificate) -> bool:
    """Whether a list is the issuer's, in its name and under its key."""
    # Both are what they are for ever, and a list is asked for every signature that comes.
    key = (id(crl), fingerprint(issuer))
    known = _signatures.get(key)
    if known is None or known[0] is not crl:
        if len(_signatures) >= _MOST:
            _signatures.clear()
        known = _signatures[key] = (crl, _is_signed_by(crl, issuer))
    return known[1]


_MOST = 256
_signatures: dict[tuple[int, str], tuple[Crl, bool]] = {}


def _is_signed_by(crl: Crl, issuer: x509.Certificate) -> bool:
    if crl.issuer != issuer.subject:
        return False
    usage = extension_of(issuer, x509.KeyUsage)
    if usage is not None and not usage.crl_sign:
        return False
    try:
        if isinstance(crl.signature_hash_algorithm, hashes.SHA1 | hashes.MD5):
            return False
        key = issuer.public_key()
        return isinstance(key, _ISSUER_KEYS) and crl.is_signature_valid(key)
    except (UnsupportedAlgorithm, TypeError, ValueError):
        return False


def _scope_includes(crl: Crl, certificate: x509.Certificate) -> bool:
    """Whether a list speaks of this certificate; one with a critical extension unknown to us never.

    A delta list is such a one (RFC 5280 §5.2.4): it says only what changed.
    """
    for extension in crl.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            if not _point_includes(extension.value, certificate):
                return False
        elif extension.critical or isinstance(extension.value, x509.DeltaCRLIndicator):
            return False
    return True


def _point_includes(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    constraints = extension_of(certificate, x509.BasicConstraints)
    is_ca = constraints is not None and constraints.ca
    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
        return False
    if (point.only_contains_user_certs and is_ca) or (point.only_contains_ca_certs and not is_ca):
        return False
    if point.relative_name is not None:
        return False
    # A list in parts names its own address; the certificate must point to that very part.
    mine = extension_of(certificate, x509.CRLDistributionPoints) or ()
    names = {name for part in mine for name in part.full_name or ()}
    return point.full_name is None or not names.isdisjoint(point.full_name)
