"""What is hashed and what is signed, byte for byte. Pure, so that anyone can write it again.

Entry (canonical JSON, RFC 8785; ``body`` is any canonical JSON object)::

    {"at":"2026-11-23T01:02:03.000004Z","body":{…},"case":"procurement.project:17",
     "index":41,"kind":"workflow.act","v":1}

Leaf hash, the tree's level 0, with a random 32-byte ``salt`` of this entry alone::

    SHA-256(0x00 || SHA-256(salt || entry))

Without the salt nobody can test a guess at the entry, so a body that was withheld or erased
(with its salt) stays secret while its leaf stays provable.

Signed head (ECDSA P-256 with SHA-256, DER, in base64, over canonical JSON)::

    {"at":…,"format":"zhuxin-tree-head/1","log":…,"root":…,"size":…}

``log`` is the key id: SHA-256 of the public key's SubjectPublicKeyInfo, as RFC 6962 names a log.
Hashes are lower-case hex, keys (SubjectPublicKeyInfo, DER) and signatures base64, instants UTC.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kernel.evidence import merkle
from kernel.sealing import canonical

ENTRY_VERSION = 1
SALT_SIZE = 32
HEAD_FORMAT = "zhuxin-tree-head/1"
PROOF_FORMAT = "zhuxin-proof/1"
CONSISTENCY_FORMAT = "zhuxin-consistency/1"
ANCHORS_FORMAT = "zhuxin-anchors/1"
# Fields of files: a head's tokens and what they are judged by; whose tokens an anchors file knows.
TIMESTAMPS, CRLS, AUTHORITIES = "timestamps", "crls", "timestamp_authorities"
HEADS_FORMAT = "zhuxin-heads/1"
COSIGNATURE_FORMAT = "zhuxin-cosignature/1"
WITNESS_FORMAT = "zhuxin-witness/1"
CONTRADICTION_FORMAT = "zhuxin-contradiction/1"


class Signer(Protocol):
    """Whoever holds the log's signing key: a file, later perhaps an HSM."""

    @property
    def spki(self) -> bytes:
        """The public key, DER."""

    def sign(self, data: bytes) -> bytes:
        """ECDSA P-256/SHA-256 signature, DER."""


def instant(at: datetime) -> str:
    """An aware instant in UTC to the microsecond: ``2026-11-23T01:02:03.000004Z``."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry_bytes(*, index: int, kind: str, case: str, at: datetime, body: bytes) -> bytes:
    """Canonical bytes of an entry around the canonical bytes of its body.

    Put together rather than encoded: the body is by far the most of it and canonical already.
    """
    head = b'{"at":"%s","body":' % instant(at).encode()
    tail = b',"case":%s,"index":%d,"kind":%s,"v":%d}' % (
        _text(case),
        index,
        _text(kind),
        ENTRY_VERSION,
    )
    return head + body + tail


# Kinds are few and entries of a case come together, while a bulk load has a million of each.
@functools.lru_cache(maxsize=4096)
def _text(value: str) -> bytes:
    return canonical.encode(value)


def entry_leaf(salt: bytes, entry: bytes) -> bytes:
    """Leaf hash of an entry's canonical bytes."""
    return merkle.leaf_hash(hashlib.sha256(salt + entry).digest())


def log_holds(proof: Any) -> bool:
    """Whether a receipt's proof (``LogProof``) leads from its entry to the root that it names."""
    leaf = entry_leaf(proof.salt, proof.entry.encode())
    return bool(
        leaf == proof.leaf
        and merkle.verify_inclusion(leaf, proof.index, proof.size, proof.proof, proof.root)
    )


def key_id(spki: bytes) -> str:
    """The name of a log key: SHA-256 of its SubjectPublicKeyInfo, hex."""
    return hashlib.sha256(spki).hexdigest()


def head_bytes(*, size: int, root: bytes, at: datetime, log: str) -> bytes:
    """The bytes that a head's signature covers."""
    return canonical.encode(
        {"format": HEAD_FORMAT, "size": size, "root": root.hex(), "at": instant(at), "log": log}
    )


def signature_holds(spki: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a P-256 key signed the data; False also for what is no such key."""
    try:
        key = serialization.load_der_public_key(spki)
    except ValueError:
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return False
    try:
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def b64(data: bytes) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(data).decode()


def consistency(first: int, second: int, proof: Sequence[bytes]) -> dict[str, Any]:
    """The file that proves that the tree of ``second`` leaves begins with that of ``first``."""
    return {
        "format": CONSISTENCY_FORMAT,
        "first": first,
        "second": second,
        "proof": [step.hex() for step in proof],
    }


def anchors(
    logs: Sequence[tuple[str, bytes]],
    *,
    witnesses: Sequence[tuple[str, str, bytes]] = (),
    authorities: Sequence[tuple[str, bytes]] = (),
    timestamp_authorities: Sequence[tuple[str, str, bool]] = (),
    organisations: Sequence[tuple[str, str]] = (),
    demonstration: bool = False,
) -> dict[str, Any]:
    """The file of whom somebody vouches for.

    logs: name, SubjectPublicKeyInfo; witnesses: name, USCC, SubjectPublicKeyInfo; authorities:
    name, root certificate (DER); timestamp_authorities: name as their certificates have it, roots
    as PEM, whether these are for demonstration; organisations: USCC, name, those that may stand
    in an opening policy. What is not given is left out. The file is worth what the way is worth
    by which it reached the reader: on paper, from the supervisor, in a gazette.
    """
    found: dict[str, Any] = {
        "witnesses": [
            {"name": name, "uscc": uscc, "witness": key_id(spki), "key": b64(spki)}
            for name, uscc, spki in witnesses
        ],
        "authorities": [{"name": name, "certificate": b64(der)} for name, der in authorities],
        AUTHORITIES: [
            {"name": name, "roots": roots, "demonstration": only}
            for name, roots, only in timestamp_authorities
        ],
        "organisations": [{"uscc": uscc, "name": name} for uscc, name in organisations],
        "demonstration": demonstration,
    }
    return {
        "format": ANCHORS_FORMAT,
        "logs": [{"name": name, "log": key_id(spki), "key": b64(spki)} for name, spki in logs],
        **{name: value for name, value in found.items() if value},
    }
