"""Two heads that do not fit, as a file that convicts the log that signed both. Pure.

``{"format":"zhuxin-contradiction/1","what","heads":[{"head","key"},…],"answer"}``: ``what`` the
witness found, the one or two heads, and what the server answered where that was the fault. A log
convicts itself by its own signatures: two roots over one size, or a later head over fewer entries.
Two heads of different sizes without a proof between them convict nobody yet: the log may be asked
for the proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kernel.evidence import anchors, formats, reading
from kernel.evidence.reading import Head, Unsound
from kernel.sealing import canonical

UNPROVEN = "unproven"


def value(what: str, heads: Iterable[Head], answer: str = "") -> dict[str, Any]:
    """The file's content."""
    return {
        "format": formats.CONTRADICTION_FORMAT,
        "what": what,
        "heads": [head_value(head) for head in heads],
        "answer": answer[:100_000],
    }


def head_value(head: Head) -> dict[str, Any]:
    """A head with its key, as it stands in files."""
    signed = canonical.decode(head.signed)
    return {
        "head": {**signed, "signature": formats.b64(head.signature)},
        "key": formats.b64(head.spki),
    }


def read(document: dict[str, Any], name: str) -> list[Head]:
    """The heads of such a file, not checked yet."""
    reading.only(document, {"format", "what", "heads", "answer"}, set(), name, "contradiction")
    rows = reading.field(document, "heads", list, name)
    for row in rows:
        reading.only(row, {"head", "key"}, set(), name, "heads")
    return [reading.read_head(row, name) for row in rows]


def check_signed(head: Head) -> None:
    """Refuse a head that its key did not sign: Unsound ``bad_head_key|bad_head_signature``."""
    if formats.key_id(head.spki) != head.log:
        raise Unsound("bad_head_key", log=head.log)
    if not formats.signature_holds(head.spki, head.signature, head.signed):
        raise Unsound("bad_head_signature", size=head.size, at=head.at)


def check_pair(one: Head, other: Head) -> None:
    """Raise Unsound ``forked`` or ``shrunk`` where two heads cannot both be true."""
    if one.size == other.size and one.root != other.root:
        raise Unsound("forked", size=one.size)
    early, late = sorted((one, other), key=lambda head: head.at)
    if early.at < late.at and late.size < early.size:
        raise Unsound("shrunk", first=late.size, second=early.size)


def judge(heads: list[Head], known: anchors.Anchors | None) -> str:
    """What two heads prove: ``forked`` or ``shrunk``, else :data:`UNPROVEN`.

    Raises Unsound where a head is not the log's: then the file proves nothing at all.
    """
    for head in heads:
        check_signed(head)
        if known is not None:
            anchors.vouching(head, known)
    if len(heads) != 2:
        return UNPROVEN
    try:
        check_pair(*heads)
    except Unsound as found:
        return found.code
    return UNPROVEN
