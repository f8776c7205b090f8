"""The opening policy of a lot: who holds keys, how many open, until when, and under which rules.

Canonical JSON, signed by the procuring entity and by every trustee (:mod:`.bundles`). Its hash
stands in every bid, share and receipt, so nothing of it can be exchanged afterwards.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.sealing import hpke
from kernel.sealing.bids import articles
from kernel.sealing.bids.fields import (
    b64,
    choice,
    digest,
    digest_or_none,
    instant,
    instant_text,
    integer,
    listing,
    octets,
    read,
    record,
    text,
    uscc,
    write,
)

FORMAT = "zhuxin-opening-policy/1"
SUITE = f"age-v1+shamir-gf256+{hpke.SUITE_NAME}+cms-sha256"
ENVELOPES = ("opening_sheet", "qualification", "technical", "price")
# A whole bid is one ZIP without ZIP64.
MAX_BID = 2**32 - 2**24
MAX_TRUSTEES = 16


@dataclass(frozen=True)
class Party:
    """An organisation in the policy.

    body: the code of whoever controls it in the end (its own where nobody does): parties of one
    body count once. nonce_commitment: hex, of the nonce that it will reveal for the draw; empty
    for those who take no part in it.
    """

    uscc: str
    name: str
    body: str
    nonce_commitment: str = ""


@dataclass(frozen=True)
class Trustee(Party):
    """A holder of an opening key. key: the P-256 point, 65 bytes, made for this lot alone."""

    key: bytes = b""

    @cached_property
    def key_sha256(self) -> str:
        """The name of the key in signed files, hex."""
        return hashlib.sha256(self.key).hexdigest()


@dataclass(frozen=True)
class Stage:
    """One opening: which envelopes are opened in it."""

    name: str
    envelopes: tuple[str, ...]


@dataclass(frozen=True)
class DrawFactor:
    """Something that the nonces decide, and its choices as published."""

    name: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A sealing or opening program by name and SHA-256 (hex)."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Policy:
    """What is published, signed and obeyed; see the protocol for the meaning of each.

    supersedes: hash of the version before, empty for the first. padding_minimum: bytes an inner
    envelope has at least. maximum_size: bytes a whole bid has at most. authorities: SHA-256 of
    the roots that count, hex. timestamp_authorities: names of those whose tokens count.
    """

    version: int
    supersedes: str
    lot: str
    title: str
    procuring_entity: Party
    operator: Party
    supervisor: Party
    trustees: tuple[Trustee, ...]
    threshold: int
    deadline: datetime
    envelopes: tuple[str, ...]
    stages: tuple[Stage, ...]
    decrypt_window_minutes: int
    draws: tuple[DrawFactor, ...]
    padding_minimum: int
    maximum_size: int
    authorities: tuple[str, ...]
    timestamp_authorities: tuple[str, ...]
    programs: tuple[Program, ...]
    suite: str = SUITE

    def encode(self) -> bytes:
        """The canonical bytes; two equal policies have the same."""
        values: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        values |= {
            "procuring_entity": _party(self.procuring_entity),
            "operator": _party(self.operator),
            "supervisor": _party(self.supervisor),
            "trustees": [
                {**_party(t), "key": b64(t.key), "key_sha256": t.key_sha256} for t in self.trustees
            ],
            "deadline": instant_text(self.deadline),
            "stages": [{"name": s.name, "envelopes": list(s.envelopes)} for s in self.stages],
            "draws": [{"name": d.name, "choices": list(d.choices)} for d in self.draws],
            "programs": [{"name": p.name, "sha256": p.sha256} for p in self.programs],
        }
        for name in ("envelopes", "authorities", "timestamp_authorities"):
            values[name] = list(values[name])
        return write(FORMAT, **values)

    @cached_property
    def sha256(self) -> str:
        """The policy's hash, hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    def index_of(self, trustee: str) -> int:
        """The place of a trustee (by USCC); ``sealing.policy.no_trustee`` for others."""
        for index, each in enumerate(self.trustees):
            if each.uscc == trustee:
                return index
        raise Refused.because("sealing.policy.no_trustee", trustee=trustee)

    def parties(self) -> dict[str, str]:
        """Whoever signs the policy and draws: USCC → nonce commitment, the entity first."""
        together = {self.procuring_entity.uscc: self.procuring_entity.nonce_commitment}
        return together | {t.uscc: t.nonce_commitment for t in self.trustees}


def read_policy(data: bytes) -> Policy:
    """The policy in canonical bytes, sound in itself.

    Refused by form (``sealing.format.*``) or, with every reason at once, as :func:`faults` says.
    """
    values = read(data, FORMAT, _SHAPES)
    for name, kind in (("procuring_entity", Party), ("operator", Party), ("supervisor", Party)):
        values[name] = kind(**values[name])
    trustees = []
    for row in values["trustees"]:
        named = row.pop("key_sha256")
        trustees.append(Trustee(**row))
        if trustees[-1].key_sha256 != named:
            raise Refused.because("sealing.policy.key", trustee=row["uscc"])
        hpke.load_public(row["key"])
    values["trustees"] = tuple(trustees)
    values["stages"] = tuple(Stage(**row) for row in values["stages"])
    values["draws"] = tuple(DrawFactor(**row) for row in values["draws"])
    values["programs"] = tuple(Program(**row) for row in values["programs"])
    policy = Policy(**values)
    if reasons := list(faults(policy)):
        raise Refused(reasons)
    return policy


