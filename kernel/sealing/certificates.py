"""X.509 certificates: reading, who stands in one, and what it may be used for (RFC 5280)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kernel.errors import Refused
from kernel.sealing.remembered import of_each

E = TypeVar("E", bound=x509.ExtensionType)

# RFC 9336: the purpose of signing documents that people read.
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
# RFC 5612 keeps the arc 1.3.6.1.4.1.32473 for examples: no production authority issues under it.
DEMONSTRATION_POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.32473.1.1")
DEMONSTRATION = "DEMONSTRATION"

_SIGNING_PURPOSES = frozenset(
    {
        DOCUMENT_SIGNING,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }
)
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
# Raw, or in the form of ETSI EN 319 412-1 §5.1.4, e.g. NTRCN-91350000...
_USCC = re.compile(r"(?:[A-Z]{3}CN-)?([0-9A-HJ-NPQRTUWXY]{18})")


class Profile(Enum):
    """What a certificate is to be used for."""

    SIGNER = "signer"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class Identity:
    """Whom a certificate names.

    person: the natural person, empty in the certificate of an organisation's seal.
    organisation: the name; uscc: its 18 characters, empty where the certificate has none. The
    check character is not looked at here.
    """

    person: str
    organisation: str
    uscc: str


def load(data: bytes) -> x509.Certificate:
    """The one certificate of PEM or DER bytes; else ``sealing.certificate.malformed``."""
    certificates = load_many(data)
    if len(certificates) != 1:
        raise Refused.because("sealing.certificate.malformed")
    return certificates[0]


def load_many(data: bytes) -> list[x509.Certificate]:
    """All certificates of a PEM bundle, or the one of DER bytes, in their order."""
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            certificates = x509.load_pem_x509_certificates(data)
        else:
            certificates = [x509.load_der_x509_certificate(data)]
        for certificate in certificates:
            _read_all(certificate)
    # TypeError: a name whose value is of a type that the library has no place for.
    except (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension) as fault:
        raise Refused.because("sealing.certificate.malformed") from fault
    return certificates


def _read_all(certificate: x509.Certificate) -> tuple[object, ...]:
    # Names and extensions are parsed when first read: a broken one must fail here, not later.
    return certificate.subject, certificate.issuer, certificate.extensions


@of_each(1024)
def der(certificate: x509.Certificate) -> bytes:
    """The DER bytes."""
    return certificate.public_bytes(serialization.Encoding.DER)


def pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """PEM of certificates, one after another."""
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates)


@of_each(1024)
def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 over the DER bytes, 64 hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def identity_of(certificate: x509.Certificate) -> Identity:
    """Whom a certificate names.

    The USCC is read from organizationIdentifier (2.5.4.97) or serialNumber of the subject; the
    person is the commonName where it differs from the organisation's name. Refused with
    ``sealing.certificate.identity`` where a name stands twice or two codes differ: two readers
    could then see two signers.
    """
    organisation = _single(certificate, NameOID.ORGANIZATION_NAME)
    common_name = _single(certificate, NameOID.COMMON_NAME)
    codes = {
        found[1]
        for oid in (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER)
        if (found := _USCC.fullmatch(_single(certificate, oid)))
    }
    if len(codes) > 1:
        raise Refused.because("sealing.certificate.identity", subject=subject_text(certificate))
    return Identity(
        person="" if common_name == organisation else common_name,
        organisation=organisation,
        uscc=codes.pop() if codes else "",
    )


def subject_text(certificate: x509.Certificate) -> str:
    """The subject for people to read, in the order of the certificate."""
    return _name_text(certificate.subject)


def issuer_text(certificate: x509.Certificate) -> str:
    """The issuer for people to read, in the order of the certificate."""
    return _name_text(certificate.issuer)


def _name_text(name: x509.Name) -> str:
    return ", ".join(f"{part.rfc4514_attribute_name}={part.value!s}" for part in name)


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Whether a certificate says, by its policy or its issuer's name, that it proves nothing."""
    names = [
        str(attribute.value)
        for name in (certificate.issuer, certificate.subject)
        for attribute in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    ]
    policies = extension_of(certificate, x509.CertificatePolicies) or ()
    return any(DEMONSTRATION in name for name in names) or any(
        policy.policy_identifier == DEMONSTRATION_POLICY for policy in policies
    )


def check_profile(certificate: x509.Certificate, profile: Profile) -> None:
    """Refuse a certificate that is not made for a purpose: ``sealing.certificate.wrong_profile``.

    Signer: no CA; keyUsage digitalSignature or nonRepudiation, and no signing of certificates;
    extendedKeyUsage, if there is one, names signing documents or mail, client authentication or
    any (RFC 5280 §4.2.1.12, RFC 9336). Time-stamp: extendedKeyUsage critical and timeStamping
    alone (RFC 3161 §2.3). Key: P-256, P-384, P-521 or RSA of 2048 bits and more, else
    ``sealing.certificate.key_unsupported``.
    """
    _check_key(certificate)
    fault = _profile_fault(certificate, profile)
    if fault:
        raise Refused.because(
            "sealing.certificate.wrong_profile",
            subject=subject_text(certificate),
            profile=profile.value,
            reason=fault,
        )


def _profile_fault(certificate: x509.Certificate, profile: Profile) -> str:
    constraints = extension_of(certificate, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        return "basicConstraints"
    usage = extension_of(certificate, x509.KeyUsage)
    if usage is None or usage.key_cert_sign or usage.crl_sign:
        return "keyUsage"
    if not (usage.digital_signature or usage.content_commitment):
        return "keyUsage"
    purposes = extension_of(certificate, x509.ExtendedKeyUsage)
    if profile is Profile.TIMESTAMP:
        if purposes is None or list(purposes) != [ExtendedKeyUsageOID.TIME_STAMPING]:
            return "extendedKeyUsage"
        critical = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).critical
        return "" if critical else "extendedKeyUsage"
    if purposes is not None and _SIGNING_PURPOSES.isdisjoint(purposes):
        return "extendedKeyUsage"
    return ""


def _check_key(certificate: x509.Certificate) -> None:
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError) as fault:
        raise Refused.because("sealing.certificate.key_unsupported") from fault
    strong = (isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES
    )
    if not strong:
        raise Refused.because("sealing.certificate.key_unsupported")


def extension_of(certificate: x509.Certificate, kind: type[E]) -> E | None:
    """The value of an extension, None where the certificate has none."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _single(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = [str(a.value).strip() for a in certificate.subject.get_attributes_for_oid(oid)]
    if len(values) > 1:
        raise Refused.because("sealing.certificate.identity", subject=subject_text(certificate))
    return values[0] if values else ""
