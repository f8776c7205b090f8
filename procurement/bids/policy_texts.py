"""What an opening policy says: of what was drawn up, what its parties announced, what is trusted.

The acts on a policy are :mod:`.policies`; here nothing is decided and nobody is asked.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

from django.db import transaction

from kernel.evidence import authorities as stamping
from kernel.parties.models import Organisation
from kernel.sealing.bids import policy as formats
from kernel.sealing.bids import trustees
from kernel.sealing.certificates import fingerprint
from procurement.bids import believed, lots, named_programs, readings
from procurement.bids.models import OpeningPolicy, PolicyVersion
from procurement.bids.presets import ONE, PRESETS


def trial(lot: lots.Lot, payload: Any) -> formats.Policy | None:
    """The policy with keys of nobody: what is wrong with it before anybody makes a key."""
    if lot.bid_deadline_at is None:
        return None
    codes = [lot.owner_uscc, *(t.uscc for t in payload.trustees)]
    nonce = {code: hashlib.sha256(code.encode()).hexdigest() for code in codes}
    # The certificate is made later or elsewhere; who operates is asked where it is known.
    return formats.Policy(
        version=1, supersedes="", lot=lot.number, title=lot.title,
        procuring_entity=formats.Party(lot.owner_uscc, "-", lot.owner_uscc, nonce[lot.owner_uscc]),
        operator=_operator(lot.bid_deadline_at),
        supervisor=formats.Party(payload.supervisor, "-", payload.supervisor),
        trustees=tuple(
            formats.Trustee(t.uscc, "-", body_of(lot, t), nonce[t.uscc], bytes([4, place]) * 32)
            for place, t in enumerate(payload.trustees)
        ),
        threshold=payload.threshold, deadline=lot.bid_deadline_at,
        envelopes=PRESETS[payload.stages].envelopes, stages=PRESETS[payload.stages].stages,
        decrypt_window_minutes=payload.decrypt_window_minutes,
        draws=tuple(formats.DrawFactor(d.name, choices(d.choices)) for d in payload.draws),
        padding_minimum=payload.padding_minimum, maximum_size=payload.maximum_size,
        authorities=(), timestamp_authorities=(), programs=(),
    )  # fmt: skip


def body_of(lot: lots.Lot, trustee: Any) -> str:
    """Who controls a trustee; the lot's agency counts as one with its owner."""
    if trustee.uscc == lot.agency_uscc:
        return lot.owner_uscc
    return str(trustee.body or trustee.uscc)


def _operator(at: datetime) -> formats.Party:
    who = believed.identity(at)
    return formats.Party(who.uscc, who.organisation, who.uscc)


def choices(text: str) -> tuple[str, ...]:
    """The choices of a factor of the draw, as somebody typed them into one field."""
    # Also the full-width comma and the comma of a Chinese list.
    parts = re.split(r"[,\uff0c\u3001]", text)
    return tuple(part.strip() for part in parts if part.strip())


def write_version(case: OpeningPolicy, number: int, supersedes: str, at: datetime) -> PolicyVersion:
    """Write the text that is to be signed. supersedes: hash of the version before, or empty.

    Refused with ``sealing.policy.*`` or ``sealing.format.*`` where it would not hold.
    """
    policy = _made(case, number, supersedes, at)
    text = policy.encode()
    formats.read_policy(text)  # what nobody could read, nobody shall sign
    if not supersedes:
        # Files are written where no lock waits for them.
        transaction.on_commit(named_programs.keep, robust=True)
    return PolicyVersion.objects.create(
        policy=case, lot_number=case.lot_number, number=number, text=text.decode(),
        sha256=policy.sha256, deadline_at=case.deadline_at, made_at=at,
    )  # fmt: skip


def _made(case: OpeningPolicy, number: int, supersedes: str, at: datetime) -> formats.Policy:
    # An extension changes nothing but the deadline, whatever the deployment trusts by now.
    last = readings.newest(case)
    before = readings.policy_of(last.text) if last else None
    parties = {party.uscc: party for party in case.parties.all()}
    said = {
        uscc: trustees.read_announcement(party.announcement.encode())
        for uscc, party in parties.items()
    }
    entity = parties[case.owner_uscc]
    holders = sorted(
        (p for p in parties.values() if p.place is not None), key=lambda p: p.place or 0
    )
    supervisor = Organisation.objects.filter(uscc=case.supervisor_uscc).first()
    # A policy drawn up before there were presets has none, and opens all at once.
    stages = (
        tuple(formats.Stage(row["name"], tuple(row["envelopes"])) for row in case.stages)
        or PRESETS[ONE].stages
    )
    return formats.Policy(
        version=number,
        supersedes=supersedes,
        lot=case.lot_number,
        title=case.title or case.lot_number,
        procuring_entity=formats.Party(
            entity.uscc, entity.name, entity.body, said[entity.uscc].nonce_commitment
        ),
        operator=_operator(at),
        supervisor=formats.Party(
            case.supervisor_uscc,
            supervisor.name if supervisor else case.supervisor_uscc,
            case.supervisor_uscc,
        ),
        trustees=tuple(
            formats.Trustee(p.uscc, p.name, p.body, said[p.uscc].nonce_commitment, said[p.uscc].key)
            for p in holders
        ),
        threshold=case.threshold,
        deadline=case.deadline_at,
        envelopes=tuple(name for stage in stages for name in stage.envelopes),
        stages=stages,
        decrypt_window_minutes=case.decrypt_window_minutes,
        draws=tuple(formats.DrawFactor(d["name"], tuple(d["choices"])) for d in case.draws),
        padding_minimum=case.padding_minimum,
        maximum_size=case.maximum_size,
        authorities=before.authorities
        if before
        else tuple(fingerprint(c) for c in believed.trust(at).anchors.certificates),
        timestamp_authorities=before.timestamp_authorities if before else stamping.names(),
        programs=before.programs if before else named_programs.of_now(),
    )