def faults(policy: Policy) -> Iterator[Refusal]:
    """Why a policy would not keep the promises: every reason.

    ``sealing.policy.threshold`` (k < 2, n <= k, bodies counted once), ``.one_body`` (k trustees
    of one body), ``.operator`` (a trustee is the operator's), ``.operator_with_entity`` (the two
    together reach k), ``.supervisor`` (it or one of its body holds a share), ``.twice`` (a trustee
    or key twice), ``.commitment`` (no nonce committed to, or two), ``.stages`` (not each envelope
    once), ``.draws`` (a name or choice twice), ``.version`` (the first supersedes, or a later
    does not).
    """
    k, trustees = policy.threshold, policy.trustees
    bodies = Counter(t.body for t in trustees)
    entity, operator = policy.procuring_entity, policy.operator
    if k < 2 or len(bodies) <= k:
        yield _fault("threshold", n=len(bodies), k=k)
    if max(bodies.values()) >= k:
        yield _fault("one_body", body=bodies.most_common(1)[0][0], k=k)
    if any(operator.uscc in (t.uscc, t.body) or operator.body == t.body for t in trustees):
        yield _fault("operator", operator=operator.uscc)
    if sum(bodies[body] for body in {operator.body, operator.uscc, entity.body, entity.uscc}) >= k:
        yield _fault("operator_with_entity", k=k)
    supervisor = {policy.supervisor.uscc, policy.supervisor.body}
    if any(supervisor & {t.uscc, t.body} for t in trustees):
        yield _fault("supervisor", supervisor=policy.supervisor.uscc)
    if len({t.uscc for t in trustees}) < len(trustees) or len({t.key for t in trustees}) < len(
        trustees
    ):
        yield _fault("twice")
    yield from _commitment_faults(policy)
    if [e for stage in policy.stages for e in stage.envelopes] != list(policy.envelopes) or len(
        set(policy.envelopes)
    ) < len(policy.envelopes):
        yield _fault("stages")
    names = [d.name for d in policy.draws]
    if len(set(names)) < len(names) or any(
        len(set(d.choices)) < len(d.choices) for d in policy.draws
    ):
        yield _fault("draws")
    if (policy.version == 1) != (policy.supersedes == ""):
        yield _fault("version", version=policy.version)


def _commitment_faults(policy: Policy) -> Iterator[Refusal]:
    entity = policy.procuring_entity
    rows = (entity, *policy.trustees)
    for row in rows:
        if policy.draws and not row.nonce_commitment:
            yield _fault("commitment", party=row.uscc)
    if any(t.uscc == entity.uscc and t.nonce_commitment != entity.nonce_commitment
           for t in policy.trustees):  # fmt: skip
        yield _fault("commitment", party=entity.uscc)
    # A copied commitment would be revealed by whoever made it, and count twice.
    made = [c for c in policy.parties().values() if c]
    if len(set(made)) < len(made):
        yield _fault("commitment", party="*")


def _party(party: Party) -> dict[str, str]:
    return {
        "uscc": party.uscc,
        "name": party.name,
        "body": party.body,
        "nonce_commitment": party.nonce_commitment,
    }


def _fault(what: str, **facts: Any) -> Refusal:
    return Refusal(f"sealing.policy.{what}", facts, articles.POLICY)


_PARTY = {"uscc": uscc, "name": text(), "body": uscc, "nonce_commitment": digest_or_none}
_NAME = text(80)
_SHAPES = {
    "version": integer(1, 10_000),
    "supersedes": digest_or_none,
    "lot": text(80),
    "title": text(300),
    "procuring_entity": record(**_PARTY),
    "operator": record(**_PARTY),
    "supervisor": record(**_PARTY),
    "trustees": listing(record(**_PARTY, key=octets(65, 65), key_sha256=digest), 1, MAX_TRUSTEES),
    "threshold": integer(1, MAX_TRUSTEES),
    "deadline": instant,
    "envelopes": listing(choice(*ENVELOPES), 1, len(ENVELOPES)),
    "stages": listing(
        record(name=_NAME, envelopes=listing(choice(*ENVELOPES), 1, len(ENVELOPES))), 1, 8
    ),
    "decrypt_window_minutes": integer(1, 10_080),
    "draws": listing(record(name=_NAME, choices=listing(text(80), 1, 1000)), 0, 16),
    "padding_minimum": integer(1024, 2**30),
    "maximum_size": integer(4096, MAX_BID),
    "authorities": listing(digest, 1, 32),
    "timestamp_authorities": listing(_NAME, 0, 16),
    "programs": listing(record(name=_NAME, sha256=digest), 0, 16),
    "suite": choice(SUITE),
}
