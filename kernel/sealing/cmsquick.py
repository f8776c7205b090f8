"""The quick path of CMS: exactly the shape that our own tools make, read and written in DER.

A library that reads every kind of CMS takes forty milliseconds; this takes a third of one. It
never decides that a signature is bad: what is not exactly this shape, or does not hold, is None
here, and the general reader of :mod:`kernel.sealing.cms` says why. Tests hold the two together.

The shape: SignedData version 1, SHA-256, detached data, certificates, one SignerInfo by issuer and
serial number, signed attributes contentType, messageDigest, signingCertificateV2 (SHA-256) and
signingTime, ECDSA with SHA-256 or RSA PKCS #1 v1.5, nothing unsigned.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kernel.errors import Refused
from kernel.sealing.attributes import Attributes
from kernel.sealing.certificates import der, load
from kernel.sealing.der import (
    CONTEXT_0,
    GENERAL_TIME,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    UTC_TIME,
    Item,
    inside,
    item,
    parts,
    set_of,
)

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SHA256 = bytes.fromhex("300b0609608648016503040201")
_SHA256_NULL = bytes.fromhex("300d06096086480165030402010500")
_ECDSA = bytes.fromhex("300a06082a8648ce3d040302")
_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
_ONE = bytes.fromhex("020101")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_TIME = bytes.fromhex("06092a864886f70d010905")
_SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
_KINDS = {
    _CONTENT_TYPE: "content_type",
    _MESSAGE_DIGEST: "message_digest",
    _SIGNING_TIME: "signing_time",
    _SIGNING_CERTIFICATE: "signing_certificate_v2",
}
_MAX_CERTIFICATES = 10
_UTC = re.compile(rb"[0-9]{12}Z")
_GENERAL = re.compile(rb"[0-9]{14}Z")


@dataclass(frozen=True)
class Quick:
    """A signature that holds: the signer's certificate, all that came along, the attributes."""

    certificate: x509.Certificate
    certificates: tuple[x509.Certificate, ...]
    attributes: Attributes


@dataclass(frozen=True)
class _Known:
    """A certificate, and what a SignerInfo and its attributes may say of it."""

    certificate: x509.Certificate
    issuer: bytes
    serial: bytes
    sha256: bytes


def check_digest(signature: bytes, sha256: bytes) -> Quick | None:
    """A signature of our shape that holds over content of this SHA-256; None for anything else."""
    signed = _signed_data(signature)
    if signed is None:
        return None
    certificates, info = signed
    known = [_known(each.whole) for each in certificates]
    signer = _signer(info, known)
    if signer is None or None in known:
        return None
    attributes = _attributes(info[3])
    if attributes is None or attributes.message_digest != sha256:
        return None
    if attributes.certificate_hash != signer.sha256:
        return None
    names = signer.issuer, int.from_bytes(signer.serial, "big", signed=True)
    if attributes.issuer_serial not in (None, names):
        return None
    # What is signed is the SET OF, not the [0] that stands in its place (RFC 5652 §5.4).
    raw = bytes((SET,)) + info[3].whole[1:]
    if not _holds(signer.certificate, info[4].whole, info[5].content, raw):
        return None
    # The signature speaks for the signer's certificate; what came along may be altered.
    if not all(
        _is_read_by_all(each.whole)
        for each in certificates
        if each.whole != der(signer.certificate)
    ):
        return None
    every = tuple(each.certificate for each in known if each is not None)
    return Quick(signer.certificate, every, attributes)


@lru_cache(maxsize=256)
def _is_read_by_all(certificate: bytes) -> bool:
    """Whether the general reader makes sense of it too: one library is stricter on names."""
    try:
        asn1_x509.Certificate.load(certificate, strict=True).native  # noqa: B018  (reads all of it)
    except (ValueError, TypeError, KeyError, OverflowError):
        return False
    return True


def signed_attributes(
    digest: bytes, certificate: x509.Certificate, signing_time: datetime | None
) -> bytes:
    """As :func:`kernel.sealing.attributes.signed_attributes`, byte for byte."""
    own = _known(der(certificate))
    if own is None or len(digest) != 32:
        raise ValueError("not a certificate and a SHA-256 digest")
    names = item(SEQUENCE, item(0xA4, own.issuer))
    reference = item(
        SEQUENCE, item(OCTETS, own.sha256), item(SEQUENCE, names, item(INTEGER, own.serial))
    )
    values = {
        _CONTENT_TYPE: _DATA,
        _MESSAGE_DIGEST: item(OCTETS, digest),
        _SIGNING_CERTIFICATE: item(SEQUENCE, item(SEQUENCE, reference)),
    }
    if signing_time is not None:
        values[_SIGNING_TIME] = _time(signing_time)
    return set_of(item(SEQUENCE, kind, item(SET, value)) for kind, value in values.items())


def assemble(
    attributes: bytes,
    signature: bytes,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
) -> bytes:
    """As :func:`kernel.sealing.cms.assemble`, byte for byte, for a signature known to hold."""
    own = _known(der(certificate))
    if own is None:
        raise ValueError("not a certificate")
    elliptic = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    info = item(
        SEQUENCE,
        _ONE,
        item(SEQUENCE, own.issuer, item(INTEGER, own.serial)),
        _SHA256_NULL,
        bytes((CONTEXT_0,)) + attributes[1:],
        _ECDSA if elliptic else _RSA,
        item(OCTETS, signature),
    )
    together = dict.fromkeys(der(each) for each in (certificate, *chain))
    signed = item(
        SEQUENCE,
        _ONE,
        item(SET, _SHA256_NULL),
        item(SEQUENCE, _DATA),
        set_of(together, CONTEXT_0),
        item(SET, info),
    )
    return item(SEQUENCE, _SIGNED_DATA, item(CONTEXT_0, signed))


