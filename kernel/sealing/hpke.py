"""HPKE (RFC 9180) base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; one shot.

``info`` binds what is sealed to its context and is always canonical JSON, so that the two sides
cannot spell one context in two ways.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kernel.errors import Refused
from kernel.sealing import canonical

PublicKey = ec.EllipticCurvePublicKey
PrivateKey = ec.EllipticCurvePrivateKey

SUITE_NAME = "DHKEM(P-256,HKDF-SHA256)/HKDF-SHA256/AES-256-GCM"
# The encapsulated key (an uncompressed P-256 point) in front, the tag of AES-GCM behind.
OVERHEAD = 65 + 16

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def new_key() -> PrivateKey:
    """A fresh opening key."""
    return ec.generate_private_key(_CURVE)


def public_bytes(key: PublicKey) -> bytes:
    """65 bytes: the uncompressed point (RFC 9180 §7.1.1 SerializePublicKey)."""
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def load_public(data: bytes) -> PublicKey:
    """The key of :func:`public_bytes`; refuses all else with ``sealing.hpke.bad_key``."""
    try:
        if len(data) != 65:
            raise ValueError("not an uncompressed point")
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, data)
    except ValueError as fault:
        raise Refused.because("sealing.hpke.bad_key") from fault


def key_digest(key: PublicKey) -> bytes:
    """SHA-256 of :func:`public_bytes` (32 bytes): the name of an opening key in signed files."""
    return hashlib.sha256(public_bytes(key)).digest()


def private_bytes(key: PrivateKey) -> bytes:
    """32 bytes, big-endian (RFC 9180 §7.1.2 SerializePrivateKey)."""
    return key.private_numbers().private_value.to_bytes(32, "big")


def load_private(data: bytes) -> PrivateKey:
    """The key of :func:`private_bytes`; refuses all else with ``sealing.hpke.bad_key``."""
    value = int.from_bytes(data, "big")
    if len(data) != 32 or not 0 < value < _ORDER:
        raise Refused.because("sealing.hpke.bad_key")
    return ec.derive_private_key(value, _CURVE)


def private_pem(key: PrivateKey, passphrase: bytes) -> bytes:
    """PKCS #8 PEM under a passphrase, as a trustee keeps an opening key on its own disk."""
    if not passphrase:
        raise Refused.because("sealing.hpke.no_passphrase")
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def load_private_pem(pem: bytes, passphrase: bytes) -> PrivateKey:
    """The key of :func:`private_pem`; ``sealing.hpke.bad_key`` also for a wrong passphrase."""
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError) as fault:
        raise Refused.because("sealing.hpke.bad_key") from fault
    if not isinstance(key, PrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Refused.because("sealing.hpke.bad_key")
    return key


def seal(plaintext: bytes, key: PublicKey, info: Any) -> bytes:
    """Seal to a key under a context: 65 bytes of encapsulated key, then the AES-GCM ciphertext.

    info: a value that :func:`kernel.sealing.canonical.encode` takes.
    """
    return _SUITE.encrypt(plaintext, key, canonical.encode(info))


def open_sealed(sealed: bytes, key: PrivateKey, info: Any) -> bytes:
    """What :func:`seal` sealed to this key under this context.

    Refuses another key, another context and altered bytes alike with ``sealing.hpke.cannot_open``.
    """
    context = canonical.encode(info)
    if len(sealed) < OVERHEAD:
        raise Refused.because("sealing.hpke.cannot_open")
    try:
        return _SUITE.decrypt(sealed, key, context)
    except (InvalidTag, ValueError) as fault:
        raise Refused.because("sealing.hpke.cannot_open") from fault
