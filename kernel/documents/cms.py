"""The CMS of a PDF signature: its signed attributes and its envelope. Pure.

RFC 5652 as narrowed by PAdES-B-B (ETSI EN 319 142-1, 6.3): no signing-time attribute, since the
time stands in the PDF; signing-certificate-v2 (RFC 5035) binds the certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asn1crypto import algos, x509
from asn1crypto import cms as asn1
from pyhanko.sign.general import as_signing_certificate_v2


def signed_attributes(digest: bytes, signer: x509.Certificate) -> bytes:
    """DER of the SET OF attributes that is signed (RFC 5652, 5.4).

    digest: SHA-256 over the byte range. Attributes: contentType (data), messageDigest,
    signingCertificateV2 and CMSAlgorithmProtection (RFC 6211).
    """
    protection = asn1.CMSAlgorithmProtection(
        {"digest_algorithm": _sha256(), "signature_algorithm": _mechanism(signer)}
    )
    attributes = asn1.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("message_digest", digest),
            _attribute("signing_certificate_v2", as_signing_certificate_v2(signer)),
            _attribute("cms_algorithm_protection", protection),
        ]
    )
    return bytes(attributes.dump())


def assemble(
    attributes: bytes,
    signature: bytes,
    *,
    signer: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
    timestamp_token: asn1.ContentInfo | None = None,
) -> bytes:
    """DER of the ContentInfo that goes into the PDF; one signer, its certificates, no content."""
    info = {
        "version": "v1",
        "sid": asn1.SignerIdentifier(
            name="issuer_and_serial_number",
            value={"issuer": signer.issuer, "serial_number": signer.serial_number},
        ),
        "digest_algorithm": _sha256(),
        "signed_attrs": asn1.CMSAttributes.load(attributes),
        "signature_algorithm": _mechanism(signer),
        "signature": signature,
    }
    if timestamp_token is not None:
        info["unsigned_attrs"] = [_attribute("signature_time_stamp_token", timestamp_token)]
    signed_data = asn1.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [_sha256()],
            "encap_content_info": {"content_type": "data"},
            "certificates": [
                asn1.CertificateChoices(name="certificate", value=one)
                for one in dict.fromkeys((signer, *chain))
            ],
            "signer_infos": [info],
        }
    )
    content = asn1.ContentInfo({"content_type": "signed_data", "content": signed_data})
    return bytes(content.dump())


def _attribute(kind: str, value: Any) -> asn1.CMSAttribute:
    return asn1.CMSAttribute({"type": kind, "values": (value,)})


def _sha256() -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": "sha256"})


def _mechanism(signer: x509.Certificate) -> algos.SignedDigestAlgorithm:
    kind = "sha256_ecdsa" if signer.public_key.algorithm == "ec" else "sha256_rsa"
    return algos.SignedDigestAlgorithm({"algorithm": kind})
