"""Where a signing key lives: the Signer protocol, and a PKCS #12 file under a PIN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    PrivateFormat,
    pkcs12,
)

from kernel.errors import Refused
from kernel.sealing.remembered import of_each

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

# RFC 8018 asks for many; cracking a PIN should cost what 600,000 rounds of SHA-256 cost.
KDF_ROUNDS = 600_000


class Signer(Protocol):
    """Somebody who signs: a file, a token, a middleware."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers' certificates, nearest first; the anchor may be missing."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature over SHA-256 of data: ECDSA as DER, or RSA PKCS #1 v1.5."""


@dataclass(frozen=True, repr=False)
class KeySigner:
    """A signer whose key is in memory."""

    key: SigningKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes) -> bytes:
        """The raw signature over SHA-256 of data: ECDSA as DER, or RSA PKCS #1 v1.5."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@of_each(64)
def is_own_key(signer: Signer) -> bool:
    """Whether a signer is a key in memory and its certificate is that key's.

    Asked once of each signer: what it signs then holds, and need not be verified to be known to.
    """
    if type(signer) is not KeySigner:
        return False
    try:
        return bool(signer.key.public_key() == signer.certificate.public_key())
    except (UnsupportedAlgorithm, ValueError):
        return False


def open_p12(data: bytes, pin: str) -> KeySigner:
    """The signer in a PKCS #12 file.

    Refused: ``sealing.keystore.cannot_open`` (wrong PIN or broken file, which look alike),
    ``.no_key`` (no key with its certificate inside), ``.unsupported`` (neither EC nor RSA).
    """
    try:
        content = pkcs12.load_pkcs12(data, pin.encode())
    except UnsupportedAlgorithm as fault:
        raise Refused.because("sealing.keystore.unsupported") from fault
    except ValueError as fault:
        raise Refused.because("sealing.keystore.cannot_open") from fault
    if content.key is None or content.cert is None:
        raise Refused.because("sealing.keystore.no_key")
    if not isinstance(content.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Refused.because("sealing.keystore.unsupported")
    chain = tuple(extra.certificate for extra in content.additional_certs)
    return KeySigner(content.key, content.cert.certificate, chain)


def make_p12(signer: KeySigner, pin: str, name: str = "", rounds: int = KDF_ROUNDS) -> bytes:
    """A PKCS #12 file (RFC 7292): PBES2 with AES-256-CBC and HMAC-SHA256, chain included.

    name: the friendly name that programs show; rounds: of PBKDF2. An empty PIN is refused with
    ``sealing.keystore.no_pin``.
    """
    if not pin:
        raise Refused.because("sealing.keystore.no_pin")
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(pin.encode())
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode() or None, signer.key, signer.certificate, list(signer.chain), protection
    )
