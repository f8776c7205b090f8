"""The platform's own seal, for what the platform itself says and for nothing else.

By default the files of ``<var>/pki/seal``: ``certificate.pem``, ``key.pem`` (PKCS #8; passphrase in
``settings.SEAL_PASSPHRASE`` if it has one), ``chain.pem``. A module that holds the key elsewhere
is set with :func:`use`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.conf import settings

from kernel.documents.signing import Signer
from kernel.errors import Unavailable


@dataclass
class KeyFileSeal:
    """A seal whose private key lies in a file of this machine."""

    certificate: bytes
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = field(repr=False)
    chain: Sequence[bytes] = ()

    def sign(self, data: bytes) -> bytes:
        """ECDSA (DER) or RSA PKCS #1 v1.5 over data, with SHA-256."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), SHA256())
        return self.key.sign(data, ec.ECDSA(SHA256()))


def load(folder: Path, passphrase: str = "") -> Signer | None:
    """The seal of a folder, or None where there is none."""
    certificate, key_file, chain = (
        folder / name for name in ("certificate.pem", "key.pem", "chain.pem")
    )
    if not (certificate.is_file() and key_file.is_file()):
        return None
    key = load_pem_private_key(key_file.read_bytes(), passphrase.encode() or None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError("the seal's key must be P-256 or RSA")
    issuers = x509.load_pem_x509_certificates(chain.read_bytes()) if chain.is_file() else []
    return KeyFileSeal(
        certificate.read_bytes(), key, tuple(one.public_bytes(Encoding.PEM) for one in issuers)
    )


def _from_files() -> Signer | None:
    return load(Path(settings.VAR_DIR) / "pki" / "seal", getattr(settings, "SEAL_PASSPHRASE", ""))


_source: Callable[[], Signer | None] = _from_files


def use(source: Callable[[], Signer | None]) -> None:
    """Set where the seal is taken from."""
    global _source
    _source = source


def current() -> Signer:
    """The platform's seal; 503 ``documents.seal.unavailable`` where it has none."""
    signer = _source()
    if signer is None:
        raise Unavailable.because("documents.seal.unavailable")
    return signer
