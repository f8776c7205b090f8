"""Time-stamps of heads, judged offline by the authorities that the reader's anchors name. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from kernel.errors import Refused
from kernel.evidence import formats, reading
from kernel.evidence.anchors import Anchors as Known
from kernel.evidence.anchors import Authority
from kernel.evidence.reading import Head, Unsound
from kernel.sealing import timestamps
from kernel.sealing.revocation import Crl, load_crl
from kernel.sealing.trust import Anchors

Say = Callable[..., None]


def check_stamps(
    name: str, head: Head, document: dict[str, Any], anchors: Known | None, tell: Say
) -> None:
    """Check every token of a head's file. Raises Unsound for one that does not hold.

    One of an authority that the anchors do not name is told and proves nothing; where they name
    none, no token is looked at but for its being there.
    """
    if formats.TIMESTAMPS not in document:
        return
    rows = reading.field(document, formats.TIMESTAMPS, list, name)
    known = {each.name: each for each in anchors.timestamp_authorities} if anchors else {}
    crls = _crls(document, name)
    for row in rows:
        reading.only(row, {"authority", "token"}, set(), name, formats.TIMESTAMPS)
        said = reading.field(row, "authority", str, name)
        data = reading.base64_field(row, "token", name)
        authority = known.get(said)
        if authority is None:
            tell("stamp_unvouched", mark="note", authority=said)
            continue
        token = _verified(data, head, authority, crls)
        tell("stamped", authority=said, at=formats.instant(token.gen_time), size=head.size)
        if authority.demonstration:
            tell("stamp_demonstration", mark="note", authority=said)


def _verified(data: bytes, head: Head, authority: Authority, crls: list[Crl]) -> timestamps.Token:
    try:
        roots = Anchors.load(authority.roots, demonstration=authority.demonstration)
        digest = hashlib.sha256(head.signed).digest()
        token = timestamps.verify(data, digest, roots, crls=crls)
        timestamps.check_named(token, [authority.name])
    except Refused as refused:
        code = refused.refusals[0].code
        raise Unsound("bad_stamp", authority=authority.name, reason=code) from None
    return token


def _crls(document: dict[str, Any], name: str) -> list[Crl]:
    rows = reading.field(document, formats.CRLS, list, name)
    try:
        return [load_crl(reading.base64_field({"crl": row}, "crl", name)) for row in rows]
    except Refused:
        raise Unsound("shape", name=name, field=formats.CRLS) from None
