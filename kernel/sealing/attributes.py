"""The signed attributes of CAdES-B: what a key really signs (RFC 5652 §11, RFC 5035)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509

from kernel.errors import Refused
from kernel.sealing.algorithms import HASHES
from kernel.sealing.certificates import der

# asn1crypto takes long to load, and the quick path (cmsquick) does without: each function that
# needs it asks for it.
if TYPE_CHECKING:
    from asn1crypto import cms, core


@dataclass(frozen=True)
class Attributes:
    """What the signed attributes say.

    message_digest: hash of the content; certificate_hash: of the signer's certificate, by
    ``certificate_hash_name``; signing_time: the signer's claim, None where there is none;
    kinds: the names (or dotted numbers) of all attributes; issuer_serial: what else names the
    signer's certificate, its issuer in DER and its number, None where the hash alone does.
    """

    message_digest: bytes
    certificate_hash: bytes
    certificate_hash_name: str
    signing_time: datetime | None
    kinds: frozenset[str]
    issuer_serial: tuple[bytes, int] | None = None


def signed_attributes(
    digest: bytes, certificate: x509.Certificate, signing_time: datetime | None
) -> bytes:
    """The DER bytes (a SET OF Attribute) that a signer signs for content of this SHA-256.

    signing_time: whole seconds are kept; None for PDF signatures, whose time stands elsewhere
    (ETSI EN 319 142-1 §6.3).
    """
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    from asn1crypto import cms, tsp
    from asn1crypto import x509 as asn1_x509

    own = asn1_x509.Certificate.load(der(certificate))
    reference = tsp.ESSCertIDv2(
        {
            "cert_hash": hashlib.sha256(der(certificate)).digest(),
            "issuer_serial": {
                "issuer": [asn1_x509.GeneralName("directory_name", own.issuer)],
                "serial_number": own.serial_number,
            },
        }
    )
    attributes = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [digest]},
        {"type": "signing_certificate_v2", "values": [{"certs": [reference]}]},
    ]
    if signing_time is not None:
        attributes.append({"type": "signing_time", "values": [_time(signing_time)]})
    return bytes(cms.CMSAttributes(attributes).dump())


def read_attributes(data: bytes) -> Attributes:
    """What signed attributes (DER of a SET OF Attribute) say; ``sealing.cms.malformed`` else.

    Strict: each attribute once and with one value; content type data; messageDigest and
    signingCertificateV2 present; the bytes are DER.
    """
    # tsp teaches cms what signingCertificateV2 is.
    from asn1crypto import cms, tsp  # noqa: F401

    try:
        parsed = cms.CMSAttributes.load(data, strict=True)
        values: dict[str, core.Asn1Value] = {}
        for attribute in parsed:
            kind = attribute["type"].native
            if kind in values or len(attribute["values"]) != 1:
                raise ValueError(f"attribute {kind} is not single")
            values[kind] = attribute["values"][0]
        if parsed.dump(force=True) != data:
            raise ValueError("attributes are not DER")
        if values["content_type"].native != "data":
            raise ValueError("content type is not data")
        reference = values["signing_certificate_v2"]["certs"][0]
        time = values["signing_time"].native if "signing_time" in values else None
        return Attributes(
            message_digest=bytes(values["message_digest"].native),
            certificate_hash=bytes(reference["cert_hash"].native),
            certificate_hash_name=str(reference["hash_algorithm"]["algorithm"].native),
            signing_time=time.astimezone(UTC) if time is not None else None,
            kinds=frozenset(values),
            issuer_serial=_issuer_serial(reference["issuer_serial"]),
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise malformed(fault) from fault


def check_binding(attributes: Attributes, certificate: x509.Certificate) -> None:
    """SigningCertificateV2 (RFC 5035): no other certificate of the same key may be put in place."""
    name = attributes.certificate_hash_name
    if name not in HASHES:
        raise Refused.because("sealing.cms.algorithm", algorithm=name)
    if hashlib.new(name, der(certificate)).digest() != attributes.certificate_hash:
        raise Refused.because("sealing.cms.certificate")
    if attributes.issuer_serial is None:
        return
    from asn1crypto import x509 as asn1_x509

    # Other readers find the certificate by these, and would refuse what the hash alone lets pass.
    issuer, serial = attributes.issuer_serial
    own = asn1_x509.Certificate.load(der(certificate))
    # Byte for byte: the same name in another spelling is another one to the programs of trustees.
    if serial != own.serial_number or issuer != own.issuer.dump():
        raise Refused.because("sealing.cms.certificate")


def _issuer_serial(value: core.Asn1Value) -> tuple[bytes, int] | None:
    if value.native is None:
        return None
    (name,) = value["issuer"]
    if name.name != "directory_name":
        raise ValueError("the certificate's issuer is no name")
    return name.chosen.untag().dump(), value["serial_number"].native


def malformed(fault: Exception) -> Refused:
    """The refusal of bytes that are not what they should be."""
    return Refused.because("sealing.cms.malformed", reason=str(fault)[:200])


def _time(instant: datetime) -> cms.Time:
    from asn1crypto import cms, core

    # RFC 5652 §11.3: UTCTime until 2049, GeneralizedTime from 2050.
    second = instant.astimezone(UTC).replace(microsecond=0)
    name = "utc_time" if second.year < 2050 else "generalized_time"
    kind = core.UTCTime if second.year < 2050 else core.GeneralizedTime
    return cms.Time(name=name, value=kind(second))
