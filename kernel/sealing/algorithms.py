"""Which signature algorithms we make and accept: ECDSA and RSA with SHA-2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kernel.errors import Refused

if TYPE_CHECKING:
    from asn1crypto import algos

HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def default_algorithm(certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
    """How a key of this certificate's kind signs: ECDSA or RSA PKCS #1 v1.5, with SHA-256."""
    from asn1crypto import algos

    if isinstance(certificate.public_key(), ec.EllipticCurvePublicKey):
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})


def check_signature(
    certificate: x509.Certificate,
    signature: bytes,
    data: bytes,
    algorithm: algos.SignedDigestAlgorithm,
    digest_name: str,
) -> None:
    """Refuse a signature over data that does not hold: ``sealing.cms.signature``.

    ``sealing.cms.algorithm`` where the algorithm is none of ours, belongs to another kind of key,
    or implies another digest than ``digest_name``.
    """
    try:
        kind, key = algorithm.signature_algo, certificate.public_key()
        if _implied_digest(algorithm, digest_name) != digest_name:
            raise ValueError("digest")
        digest = HASHES[digest_name]()
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(digest))
        elif kind == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), digest)
        elif kind == "rsassa_pss" and isinstance(key, rsa.RSAPublicKey):
            salt = int(algorithm["parameters"]["salt_length"].native)
            key.verify(signature, data, padding.PSS(padding.MGF1(digest), salt), digest)
        else:
            raise ValueError("kind")
    except (UnsupportedAlgorithm, ValueError, KeyError) as fault:
        name = str(algorithm["algorithm"].native)
        raise Refused.because("sealing.cms.algorithm", algorithm=name) from fault
    except InvalidSignature as fault:
        raise Refused.because("sealing.cms.signature") from fault


def _implied_digest(algorithm: algos.SignedDigestAlgorithm, digest_name: str) -> str:
    # Plain rsaEncryption, which OpenSSL writes, leaves the digest to the digestAlgorithm.
    plain = algorithm["algorithm"].native == "rsassa_pkcs1v15"
    return digest_name if plain else str(algorithm.hash_algo)
