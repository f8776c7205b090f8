"""Time-stamps (RFC 3161): asking for a token, and judging one; SHA-256, strict DER, one signer.

A token is believed by what it signs and by the roots that the reader brought along, never by where
it came from. Read here with nothing but ``cryptography``, for the program that people take home
has nothing else. What no signature covers is held as well: one spelling of everything, no unsigned
attribute, and no certificate in it that nobody issued. (One thing is free: ``rsaEncryption`` and
``sha256WithRSAEncryption`` name the same signature, and authorities write either.)
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from kernel.errors import Refused
from kernel.sealing.algorithms import HASHES
from kernel.sealing.certificates import Profile, der, load, subject_text
from kernel.sealing.der import CONTEXT_0, OCTETS, OID, SEQUENCE, SET, item, parts
from kernel.sealing.revocation import Crl, check_unbroken
from kernel.sealing.timestamp_fields import (
    ATTRIBUTES,
    CONTENT_TYPE,
    DIGESTS,
    MESSAGE_DIGEST,
    SHA256,
    SIGNATURES,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    TST_INFO,
    Info,
    Unreadable,
    algorithm,
    attributes,
    certificate_hashes,
    fields,
    integer,
    issuer_and_serial,
    oid_bytes,
    one,
    read_info,
    subject_of,
)
from kernel.sealing.trust import Anchors, Chain
from kernel.sealing.trust import verify as verify_certificate

MAX_SIZE = 16 * 1024
MAX_CERTIFICATES = 10
# Beyond this a token says nothing of the minute in which something happened.
MAX_ACCURACY = timedelta(seconds=60)
WITHIN = timedelta(seconds=60)
_GRANTED = (0, 1)  # granted, granted with modifications (RFC 3161 §2.4.2)


@dataclass(frozen=True)
class Request:
    """What an authority is asked: the SHA-256, a nonce (64 bits), the policy wished for if any."""

    digest: bytes
    nonce: int
    policy: str = ""

    def encode(self) -> bytes:
        """The TimeStampReq, DER, which asks for the authority's certificate too."""
        return item(
            SEQUENCE,
            integer(1),
            item(SEQUENCE, SHA256, item(OCTETS, self.digest)),
            oid_bytes(self.policy) if self.policy else b"",
            integer(self.nonce),
            bytes((0x01, 0x01, 0xFF)),
        )


@dataclass(frozen=True)
class Token:
    """A token whose signature holds over what it says; nothing is said yet about trust.

    data: its DER. info: what it says. certificate: the authority's; certificates: all in it.
    """

    data: bytes
    info: Info
    certificate: x509.Certificate
    certificates: tuple[x509.Certificate, ...]

    @property
    def gen_time(self) -> datetime:
        """When it was made, by the authority's clock (UTC)."""
        return self.info.gen_time

    @property
    def names(self) -> frozenset[str]:
        """What its certificate calls the authority: common name and organisation."""
        subject = self.certificate.subject
        return frozenset(
            str(attribute.value)
            for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
            for attribute in subject.get_attributes_for_oid(oid)
        )


def request(digest: bytes, policy: str = "") -> Request:
    """A request for something of this SHA-256, with a fresh nonce. policy: dotted, if wished."""
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    return Request(digest, secrets.randbits(63) | 1, policy)


def read_response(data: bytes) -> bytes:
    """The token in a TimeStampResp, DER. ``sealing.timestamp.refused`` where it holds none."""
    try:
        status, *rest = fields(data)
        granted, *more = fields(status.whole)
        if granted.tag != 0x02 or len(rest) > 1:
            raise Unreadable("not a TimeStampResp")
        if int.from_bytes(granted.content, "big") not in _GRANTED or not rest:
            said = " ".join(_words(part.content) for part in more if part.tag == SEQUENCE)
            raise Refused.because("sealing.timestamp.refused", status=said[:200] or "-")
    except (Unreadable, ValueError) as fault:
        raise _malformed(fault) from fault
    return rest[0].whole


def read(data: bytes) -> Token:
    """A token's structure and mathematics; nothing about trust.

    Refused: ``sealing.timestamp.malformed``, ``.algorithm``, ``.digest`` (its signature is over
    something else), ``.certificate`` (the signer's is missing, or another than
    signingCertificateV2 names, or one came along that is not strict DER), ``.signature``.
    """
    if len(data) > MAX_SIZE:
        raise _malformed(f"more than {MAX_SIZE} bytes")
    try:
        return _read(data)
    except (Unreadable, ValueError, OverflowError) as fault:
        raise _malformed(fault) from fault


def _read(data: bytes) -> Token:
    kind, content = fields(data, OID, CONTEXT_0)
    if kind.whole != SIGNED_DATA:
        raise Unreadable("not SignedData")
    signed = fields(one(content.content).whole)
    if [part.tag for part in signed] != [0x02, SET, SEQUENCE, CONTEXT_0, SET]:
        raise Unreadable("not one signed TSTInfo with certificates")
    version, digests, wrapped, bag, signers = signed
    if version.content != b"\x03":
        raise Unreadable("version")
    what, inner = fields(wrapped.whole, OID, CONTEXT_0)
    said = one(inner.content)
    if what.whole != TST_INFO or said.tag != OCTETS:
        raise Unreadable("no TSTInfo")
    signer = fields(one(signers.content).whole)
    if [part.tag for part in signer] != [0x02, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTETS]:
        raise Unreadable("not one plain SignerInfo")
    if signer[0].content != b"\x01":
        raise Unreadable("version of the SignerInfo")
    name = _digest_name(signer[2].whole)
    if _digest_name(one(digests.content).whole) != name:
        raise Unreadable("two digest algorithms")
    raw = bytes((SET,)) + signer[3].whole[1:]
    certificates = _certificates(bag.content)
    certificate = _signer(signer[1].whole, certificates)
    _check_attributes(attributes(raw), name, said.content, certificate, certificates)
    _check_signature(certificate, signer[4].whole, signer[5].content, raw, name)
    info = read_info(said.content)
    if info.tsa and info.tsa != subject_of(der(certificate)):
        raise Refused.because("sealing.timestamp.certificate", part="tsa")
    return Token(data, info, certificate, certificates)


def verify(
    data: bytes,
    digest: bytes,
    anchors: Anchors,
    *,
    crls: Sequence[Crl],
    intermediates: Iterable[x509.Certificate] = (),
    asked: Request | None = None,
    known: datetime | None = None,
) -> Token:
    """A token over this SHA-256 by an authority whom the anchors vouch for at its own time.

    asked: the request that it answers, whose nonce and policy it must repeat. known: now, where
    the token may be old: lists must speak up to then, and an authority that was revoked since must
    merely have gone out of use, or whoever has its key dates tokens back. Refused as by
    :func:`read`, by :func:`kernel.sealing.trust.verify` (profile: extendedKeyUsage critical and
    timeStamping alone), and with ``sealing.timestamp.imprint``, ``.nonce``, ``.policy``,
    ``.accuracy`` (worse than a minute).
    """
    token = read(data)
    info = token.info
    if info.digest != digest:
        raise Refused.because("sealing.timestamp.imprint")
    if asked is not None and info.nonce != asked.nonce:
        raise Refused.because("sealing.timestamp.nonce")
    if asked is not None and asked.policy and info.policy != asked.policy:
        raise Refused.because("sealing.timestamp.policy", found=info.policy, wanted=asked.policy)
    if info.accuracy > MAX_ACCURACY:
        raise Refused.because("sealing.timestamp.accuracy", seconds=info.accuracy.total_seconds())
    issuers = tuple(intermediates)
    others = [c for c in (*token.certificates, *issuers) if c != token.certificate]
    chain = verify_certificate(
        token.certificate, others, anchors, token.gen_time,
        crls=crls, profile=Profile.TIMESTAMP, known=known,
    )  # fmt: skip
    if known is not None and len(chain) > 1:
        check_unbroken(chain[0], chain[1], crls)
    _check_company(token, (*issuers, *anchors.certificates), chain)
    return token


def check_named(token: Token, names: Collection[str]) -> str:
    """The one of these names that a token's certificate bears; ``sealing.timestamp.authority``."""
    for name in names:
        if name in token.names:
            return name
    raise Refused.because("sealing.timestamp.authority", found=subject_text(token.certificate))


def check_time(token: Token, at: datetime, within: timedelta = WITHIN) -> None:
    """Refuse a token that was made further from an instant than so: ``sealing.timestamp.time``."""
    apart = abs(token.gen_time - at)
    if apart > within:
        raise Refused.because(
            "sealing.timestamp.time",
            seconds=int(apart.total_seconds()),
            limit=int(within.total_seconds()),
        )


def _check_attributes(
    found: dict[bytes, bytes],
    name: str,
    content: bytes,
    certificate: x509.Certificate,
    certificates: Collection[x509.Certificate],
) -> None:
    if found.get(CONTENT_TYPE) != TST_INFO or not found.keys() >= ATTRIBUTES:
        raise Unreadable("signed attributes")
    digest = one(found[MESSAGE_DIGEST])
    if digest.tag != OCTETS or digest.content != hashlib.new(name, content).digest():
        raise Refused.because("sealing.timestamp.digest")
    named = certificate_hashes(found[SIGNING_CERTIFICATE_V2])
    if not _is_named(named[0], certificate):
        raise Refused.because("sealing.timestamp.certificate", part="signingCertificateV2")
    # The first is the signer's; where others are named, they are issuers that may have come along.
    if len(named) > 1 and not all(
        any(_is_named(each, one_) for each in named) for one_ in certificates
    ):
        raise Refused.because("sealing.timestamp.certificate", part="signingCertificateV2")


def _is_named(named: tuple[str, bytes], certificate: x509.Certificate) -> bool:
    return hashlib.new(named[0], der(certificate)).digest() == named[1]


def _digest_name(value: bytes) -> str:
    found = DIGESTS.get(algorithm(value))
    if found is None:
        raise Refused.because("sealing.timestamp.algorithm", algorithm=algorithm(value).hex())
    return found


def _certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    rows = parts(data)
    if rows is None or not 1 <= len(rows) <= MAX_CERTIFICATES:
        raise Unreadable("certificates")
    for row in rows:
        outer = fields(row.whole)
        # Unused bits of a signature are the one place where a certificate has two spellings.
        if len(outer) != 3 or outer[2].tag != 0x03 or outer[2].content[:1] != b"\x00":
            raise Unreadable("certificates")
    try:
        return tuple(load(row.whole) for row in rows)
    except Refused as refused:
        raise Unreadable("certificates") from refused


def _signer(sid: bytes, certificates: Iterable[x509.Certificate]) -> x509.Certificate:
    for certificate in certificates:
        if issuer_and_serial(der(certificate)) == sid:
            return certificate
    raise Refused.because("sealing.timestamp.certificate", part="issuerAndSerialNumber")


def _check_signature(
    certificate: x509.Certificate, value: bytes, signature: bytes, raw: bytes, name: str
) -> None:
    kind, implied = SIGNATURES.get(algorithm(value), ("", ""))
    try:
        key, digest = certificate.public_key(), HASHES[name]()
        if implied not in ("", name):
            raise ValueError("digest")
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, raw, ec.ECDSA(digest))
        elif kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, raw, padding.PKCS1v15(), digest)
        else:
            raise ValueError("kind")
    except (UnsupportedAlgorithm, ValueError) as fault:
        raise Refused.because("sealing.timestamp.algorithm", algorithm=value.hex()[:80]) from fault
    except InvalidSignature as fault:
        raise Refused.because("sealing.timestamp.signature") from fault


def _check_company(token: Token, known: Iterable[x509.Certificate], chain: Chain) -> None:
    """Whatever else stands in a token was issued by somebody at hand, or it was put there."""
    issuers = (*token.certificates, *known)
    for certificate in token.certificates:
        if certificate not in chain and not any(_issued(certificate, by) for by in issuers):
            raise Refused.because("sealing.timestamp.certificate", part=subject_text(certificate))


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _words(content: bytes) -> str:
    """PKIFreeText: texts in UTF-8, as far as they are any."""
    return " ".join(part.content.decode("utf-8", "replace") for part in parts(content) or ())


def _malformed(fault: object) -> NoReturn:
    raise Refused.because("sealing.timestamp.malformed", reason=str(fault)[:200])