def holds(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether the certificate's key signed the data with SHA-256, in its kind's usual way."""
    elliptic = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    return _holds(certificate, _ECDSA if elliptic else _RSA, signature, data)


def _signed_data(signature: bytes) -> tuple[list[Item], list[Item]] | None:
    """The certificates and the SignerInfo's six parts."""
    content = inside(signature, SEQUENCE)
    if content is None or [part.tag for part in content] != [OID, CONTEXT_0]:
        return None
    signed = inside(content[1].content, SEQUENCE)
    if content[0].whole != _SIGNED_DATA or signed is None:
        return None
    if [part.tag for part in signed] != [INTEGER, SET, SEQUENCE, CONTEXT_0, SET]:
        return None
    fixed = signed[0].whole == _ONE and signed[2].content == _DATA
    certificates, info = parts(signed[3].content), inside(signed[4].content, SEQUENCE)
    if not fixed or signed[1].content not in (_SHA256, _SHA256_NULL):
        return None
    if certificates is None or not 1 <= len(certificates) <= _MAX_CERTIFICATES or info is None:
        return None
    shape = [INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTETS]
    if [part.tag for part in info] != shape or info[0].whole != _ONE:
        return None
    if info[2].whole not in (_SHA256, _SHA256_NULL):
        return None
    return certificates, info


@lru_cache(maxsize=1024)
def _known(data: bytes) -> _Known | None:
    try:
        certificate = load(data)
    except Refused:
        return None
    outer = inside(data, SEQUENCE)
    fields = parts(outer[0].content) if outer else None
    # Version 3 stands first as [0]; then serial number, algorithm, issuer.
    if fields is None or len(fields) < 4 or fields[0].tag != CONTEXT_0:
        return None
    return _Known(certificate, fields[3].whole, fields[1].content, hashlib.sha256(data).digest())


def _signer(info: list[Item], known: Sequence[_Known | None]) -> _Known | None:
    named = parts(info[1].content)
    if named is None or [part.tag for part in named] != [SEQUENCE, INTEGER]:
        return None
    wanted = named[0].whole, named[1].content
    found = {each.sha256: each for each in known if each and (each.issuer, each.serial) == wanted}
    return next(iter(found.values())) if len(found) == 1 else None


def _attributes(outer: Item) -> Attributes | None:
    rows = parts(outer.content)
    if rows is None or [row.whole for row in rows] != sorted(row.whole for row in rows):
        return None
    values: dict[bytes, bytes] = {}
    for row in rows:
        pair = parts(row.content)
        if row.tag != SEQUENCE or pair is None or [p.tag for p in pair] != [OID, SET]:
            return None
        value = parts(pair[1].content)
        if value is None or len(value) != 1 or pair[0].whole in values:
            return None
        values[pair[0].whole] = value[0].whole
    if set(values) - set(_KINDS) or values.get(_CONTENT_TYPE) != _DATA:
        return None
    digest = parts(values.get(_MESSAGE_DIGEST, b""))
    reference = _reference(values.get(_SIGNING_CERTIFICATE, b""))
    if not digest or digest[0].tag != OCTETS or reference is None:
        return None
    time = None
    if _SIGNING_TIME in values:
        time = _read_time(values[_SIGNING_TIME])
        if time is None:
            return None
    kinds = frozenset(_KINDS[kind] for kind in values)
    own, names = reference
    return Attributes(digest[0].content, own, "sha256", time, kinds, names)


def _reference(value: bytes) -> tuple[bytes, tuple[bytes, int] | None] | None:
    """The hash in a SigningCertificateV2 of one certificate by SHA-256, its issuer and number."""
    outer = inside(value, SEQUENCE)
    if outer is None or len(outer) != 1:
        return None
    references = parts(outer[0].content)
    if outer[0].tag != SEQUENCE or references is None or len(references) != 1:
        return None
    fields = parts(references[0].content)
    if fields is None or references[0].tag != SEQUENCE:
        return None
    # SHA-256 is the default and left out; issuer and serial number may follow.
    if [field.tag for field in fields] not in ([OCTETS], [OCTETS, SEQUENCE]):
        return None
    names = _issuer_serial(fields[1]) if len(fields) == 2 else None
    if len(fields) == 2 and names is None:
        return None
    return fields[0].content, names


def _issuer_serial(value: Item) -> tuple[bytes, int] | None:
    pair = parts(value.content)
    if pair is None or [part.tag for part in pair] != [SEQUENCE, INTEGER]:
        return None
    names = parts(pair[0].content)
    if names is None or [name.tag for name in names] != [0xA4]:
        return None
    return names[0].content, int.from_bytes(pair[1].content, "big", signed=True)


def _read_time(value: bytes) -> datetime | None:
    found = parts(value)
    if found is None or len(found) != 1:
        return None
    time, text = found[0], found[0].content
    if time.tag == UTC_TIME and _UTC.fullmatch(text):
        text = (b"20" if text[:2] < b"50" else b"19") + text
    elif time.tag != GENERAL_TIME or not _GENERAL.fullmatch(text):
        return None
    try:
        return datetime.strptime(text.decode(), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _time(instant: datetime) -> bytes:
    second = instant.astimezone(UTC)
    if second.year < 2050:
        return item(UTC_TIME, second.strftime("%y%m%d%H%M%SZ").encode())
    return item(GENERAL_TIME, second.strftime("%Y%m%d%H%M%SZ").encode())


def _holds(certificate: x509.Certificate, algorithm: bytes, signature: bytes, raw: bytes) -> bool:
    try:
        key = certificate.public_key()
        if algorithm == _ECDSA and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, raw, ec.ECDSA(hashes.SHA256()))
        elif algorithm == _RSA and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, raw, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
