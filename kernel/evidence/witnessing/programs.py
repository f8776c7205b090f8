"""Whether the programs that a platform serves are the very ones that its lots' policies name.

A policy is believed under the signatures of its procuring entity and trustees, by roots and
organisations of the anchors; the programs' hashes stand in it. What is served to this witness
says nothing of what others are served: several look, and not from one place.
"""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.parse
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from kernel.errors import Refused
from kernel.evidence.anchors import Anchors
from kernel.evidence.reading import Unsound
from kernel.evidence.verify import HOLDS, UNSOUND, UNVOUCHED
from kernel.evidence.witnessing.asking import COMMAND_LINE, Denied, Server, Unreachable, places
from kernel.evidence.witnessing.keep import write
from kernel.sealing import trust
from kernel.sealing.bids import fields
from kernel.sealing.bids.bundles import Bundle, Trust, read_signatures, verify_policy
from kernel.sealing.bids.policy import Policy, Program, read_policy
from kernel.sealing.certificates import load_many
from kernel.sealing.revocation import load_crl

Tell = Callable[..., None]


def look(
    server: Server,
    known: Anchors,
    answers: Sequence[tuple[str, bytes]],
    now: datetime,
    tell: Tell,
    evidence: Path,
) -> int:
    """Hold what is served against each policy; a file that differs is kept as evidence.

    answers: policies' files by name, as the platform gives them (``.policy.json``).
    """
    status, altered, served = HOLDS, False, dict[str, bytes]()
    for name, data in answers:
        policy, vouched = _policy(name, data, known, now)
        tell("programs_policy", lot=policy.lot, version=policy.version)
        if not vouched:
            tell("programs_unvouched", mark="note")
            status = max(status, UNVOUCHED)
        if not policy.programs:
            tell("programs_none", mark="note", lot=policy.lot)
            status = max(status, UNVOUCHED)
        elif all(row.name != COMMAND_LINE for row in policy.programs):
            # As those are that were signed before there was one in a policy.
            tell("programs_no_command", mark="note", lot=policy.lot, name=COMMAND_LINE)
        for row in policy.programs:
            for place in places(row.name, row.sha256):
                altered |= not _is_served(server, place, row, policy.lot, served, tell, evidence)
    return UNSOUND if altered else status


def _is_served(
    server: Server,
    place: str,
    row: Program,
    lot: str,
    served: dict[str, bytes],
    tell: Tell,
    evidence: Path,
) -> bool:
    """Whether a program is served as a policy names it; alarms where it is not, and keeps it.

    served: what was fetched before, by its place.
    """
    try:
        if place not in served:
            served[place] = server.program(place)
    except (Denied, Unreachable) as fault:
        tell("programs_missing", mark="alarm", name=place, reason=fault)
        return False
    found = hashlib.sha256(served[place]).hexdigest()
    if found == row.sha256:
        tell("programs_same", name=place, sha256=found)
        return True
    kept = evidence / f"{found[:16]}-{Path(row.name).name}"
    write(kept, served[place])
    tell("programs_differ", mark="alarm", name=place, lot=lot, wanted=row.sha256, found=found)
    tell("evidence_at", mark="alarm", name=str(kept))
    return False


def ask(server: Server, lots: Sequence[str]) -> list[tuple[str, bytes]]:
    """The policies in force of some lots."""
    return [(lot, server.policy(urllib.parse.quote(lot, safe=""))) for lot in lots]


def _policy(name: str, data: bytes, known: Anchors, now: datetime) -> tuple[Policy, bool]:
    """The policy of a file, and whether its signatures hold by the reader's own anchors."""
    try:
        answer: dict[str, Any] = json.loads(data)
        text = str(answer["policy"]).encode()
        if not known.authorities:
            return read_policy(text), False
        roots = tuple(x509.load_der_x509_certificate(each) for each in known.authorities)
        issuers = str(answer.get("chain") or "")
        believed = Trust(
            trust.Anchors(roots, demonstration=known.demonstration),
            tuple(load_crl(base64.b64decode(each)) for each in answer.get("crls", ())),
            tuple(load_many(issuers.encode())) if issuers else (),
        )
        # A sandbox's clock runs elsewhere, as for all tools under demonstration anchors.
        at = fields.instant(answer["time"], "$.time") if known.demonstration else now
        bundle = Bundle(text, read_signatures(answer["signatures"]))
        policy = verify_policy(bundle, believed, at)
    except Refused as refused:
        codes = ", ".join(sorted({each.code for each in refused.refusals}))
        raise Unsound("programs_refused", file=name, codes=codes) from None
    except (ValueError, KeyError, TypeError) as fault:
        raise Unsound("unreadable", name=name, reason=fault) from None
    if known.organisations and (strange := set(policy.parties()) - set(known.organisations)):
        raise Unsound("d_organisation", party=", ".join(sorted(strange)))
    return policy, True
