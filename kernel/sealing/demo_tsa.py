"""The sandbox's own time-stamp authority: right tokens by a clock that its operator sets.

**It proves nothing against the operator**, who holds its key and moves its clock. It exists so that
a sandbox goes the way of a production, whose authorities stand outside. Its certificate, its
policy (under the arc that RFC 5612 keeps for examples) and its name say "DEMONSTRATION".
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import DEMONSTRATION, der
from kernel.sealing.der import CONTEXT_0, INTEGER, OCTETS, OID, SEQUENCE, SET, item, set_of
from kernel.sealing.keystore import KeySigner
from kernel.sealing.timestamp_fields import (
    CONTENT_TYPE,
    ECDSA_SHA256,
    MESSAGE_DIGEST,
    SHA256,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    TST_INFO,
    Unreadable,
    algorithm,
    fields,
    integer,
    issuer_and_serial,
    oid_bytes,
    read_integer,
    read_oid,
    subject_of,
    time_bytes,
)
from kernel.sealing.timestamps import Request

NAME = f"Zhuxin {DEMONSTRATION} TSA"
POLICY = "1.3.6.1.4.1.32473.1.2"
LIFETIME_DAYS = 10 * 365
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
# Beyond what a request of ours has: version, imprint, policy, nonce, certReq.
MAX_REQUEST = 1024
# As the clock of an ordinary machine is kept: one second.
_ACCURACY = item(SEQUENCE, integer(1))
_BAD_ALGORITHM, _BAD_FORMAT, _BAD_POLICY = 0, 5, 15


def issue(authority: DemoAuthority, now: datetime) -> KeySigner:
    """A certificate for this authority, with its new key (P-256)."""
    return authority.issue_tsa(now, LIFETIME_DAYS)


def respond(data: bytes, signer: KeySigner, now: datetime) -> bytes:
    """The TimeStampResp to a TimeStampReq, DER: a token dated ``now``, or a refusal in it."""
    try:
        asked, wanted = _read_request(data)
    except _Rejected as rejected:
        return _rejection(rejected.bit)
    except (Unreadable, ValueError, OverflowError):
        return _rejection(_BAD_FORMAT)
    if asked.policy not in ("", POLICY):
        return _rejection(_BAD_POLICY)
    granted = item(SEQUENCE, item(INTEGER, b"\x00"))
    return item(SEQUENCE, granted, token(asked, signer, now, certificates=wanted))


def token(asked: Request, signer: KeySigner, now: datetime, *, certificates: bool = True) -> bytes:
    """A token for a request; its certificate and issuers in it unless nobody asked for them."""
    own = der(signer.certificate)
    said = item(
        SEQUENCE,
        integer(1),
        oid_bytes(POLICY),
        item(SEQUENCE, SHA256, item(OCTETS, asked.digest)),
        integer(secrets.randbits(127)),
        time_bytes(now),
        _ACCURACY,
        integer(asked.nonce) if asked.nonce else b"",
        item(CONTEXT_0, item(0xA4, subject_of(own))),
    )
    # A root is the reader's to bring along. All that comes along is named in what is signed.
    company = [own, *(der(c) for c in signer.chain if c.issuer != c.subject)]
    named = [item(SEQUENCE, item(OCTETS, hashlib.sha256(each).digest())) for each in company]
    values = {
        CONTENT_TYPE: TST_INFO,
        MESSAGE_DIGEST: item(OCTETS, hashlib.sha256(said).digest()),
        SIGNING_CERTIFICATE_V2: item(SEQUENCE, item(SEQUENCE, *named)),
    }
    attributes = set_of(item(SEQUENCE, kind, item(SET, value)) for kind, value in values.items())
    info = item(
        SEQUENCE,
        integer(1),
        issuer_and_serial(own),
        SHA256,
        bytes((CONTEXT_0,)) + attributes[1:],
        ECDSA_SHA256,
        item(OCTETS, signer.sign(attributes)),
    )
    signed = item(
        SEQUENCE,
        integer(3),
        item(SET, SHA256),
        item(SEQUENCE, TST_INFO, item(CONTEXT_0, item(OCTETS, said))),
        set_of(company, CONTEXT_0) if certificates else b"",
        item(SET, info),
    )
    return item(SEQUENCE, SIGNED_DATA, item(CONTEXT_0, signed))


class _Rejected(Exception):  # noqa: N818  (an answer, not a fault)
    def __init__(self, bit: int) -> None:
        super().__init__(str(bit))
        self.bit = bit


def _read_request(data: bytes) -> tuple[Request, bool]:
    """What is asked, and whether certificates are wanted."""
    if len(data) > MAX_REQUEST:
        raise Unreadable("too long")
    version, imprint, *rest = fields(data)
    hashed, digest = fields(imprint.whole, SEQUENCE, OCTETS)
    if version.whole != integer(1):
        raise Unreadable("version")
    if algorithm(hashed.whole) != algorithm(SHA256) or len(digest.content) != 32:
        raise _Rejected(_BAD_ALGORITHM)
    policy = read_oid(rest.pop(0)) if rest and rest[0].tag == OID else ""
    nonce = read_integer(rest.pop(0)) if rest and rest[0].tag == INTEGER else 0
    wanted = bool(rest) and rest.pop(0).whole == bytes((0x01, 0x01, 0xFF))
    if rest:
        raise Unreadable("extensions")
    return Request(digest.content, nonce, policy), wanted


def _rejection(bit: int) -> bytes:
    """Rejected, with the bit of PKIFailureInfo that says why."""
    octets = bytearray(bit // 8 + 1)
    octets[-1] = 0x80 >> bit % 8
    failure = item(0x03, bytes((7 - bit % 8,)), bytes(octets))
    return item(SEQUENCE, item(SEQUENCE, item(INTEGER, b"\x02"), failure))


__all__ = [
    "LIFETIME_DAYS",
    "MAX_REQUEST",
    "NAME",
    "POLICY",
    "QUERY",
    "REPLY",
    "issue",
    "respond",
    "token",
]
