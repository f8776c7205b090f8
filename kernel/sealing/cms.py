"""Detached CMS signatures (RFC 5652) as CAdES-B (ETSI EN 319 122-1): one signer, SHA-256.

Two ways to make one: :func:`sign` with a signer at hand, or :func:`signed_attributes` here, the
signature elsewhere (a page, a token, the command line) and :func:`assemble` here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509

from kernel.errors import Refused
from kernel.sealing import cmsquick
from kernel.sealing.algorithms import HASHES, check_signature, default_algorithm
from kernel.sealing.attributes import (
    Attributes,
    check_binding,
    malformed,
    read_attributes,
    signed_attributes,
)
from kernel.sealing.certificates import Identity, Profile, der, identity_of, load
from kernel.sealing.der import is_strict
from kernel.sealing.keystore import Signer, is_own_key
from kernel.sealing.revocation import Crl
from kernel.sealing.trust import Anchors, Chain
from kernel.sealing.trust import verify as verify_certificate

# Loaded where it is needed, see kernel.sealing.attributes.
if TYPE_CHECKING:
    from asn1crypto import cms

__all__ = [
    "Attributes",
    "Signed",
    "Verified",
    "assemble",
    "check",
    "check_digest",
    "read_attributes",
    "sign",
    "signed_attributes",
    "trusted",
    "verify",
]

MAX_SIZE = 256 * 1024
MAX_CERTIFICATES = 10
# The last of them where the library meets a type that it has no value for (ObjectDescriptor).
_UNREADABLE = (
    ValueError, TypeError, KeyError, RecursionError, OverflowError, AttributeError,
)  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """A CMS signature that holds over its content; nothing is said yet about trust.

    certificates: all that came with it, the signer's among them.
    """

    certificate: x509.Certificate
    certificates: tuple[x509.Certificate, ...]
    attributes: Attributes
    digest_name: str

    @property
    def identity(self) -> Identity:
        """Whom the signer's certificate names."""
        return identity_of(self.certificate)


@dataclass(frozen=True)
class Verified(Signed):
    """A signature that holds, by a signer whose chain held at the given time; leaf first."""

    chain: Chain
    at: datetime


def sign(data: bytes, signer: Signer, signing_time: datetime | None) -> bytes:
    """A detached CAdES-B signature over data, DER, with the signer's certificate and chain.

    A signer whose key is not the certificate's is refused with ``sealing.cms.signature``.
    """
    own, digest = signer.certificate, hashlib.sha256(data).digest()
    to_sign = cmsquick.signed_attributes(digest, own, signing_time)
    signature = signer.sign(to_sign)
    if not is_own_key(signer) and not cmsquick.holds(own, signature, to_sign):
        raise Refused.because("sealing.cms.signature")
    return cmsquick.assemble(to_sign, signature, own, tuple(signer.chain))


def assemble(
    attributes: bytes,
    signature: bytes,
    certificate: x509.Certificate,
    chain: Iterable[x509.Certificate],
) -> bytes:
    """The CMS, DER, of attributes signed elsewhere; includes the certificate and its chain.

    signature: ECDSA as DER or RSA PKCS #1 v1.5, over SHA-256 of ``attributes``. One that does not
    hold is refused with ``sealing.cms.signature``.
    """
    from asn1crypto import cms
    from asn1crypto import x509 as asn1_x509

    parsed = read_attributes(attributes)
    check_binding(parsed, certificate)
    check_signature(certificate, signature, attributes, default_algorithm(certificate), "sha256")
    own = asn1_x509.Certificate.load(der(certificate))
    together = {der(each): each for each in (certificate, *chain)}
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": own.issuer,
                    "serial_number": own.serial_number,
                }
            },
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature_algorithm": default_algorithm(certificate),
            "signature": signature,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [asn1_x509.Certificate.load(data) for data in together],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def check(signature: bytes, data: bytes) -> Signed:
    """Structure and mathematics of a detached signature over data; nothing about trust."""
    return check_digest(signature, {name: hashlib.new(name, data).digest() for name in HASHES})


def check_digest(signature: bytes, digests: dict[str, bytes]) -> Signed:
    """As :func:`check`, over content of which only the digests are at hand, e.g. ``{"sha256": …}``.

    Refused: ``sealing.cms.too_large``, ``.malformed`` (not one detached SignedData with one
    SignerInfo), ``.algorithm``, ``.digest`` (other content), ``.certificate`` (the signer's is
    missing or another than signingCertificateV2 names), ``.signature``.
    """
    # The shape that our own tools make is read a hundred times faster; the rest, and all that
    # does not hold, is judged below.
    if len(signature) <= MAX_SIZE and "sha256" in digests:
        quick = cmsquick.check_digest(signature, digests["sha256"])
        if quick is not None:
            return Signed(quick.certificate, quick.certificates, quick.attributes, "sha256")
    return check_any(signature, digests)


