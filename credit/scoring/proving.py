"""Whether a certificate is the platform's own: its signature holds, and the log knows it."""

from __future__ import annotations

import hashlib
import json

from credit.scoring.models import ScoreCertificate
from kernel.documents import platform
from kernel.errors import NotFound, Refused
from kernel.evidence import formats, selectors
from kernel.sealing import canonical, cms
from kernel.sealing.bids import bundles

KIND = "credit.certificate"


def holds(held: ScoreCertificate) -> bool:
    """Whether signature and log bear out what a certificate says.

    Those from before certificates were signed stand on the log alone.
    """
    return (not held.statement or _signed(held)) and _logged(held)


def body(number: str, sha256: str) -> dict[str, str]:
    """What the log says of a certificate."""
    return {"number": number, "sha256": sha256}


def engine_of(held: ScoreCertificate) -> str:
    """The number of the engine that a certificate names, empty where it names none."""
    if not held.statement:
        return ""
    try:
        return str(json.loads(held.statement)["engine"])
    except (ValueError, KeyError, TypeError) as broken:
        raise LookupError(held.number) from broken


def _signed(held: ScoreCertificate) -> bool:
    """Whether the operator's seal is under the statement, to the last byte."""
    text = held.statement.encode()
    if hashlib.sha256(text).hexdigest() != held.sha256:
        return False
    try:
        found = cms.check(bytes(held.signature), text)
        bundles.check_signer(found, platform.identity(held.issued_at).uscc)
    except Refused:
        return False
    return True


def _logged(held: ScoreCertificate) -> bool:
    """Whether the entry that a certificate names is about it, and is the leaf that the tree has."""
    try:
        entry = selectors.entry(held.log_index)
    except NotFound:
        return False
    told = canonical.encode(body(held.number, held.sha256))
    data = formats.entry_bytes(
        index=entry.index, kind=entry.kind, case=entry.case, at=entry.at, body=told
    )
    leaf = formats.entry_leaf(bytes(entry.salt), data)
    return entry.kind == KIND and leaf == bytes(entry.leaf)
