"""The fields of a time-stamp token, read and written in DER (RFC 3161 §2.4, RFC 5652, RFC 5035)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kernel.sealing.der import (
    CONTEXT_0,
    GENERAL_TIME,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    Item,
    inside,
    item,
    parts,
)

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
ATTRIBUTES = {CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2}

SHA256 = bytes.fromhex("300d06096086480165030402010500")
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_SHA256_OID = bytes.fromhex("0609608648016503040201")
DIGESTS = {
    _SHA256_OID: "sha256",
    bytes.fromhex("0609608648016503040202"): "sha384",
    bytes.fromhex("0609608648016503040203"): "sha512",
}
# Kind of key and the digest that the name implies; plain rsaEncryption leaves it open.
SIGNATURES = {
    bytes.fromhex("06082a8648ce3d040302"): ("ecdsa", "sha256"),
    bytes.fromhex("06082a8648ce3d040303"): ("ecdsa", "sha384"),
    bytes.fromhex("06082a8648ce3d040304"): ("ecdsa", "sha512"),
    bytes.fromhex("06092a864886f70d010101"): ("rsa", ""),
    bytes.fromhex("06092a864886f70d01010b"): ("rsa", "sha256"),
    bytes.fromhex("06092a864886f70d01010c"): ("rsa", "sha384"),
    bytes.fromhex("06092a864886f70d01010d"): ("rsa", "sha512"),
}
_NULL, _TRUE = b"\x05\x00", b"\xff"
_BOOLEAN, _MILLIS, _MICROS, _EXTENSIONS, _DIRECTORY_NAME = 0x01, 0x80, 0x81, 0xA1, 0xA4
# RFC 3161 §2.4.2: no fraction that ends in zero.
_TIME = re.compile(rb"([0-9]{14})(?:\.([0-9]{0,11}[1-9]))?Z")


class Unreadable(Exception):  # noqa: N818  (what a caller makes a refusal of)
    """Bytes that are not the one spelling of what they should be."""


@dataclass(frozen=True)
class Info:
    """What a token says (TSTInfo).

    digest: SHA-256 of what was stamped. policy: dotted. accuracy: as stated, zero where it is not.
    nonce: None where the request had none. tsa: the name in it, DER, empty where there is none.
    """

    digest: bytes
    policy: str
    serial: int
    gen_time: datetime
    accuracy: timedelta
    nonce: int | None
    tsa: bytes = b""


def fields(data: bytes, *tags: int) -> list[Item]:
    """What stands in a SEQUENCE, with these tags where they are given."""
    found = inside(data, SEQUENCE)
    if not found or (tags and tuple(each.tag for each in found) != tags):
        raise Unreadable("not the sequence that it should be")
    return found


def one(data: bytes) -> Item:
    """The one value that stands in these bytes."""
    found = parts(data)
    if found is None or len(found) != 1:
        raise Unreadable("not one value")
    return found[0]


def algorithm(data: bytes) -> bytes:
    """The name (OID, DER) in an AlgorithmIdentifier whose parameters are left out or NULL."""
    kind, *rest = fields(data)
    if kind.tag != OID or [each.whole for each in rest] not in ([], [_NULL]):
        raise Unreadable("algorithm")
    return kind.whole


def attributes(raw: bytes) -> dict[bytes, bytes]:
    """Name → value of signed attributes (a SET OF), each once and with one value."""
    rows, found = inside(raw, SET), {}
    for row in rows or ():
        kind, values = fields(row.whole, OID, SET)
        if kind.whole in found:
            raise Unreadable("an attribute twice")
        found[kind.whole] = one(values.content).whole
    return found


def certificate_hashes(value: bytes) -> list[tuple[str, bytes]]:
    """Digest name and hash of each certificate that a SigningCertificateV2 names."""
    rows = fields(fields(value)[0].whole)
    return [_certificate_hash(row) for row in rows]


def _certificate_hash(row: Item) -> tuple[str, bytes]:
    found, name = fields(row.whole), "sha256"
    if found[0].tag == SEQUENCE:  # SHA-256 is the default and left out
        name = DIGESTS.get(algorithm(found.pop(0).whole), "")
    if not name or not found or found[0].tag != OCTETS:
        raise Unreadable("signingCertificateV2")
    return name, found[0].content


def read_info(data: bytes) -> Info:
    """A TSTInfo of version 1 over a SHA-256, without critical extensions."""
    version, policy, imprint, serial, time, *rest = fields(data)
    hashed, digest = fields(imprint.whole, SEQUENCE, OCTETS)
    if version.whole != integer(1) or len(digest.content) != 32:
        raise Unreadable("TSTInfo")
    if algorithm(hashed.whole) != _SHA256_OID:
        raise Unreadable("not SHA-256")
    more = _Rest(rest)
    accuracy = _accuracy(more.take(SEQUENCE))
    ordering = more.take(_BOOLEAN)
    nonce = more.take(INTEGER)
    tsa, extensions = more.take(CONTEXT_0), more.take(_EXTENSIONS)
    # FALSE is the default, which DER leaves out.
    if more.rows or (ordering is not None and ordering.content != _TRUE):
        raise Unreadable("TSTInfo")
    for row in parts(extensions.content) or () if extensions else ():
        if _BOOLEAN in [each.tag for each in fields(row.whole)]:
            raise Unreadable("a critical extension")
    return Info(
        digest=digest.content,
        policy=read_oid(policy),
        serial=read_integer(serial),
        gen_time=_time(time),
        accuracy=accuracy,
        nonce=read_integer(nonce) if nonce else None,
        tsa=_directory_name(tsa),
    )


class _Rest:
    """Optional fields, in their order."""

    def __init__(self, rows: list[Item]) -> None:
        self.rows = rows

    def take(self, tag: int) -> Item | None:
        if self.rows and self.rows[0].tag == tag:
            return self.rows.pop(0)
        return None


def _accuracy(row: Item | None) -> timedelta:
    if row is None:
        return timedelta()
    rest = _Rest(parts(row.content) or [])
    seconds, millis, micros = (rest.take(tag) for tag in (INTEGER, _MILLIS, _MICROS))
    if rest.rows:
        raise Unreadable("accuracy")
    return timedelta(
        seconds=_number(seconds), milliseconds=_number(millis), microseconds=_number(micros)
    )


def _number(row: Item | None) -> int:
    value = read_integer(row, any_tag=True) if row else 0
    if not 0 <= value < 10**9:
        raise Unreadable("accuracy")
    return value


def _directory_name(row: Item | None) -> bytes:
    if row is None:
        return b""
    name = one(row.content)
    return one(name.content).whole if name.tag == _DIRECTORY_NAME else b""


def _time(row: Item) -> datetime:
    found = _TIME.fullmatch(row.content)
    if row.tag != GENERAL_TIME or found is None:
        raise Unreadable("genTime")
    second = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return second.replace(microsecond=int(((found[2] or b"0").ljust(6, b"0"))[:6]))


def time_bytes(instant: datetime) -> bytes:
    """A GeneralizedTime to the microsecond, as RFC 3161 spells it."""
    at = instant.astimezone(UTC)
    fraction = f".{at.microsecond:06}".rstrip("0") if at.microsecond else ""
    return item(GENERAL_TIME, f"{at:%Y%m%d%H%M%S}{fraction}Z".encode())


def integer(value: int, tag: int = INTEGER) -> bytes:
    """A whole number, not negative."""
    return item(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def read_integer(row: Item, *, any_tag: bool = False) -> int:
    """A whole number, not negative, in its shortest spelling."""
    value = int.from_bytes(row.content, "big")
    if not (any_tag or row.tag == INTEGER) or integer(value, row.tag) != row.whole:
        raise Unreadable("integer")
    return value


def oid_bytes(dotted: str) -> bytes:
    """An object identifier out of its dotted spelling."""
    first, second, *rest = map(int, dotted.split("."))
    return item(OID, *map(_base128, (40 * first + second, *rest)))


def read_oid(row: Item) -> str:
    """An object identifier, dotted."""
    numbers, value = [], 0
    for byte in row.content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    if not numbers:
        raise Unreadable("object identifier")
    first = min(numbers[0] // 40, 2)
    dotted = ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))
    if row.tag != OID or oid_bytes(dotted) != row.whole:
        raise Unreadable("object identifier")
    return dotted


def _base128(value: int) -> bytes:
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def issuer_and_serial(certificate: bytes) -> bytes:
    """How a SignerInfo names a certificate (DER)."""
    rows = _certificate_fields(certificate)
    return item(SEQUENCE, rows[3].whole, rows[1].whole)


def subject_of(certificate: bytes) -> bytes:
    """A certificate's subject, DER."""
    return _certificate_fields(certificate)[5].whole


def _certificate_fields(certificate: bytes) -> list[Item]:
    # Version 3 stands first as [0]; then number, algorithm, issuer, validity, subject.
    rows = fields(fields(certificate)[0].whole)
    if len(rows) < 6 or rows[0].tag != CONTEXT_0:
        raise Unreadable("certificate")
    return rows