def check_any(signature: bytes, digests: dict[str, bytes]) -> Signed:
    """As :func:`check_digest`, by the general reader alone."""
    signed, info = _parse(signature)
    certificates = _certificates(signed)
    name = str(info["digest_algorithm"]["algorithm"].native)
    if name not in HASHES:
        raise Refused.because("sealing.cms.algorithm", algorithm=name)
    raw = b"\x31" + bytes(info["signed_attrs"].dump())[1:]
    attributes = read_attributes(raw)
    if digests.get(name) != attributes.message_digest:
        raise Refused.because("sealing.cms.digest")
    certificate = _signer_certificate(info["sid"], certificates)
    check_binding(attributes, certificate)
    algorithm = info["signature_algorithm"]
    _check_protection(raw, info)
    check_signature(certificate, bytes(info["signature"].native), raw, algorithm, name)
    return Signed(certificate, certificates, attributes, name)


def verify(
    signature: bytes,
    data: bytes,
    anchors: Anchors,
    at: datetime,
    *,
    crls: Sequence[Crl],
    intermediates: Sequence[x509.Certificate] = (),
    profile: Profile = Profile.SIGNER,
) -> Verified:
    """A detached signature over data by a signer whom the anchors vouch for at ``at``.

    ``at`` is the time that counts (of receipt, of a time-stamp), not the one the signer claims.
    Refused as by :func:`check_digest` and :func:`kernel.sealing.trust.verify`.
    """
    return trusted(
        check(signature, data), anchors, at, crls=crls, intermediates=intermediates, profile=profile
    )


def trusted(
    signed: Signed,
    anchors: Anchors,
    at: datetime,
    *,
    crls: Sequence[Crl],
    intermediates: Sequence[x509.Certificate] = (),
    profile: Profile = Profile.SIGNER,
    known: datetime | None = None,
) -> Verified:
    """The second half of :func:`verify`: whether anchors vouch for the signer at ``at``.

    known: as of :func:`kernel.sealing.revocation.check_revocation`.
    """
    others = [
        c
        for c in (*signed.certificates, *intermediates)
        if c is not signed.certificate and c != signed.certificate
    ]
    chain = verify_certificate(
        signed.certificate, others, anchors, at, crls=crls, profile=profile, known=known
    )
    return Verified(
        signed.certificate, signed.certificates, signed.attributes, signed.digest_name, chain, at
    )


def _parse(signature: bytes) -> tuple[cms.SignedData, cms.SignerInfo]:
    if len(signature) > MAX_SIZE:
        raise Refused.because("sealing.cms.too_large", limit=MAX_SIZE)
    # tsp teaches cms what signingCertificateV2 is.
    from asn1crypto import cms, tsp  # noqa: F401

    try:
        if not is_strict(signature):
            raise ValueError("not DER")
        content = cms.ContentInfo.load(signature, strict=True)
        if content["content_type"].native != "signed_data":
            raise ValueError("not SignedData")
        signed = content["content"]
        signed.native  # noqa: B018  (asn1crypto parses lazily; this makes it look at all of it)
        enveloped = signed["encap_content_info"]
        if enveloped["content_type"].native != "data" or enveloped["content"].native is not None:
            raise ValueError("not detached")
        if len(signed["signer_infos"]) != 1 or len(signed["digest_algorithms"]) != 1:
            raise ValueError("not one signer")
        info = signed["signer_infos"][0]
        if info["signed_attrs"].native is None:
            raise ValueError("no signed attributes")
        unsigned = info["unsigned_attrs"]
        if {a["type"].native for a in unsigned or ()} - {"signature_time_stamp_token"}:
            raise ValueError("unsigned attributes")
        return signed, info
    except _UNREADABLE as fault:
        raise malformed(fault) from fault


def _certificates(signed: cms.SignedData) -> tuple[x509.Certificate, ...]:
    choices = signed["certificates"] if signed["certificates"].native is not None else ()
    if not 1 <= len(choices) <= MAX_CERTIFICATES:
        raise Refused.because("sealing.cms.certificate")
    if any(choice.name != "certificate" for choice in choices):
        raise Refused.because("sealing.cms.certificate")
    return tuple(load(choice.chosen.dump()) for choice in choices)


def _signer_certificate(
    sid: cms.SignerIdentifier, certificates: Sequence[x509.Certificate]
) -> x509.Certificate:
    from asn1crypto import x509 as asn1_x509

    found = set()
    for certificate in certificates:
        own = asn1_x509.Certificate.load(der(certificate))
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            matches = (
                wanted["serial_number"].native == own.serial_number
                and wanted["issuer"].dump() == own.issuer.dump()
            )
        else:
            matches = sid.chosen.native == own.key_identifier
        if matches:
            found.add(certificate)
    # Of two by the same name each reader would take its own.
    if len(found) != 1:
        raise Refused.because("sealing.cms.certificate")
    return found.pop()


def _check_protection(raw: bytes, info: cms.SignerInfo) -> None:
    """RFC 6211: where the signer repeats the algorithms in what is signed, they must agree."""
    from asn1crypto import cms

    for attribute in cms.CMSAttributes.load(raw):
        if attribute["type"].native == "cms_algorithm_protection":
            value = attribute["values"][0]
            same = value["digest_algorithm"].native == info["digest_algorithm"].native and (
                value["signature_algorithm"].native == info["signature_algorithm"].native
            )
            if not same:
                raise Refused.because("sealing.cms.algorithm", algorithm="RFC 6211")
