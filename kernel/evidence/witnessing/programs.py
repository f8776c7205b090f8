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
from kernel.evidence.witnessing.asking import Denied, Server, Unreachable
from kernel.evidence.witnessing.keep import write
from kernel.sealing import trust
from kernel.sealing.bids import fields
from kernel.sealing.bids.bundles import Bundle, Trust, read_signatures, verify_policy
from kernel.sealing.bids.policy import Policy, read_policy
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
    status, served = HOLDS, dict[str, bytes]()
    for name, data in answers:
        policy, vouched = _policy(name, data, known, now)
        tell("programs_policy", lot=policy.lot, version=policy.version)
        if not vouched:
            tell("programs_unvouched", mark="note")
            status = max(status, UNVOUCHED)
        if not policy.programs:
            tell("programs_none", mark="note", lot=policy.lot)
            status = max(status, UNVOUCHED)
        for row in policy.programs:
            try:
                if row.name not in served:
                    served[row.name] = server.program(row.name)
            except (Denied, Unreachable) as fault:
                tell("programs_missing", mark="alarm", name=row.name, reason=fault)
                return UNSOUND
            found = hashlib.sha256(served[row.name]).hexdigest()
            if found == row.sha256:
                tell("programs_same", name=row.name, sha256=found)
                continue
            kept = evidence / f"{found[:16]}-{Path(row.name).name}"
            write(kept, served[row.name])
            tell("programs_differ", mark="alarm", name=row.name, lot=policy.lot,
                 wanted=row.sha256, found=found)  # fmt: skip
            tell("evidence_at", mark="alarm", name=str(kept))
            return UNSOUND
    return status


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
