"""A signer's certificate: who it names, whether its key and usage let it sign. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID, ObjectIdentifier

from kernel.errors import Refused

MIN_RSA_BITS = 3072
_PEM = b"-----BEGIN "
# GB 32100-2015: 18 characters, without I, O, S, V and Z.
_USCC = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$")
# Where certificates carry an organisation's registered number, most telling first.
_USCC_PLACES = (
    NameOID.ORGANIZATION_IDENTIFIER,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.SERIAL_NUMBER,
)


@dataclass(frozen=True)
class Holder:
    """Whom a certificate names: common name, organisation, its USCC; empty where it does not."""

    name: str
    organisation: str
    uscc: str


def load(data: bytes) -> x509.Certificate:
    """A certificate from PEM or DER; refuses ``documents.certificate.unreadable``."""
    try:
        if data.lstrip().startswith(_PEM):
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError as fault:
        raise Refused.because("documents.certificate.unreadable") from fault


def holder(certificate: x509.Certificate) -> Holder:
    """Whom a certificate names (RFC 5280, 4.1.2.6; organizationIdentifier of ETSI EN 319 412-1)."""
    return Holder(
        name=_attribute(certificate, NameOID.COMMON_NAME),
        organisation=_attribute(certificate, NameOID.ORGANIZATION_NAME),
        uscc=_uscc(certificate),
    )


def check_usable(certificate: x509.Certificate, at: datetime) -> None:
    """Refuse a certificate that cannot sign a document at a moment, with every reason.

    Codes: ``documents.certificate.not_yet_valid``, ``.expired``, ``.usage`` (neither
    digitalSignature nor nonRepudiation), ``.key`` (neither P-256 nor RSA of 3072 bits or more).
    """
    reasons: list[Refused] = []
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < since:
        reasons.append(
            Refused.because("documents.certificate.not_yet_valid", since=since.isoformat())
        )
    if at > until:
        reasons.append(Refused.because("documents.certificate.expired", until=until.isoformat()))
    if not _may_sign(certificate):
        reasons.append(Refused.because("documents.certificate.usage"))
    if not _key_fits(certificate):
        reasons.append(Refused.because("documents.certificate.key"))
    if reasons:
        raise Refused([refusal for reason in reasons for refusal in reason.refusals])


def verifies(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether a signature over data (SHA-256) was made with the key of a certificate.

    ECDSA signatures are DER (RFC 3279, 2.2.3), RSA ones PKCS #1 v1.5.
    """
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _attribute(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _uscc(certificate: x509.Certificate) -> str:
    for place in _USCC_PLACES:
        if match := _USCC.search(_attribute(certificate, place)):
            return match.group()
    return ""


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _key_fits(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1)
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS
