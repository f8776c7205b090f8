"""Signing a PDF with a key that is elsewhere: begin here, sign there, finish here. Pure.

PAdES-B-B (ETSI EN 319 142-1, 6.3): a CMS signature in an incremental update. The key's holder sees
the DER of the CMS signed attributes (RFC 5652, 5.4), which bind the document's digest and the
certificate; only the value of the signature comes back. Everything before it stays byte for byte.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from kernel import clock
from kernel.errors import Refused
from kernel.sealing import canonical, cms
from kernel.sealing.certificates import Profile, check_profile, der, fingerprint, load

_STATE = "zhuxin-signing-state/1"
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
# What a CMS needs beside certificates and attributes: algorithm names, the value, DER framing.
_CMS_ROOM = 1024


class Signer(Protocol):
    """A key at hand: the platform's own seal.

    certificate: PEM. chain: PEM of the issuers, without the root if it likes.
    """

    @property
    def certificate(self) -> bytes: ...  # noqa: D102  (said above)

    @property
    def chain(self) -> Sequence[bytes]: ...  # noqa: D102

    def sign(self, data: bytes) -> bytes:
        """The signature over data: ECDSA (DER) or RSA PKCS #1 v1.5, both with SHA-256."""


@dataclass(frozen=True)
class Pending:
    """A signature that waits for its value.

    to_be_signed: DER of the signed attributes; the signature is made over these bytes.
    state: all that :func:`finish` needs; the server keeps it and never takes it from outside.
    byte_range: offset, length, offset, length of what the signature covers in ``prepared``.
    document_sha256: hex SHA-256 over the byte range, equal to the messageDigest attribute.
    prepared: the PDF with an empty place for the signature, which the signer can check.
    certificate_sha256: hex SHA-256 of the certificate's DER.
    signing_time: as written into the PDF (``/M``, whole seconds), in UTC.
    """

    to_be_signed: bytes
    state: bytes
    byte_range: tuple[int, int, int, int]
    document_sha256: str
    prepared: bytes
    certificate_sha256: str
    signing_time: datetime


def begin(
    pdf: bytes,
    *,
    certificate: bytes,
    chain: Sequence[bytes] = (),
    reason: str,
    location: str,
    signing_time: datetime,
    field_name: str,
    timestamp_room: int = 0,
) -> Pending:
    """Prepare a signature on a PDF and say what its signer must sign.

    certificate: PEM or DER, of a key that ``kernel.sealing.certificates.check_profile`` lets sign.
    chain: PEM (or DER) of its issuers, embedded for later validators.
    signing_time: aware; written into the PDF, where it is the signer's claim and not a proof.
    field_name: the PDF field, unique in the document: letters, digits, ``_`` and ``-``.
    timestamp_room: bytes to keep free for a time-stamp token in :func:`finish`.

    Refuses ``sealing.certificate.malformed``, ``.wrong_profile``, ``.key_unsupported``,
    ``documents.signing.certificate_not_valid`` (outside its dates), ``documents.pdf.unreadable``,
    ``.encrypted``, ``.locked`` and ``documents.signature.field_taken``.
    """
    if not _FIELD_NAME.fullmatch(field_name):
        raise ValueError(f"not a field name: {field_name!r}")
    if signing_time.tzinfo is None:
        raise ValueError("signing_time must be aware")
    signing_time = signing_time.replace(microsecond=0)
    from kernel.documents import pdf_fields  # pyHanko takes a second to import

    own = load(certificate)
    check_profile(own, Profile.SIGNER)
    _check_dates(own, signing_time)
    issuers = [der(load(one)) for one in chain]
    place = pdf_fields.prepare(
        pdf,
        signer=asn1_x509.Certificate.load(der(own)),
        field_name=field_name,
        reason=reason,
        location=location,
        signing_time=signing_time.astimezone(clock.LEGAL_ZONE),
        room=len(der(own)) + sum(map(len, issuers)) + _CMS_ROOM + timestamp_room,
    )
    attributes = cms.signed_attributes(place.digest, own, None)
    state = {
        "format": _STATE,
        "pdf": _text(place.pdf),
        "reserved": list(place.reserved),
        "signed_attributes": _text(attributes),
        "certificate": _text(der(own)),
        "chain": [_text(issuer) for issuer in issuers],
    }
    return Pending(
        to_be_signed=attributes,
        state=canonical.encode(state),
        byte_range=place.byte_range,
        document_sha256=place.digest.hex(),
        prepared=place.pdf,
        certificate_sha256=fingerprint(own),
        signing_time=signing_time.astimezone(UTC),
    )


def prepared(state: bytes) -> bytes:
    """The PDF of a pending signature, whose byte range the signer recomputes."""
    return base64.b64decode(canonical.decode(state)["pdf"])


def finish(state: bytes, signature: bytes, *, timestamp_token: bytes = b"") -> bytes:
    """The signed PDF, from the state of :func:`begin` and the value of the signature.

    signature: over ``to_be_signed``; ECDSA as DER or RSA PKCS #1 v1.5, with SHA-256.
    timestamp_token: DER of an RFC 3161 token over the signature's SHA-256; makes it PAdES-B-T.

    Refuses ``documents.signature.mismatch`` when another key made it or other bytes were signed.
    """
    from kernel.documents import pdf_fields

    kept = canonical.decode(state)
    if kept.get("format") != _STATE:
        raise ValueError("not a signing state")
    try:
        content = cms.assemble(
            base64.b64decode(kept["signed_attributes"]),
            signature,
            load(base64.b64decode(kept["certificate"])),
            [load(base64.b64decode(one)) for one in kept["chain"]],
        )
    # Everything but the signature is our own and was checked when we began.
    except Refused as refused:
        raise Refused.because("documents.signature.mismatch") from refused
    if timestamp_token:
        content = _timestamped(content, timestamp_token)
    start, end = kept["reserved"]
    return pdf_fields.fill(base64.b64decode(kept["pdf"]), (start, end), content)


def seal(
    pdf: bytes,
    signer: Signer,
    *,
    reason: str,
    location: str,
    signing_time: datetime,
    field_name: str = "PlatformSeal",
) -> bytes:
    """The PDF with the platform's own seal, for what the platform itself says; as :func:`begin`."""
    pending = begin(
        pdf,
        certificate=signer.certificate,
        chain=signer.chain,
        reason=reason,
        location=location,
        signing_time=signing_time,
        field_name=field_name,
    )
    return finish(pending.state, signer.sign(pending.to_be_signed))


def _check_dates(certificate: x509.Certificate, at: datetime) -> None:
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not since <= at <= until:
        raise Refused.because(
            "documents.signing.certificate_not_valid",
            since=since.isoformat(),
            until=until.isoformat(),
        )


def _timestamped(content: bytes, token: bytes) -> bytes:
    """The CMS with a signature-time-stamp attribute (RFC 3161, appendix A)."""
    whole = asn1_cms.ContentInfo.load(content)
    stamp = asn1_cms.CMSAttribute(
        {
            "type": "signature_time_stamp_token",
            "values": [asn1_cms.ContentInfo.load(token, strict=True)],
        }
    )
    whole["content"]["signer_infos"][0]["unsigned_attrs"] = [stamp]
    return bytes(whole.dump(force=True))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
