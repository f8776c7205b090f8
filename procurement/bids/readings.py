"""What acts bring along, read and checked: form, signature, content; faults are reasons."""

from __future__ import annotations

import base64
import binascii
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kernel.errors import Refusal, Refused
from kernel.queries import Prepared
from kernel.sealing.bids import policy as policies
from kernel.sealing.bids.bundles import Bundle, Signature
from kernel.sealing.bids.moments import CLOCKS
from procurement.bids import believed
from procurement.bids.models import OpeningPolicy, PolicyVersion
from procurement.bids.rules.common import ARTICLE_PLATFORM


def faults(check: Callable[[], Any]) -> tuple[Refusal, ...]:
    """The reasons that a check gives, none where it passes."""
    try:
        check()
    except Refused as refused:
        return refused.refusals
    return ()


def unpacked(p7s: str) -> bytes:
    """A signature out of base64. Refused ``sealing.signature.shape``."""
    try:
        return base64.b64decode(p7s, validate=True)
    except (ValueError, binascii.Error) as fault:
        raise Refused.because("sealing.signature.shape") from fault


def verify(p7s: str, text: str, uscc: str, at: datetime, since: datetime | None = None) -> None:
    """Refuse a signature that is not the organisation's own over the text, at a legal moment.

    And at the moment that it says, where that is earlier: a dossier's reader has only this one. So
    it must say one, none that is still to come (``procurement.signature.no_time``, ``.ahead``), and
    none before what it signs was there (``.before``; since: when it came to be, where that is
    known). ``CLOCKS`` is left to a clock that is not ours.
    """
    trust = believed.trust(at)
    found = trust.verify(unpacked(p7s), text.encode(), uscc, at)
    said = found.attributes.signing_time
    if said is None:
        raise Refused.because("procurement.signature.no_time", ARTICLE_PLATFORM)
    if said > at + CLOCKS:
        raise _other_time("ahead", said, at)
    if said < at:
        trust.chains.trusted(found, said)
    if since is not None and said < since - CLOCKS:
        raise _other_time("before", said, since)


def _other_time(kind: str, said: datetime, bound: datetime) -> Refused:
    facts = {"said": said.isoformat(), "bound": bound.isoformat()}
    return Refused.because(f"procurement.signature.{kind}", ARTICLE_PLATFORM, **facts)


@functools.lru_cache(maxsize=256)
def policy_of(text: str) -> policies.Policy:
    """A policy's text, read once; a text never changes its meaning."""
    return policies.read_policy(text.encode())


@dataclass(frozen=True)
class InForce:
    """The newest version of a lot's policy that everybody signed."""

    policy_id: int
    number: int
    text: str
    sha256: str

    @property
    def policy(self) -> policies.Policy:
        """It, read."""
        return policy_of(self.text)


def in_force(lot_number: str) -> InForce | None:
    """The policy in force of a lot, or None."""
    rows = _in_force.rows(lot_number)
    return InForce(*rows[0]) if rows else None


def in_force_of(lot_number: str) -> QuerySet[PolicyVersion]:
    """The versions that were signed of a lot's policy, the one in force first."""
    found = PolicyVersion.objects.filter(
        lot_number=lot_number,
        in_force_at__isnull=False,
        policy__state__in=("drafted", "rehearsed", "signed"),
    )
    return found.order_by("-number")


_in_force = Prepared(
    lambda slots: in_force_of(slots.text(0)).values_list("policy_id", "number", "text", "sha256")[
        :1
    ]
)


def bundle_of(version: PolicyVersion) -> Bundle:
    """A version with the signatures given so far."""
    rows = version.signatures.all()
    return Bundle(version.text.encode(), tuple(Signature(row.uscc, bytes(row.p7s)) for row in rows))


def newest(policy: OpeningPolicy) -> PolicyVersion | None:
    """The newest version of a policy, in force or not."""
    return policy.versions.order_by("-number").first()
