"""A policy in force gets a token from outside: when all of its signatures were there.

Done by the worker, at once and then again as receipts are completed. Until an authority answers the
policy is told without one and judged as of now; the notice of the lot waits for it, and nothing
else. A token that would not help is
not attached: later than the deadline, or where a signature did not hold any more when it was made.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from kernel import clock
from kernel.errors import Refused, Unavailable
from kernel.evidence import authorities, stamping
from kernel.sealing import cms
from kernel.sealing.bids.bundles import Bundle
from kernel.sealing.bids.policy_proof import check_moment, proof_of
from kernel.sealing.timestamps import WITHIN
from procurement.bids import believed, dossier_keep, readings
from procurement.bids.models import PolicyStamp, PolicyVersion

_LOG = logging.getLogger(__name__)
# Real seconds until the next attempt, by the number of those before; the last of them for ever.
_PAUSES = (2, 5, 10, 30, 60, 300, 600)
# So long nobody else takes up what this worker has begun.
_LEASE = timedelta(minutes=2)
_AT_ONCE = 20
_NO_LIST = {"sealing.certificate.crl_missing", "sealing.certificate.crl_stale"}


def stamp_policies(limit: int = _AT_ONCE) -> int:
    """Get tokens for policies in force that have none; how many got one. Slow, no transaction."""
    done = sum(_stamp(row) for row in _claimed(limit))
    _keep_lists()
    return done


def stamp_of(policy_id: int) -> bool:
    """The same of one policy, as soon as it is in force; whether it got one now."""
    return any(_stamp(row) for row in _claimed(1, policy_id=policy_id))


def proof(version: PolicyVersion) -> dict[str, str] | None:
    """The text that a version's token is over, and the token in base64; None without one."""
    found = of(version)
    if found is None:
        return None
    return {"text": found.text, "token": base64.b64encode(found.token).decode()}


def of(version: PolicyVersion) -> PolicyStamp | None:
    """A version's token, None while nobody gave one."""
    found: PolicyStamp | None = getattr(version, "stamp", None)
    return found if found is not None and found.token else None


def of_number(policy_id: int, number: int) -> PolicyStamp | None:
    """The same of a policy's version by its number, for pages."""
    rows = PolicyStamp.objects.filter(version__policy_id=policy_id, version__number=number)
    return rows.exclude(token=b"").first()


def _claimed(limit: int, **only: int) -> list[PolicyStamp]:
    now, legal = clock.technical_now(), clock.now()
    waiting = PolicyVersion.objects.filter(
        Q(stamp=None) | Q(stamp__due_at__lte=now),
        in_force_at__isnull=False,
        deadline_at__gt=legal,
        **only,
    ).exclude(policy__state="superseded")
    found = []
    for version in waiting.order_by("-pk")[:limit]:
        row, _new = PolicyStamp.objects.get_or_create(version=version, defaults={"due_at": now})
        mine = PolicyStamp.objects.filter(pk=row.pk, due_at=row.due_at, token=b"")
        if row.due_at is not None and mine.update(due_at=now + _LEASE):
            found.append(row)
    return found


def _stamp(row: PolicyStamp) -> bool:
    """Ask for one token, and write down what came of it."""
    version, now = row.version, clock.now()
    names = readings.policy_of(version.text).timestamp_authorities
    bundle = readings.bundle_of(version)
    said = proof_of(bundle).encode()
    outcome = _obtained(said, names, now)
    row.attempts += 1
    row.failures = [each.as_json() for each in outcome.failures]
    pause = _PAUSES[min(row.attempts, len(_PAUSES)) - 1]
    # Nobody's token would count where the policy names nobody.
    row.due_at = clock.technical_now() + timedelta(seconds=pause) if names else None
    got = outcome.stamp
    # One by a clock that is wrong says nothing of when; another may answer the next time.
    if got is not None and abs(got.gen_time - now) <= WITHIN:
        row.due_at = None
        try:
            check_moment(got.gen_time, readings.policy_of(version.text))
            row.expires_at = _held(bundle, got.gen_time)
        except Refused as refused:
            # Too late, or revoked before: a later one would help even less.
            row.failures.append({"authority": got.authority, "code": refused.refusals[0].code})
        else:
            row.text, row.token = said.decode(), got.token
            row.authority, row.gen_time = got.authority, got.gen_time
    done = _keep(row)
    # By now nobody answers for minutes, and a notice may wait: once for each further attempt.
    if not done and row.due_at is not None and row.attempts >= len(_PAUSES):
        _LOG.error(
            "opening policy %s has no time-stamp after %s attempts since %s: %s",
            version.sha256, row.attempts, version.in_force_at, row.failures,
        )  # fmt: skip
    return done


def _obtained(said: bytes, names: tuple[str, ...], now: datetime) -> stamping.Outcome:
    """What the authorities of a policy answer; also of those that are configured no more."""
    if not names:
        return stamping.Outcome(None)
    try:
        known = authorities.names()
        outcome = stamping.obtain(hashlib.sha256(said).digest(), names, now)
    except Unavailable as fault:
        # The configuration cannot be read: told like an authority that fails, and tried again.
        return stamping.Outcome(None, (stamping.Failure("", fault.refusals[0].code),))
    gone = [stamping.Failure(name, stamping.CODE) for name in names if name not in known]
    return stamping.Outcome(outcome.stamp, (*outcome.failures, *gone))


def _keep(row: PolicyStamp) -> bool:
    """Write down what came of asking, unless another worker got a token while this one waited."""
    came = {
        name: getattr(row, name)
        for name in (
            "text", "token", "authority", "gen_time", "attempts", "failures", "due_at",
            "expires_at",
        )
    }  # fmt: skip
    kept = PolicyStamp.objects.filter(pk=row.pk, token=b"").update(**came)
    return bool(kept and row.token)


def _held(bundle: Bundle, at: datetime) -> datetime:
    """Until when all signers' certificates are valid; refused where a signature did not hold.

    Where no list speaks of that moment yet, nothing is known against it.
    """
    until = []
    for each in bundle.signatures:
        signed = cms.check(each.p7s, bundle.text)
        until.append(signed.certificate.not_valid_after_utc)
        try:
            believed.trust(clock.now()).chains.trusted(signed, at)
        except Refused as refused:
            if not {reason.code for reason in refused.refusals} <= _NO_LIST:
                raise
    return min(until)


# Lists of expiring certificates -------------------------------------------------------------------


def lists_of_expired(version: PolicyVersion, at: datetime) -> list[bytes]:
    """Lists that still speak of a signer's certificate that has expired since; later ones may not.

    None where all certificates of a stamped policy are valid.
    """
    found = of(version)
    if found is None or found.expires_at is None or at <= found.expires_at:
        return []
    return dossier_keep.lists(version.lot_number)


def _keep_lists() -> None:
    """Keep the lists that are current when signers' certificates expire, before the deadline.

    Each signer's own: they need not expire on one day, nor be of one authority.
    """
    now = clock.now()
    rows = PolicyStamp.objects.filter(
        expires_at__isnull=False, version__deadline_at__gt=now, lists_kept=False
    ).exclude(token=b"")
    for row in rows.select_related("version"):
        waiting = list(_expiring(row, now))
        speaking = [each for each in waiting if _speak_of(each, row)]
        if speaking:
            dossier_keep.keep_lists(row.version.lot_number)
        if len(speaking) == len(waiting):
            PolicyStamp.objects.filter(pk=row.pk).update(lists_kept=True)


def _expiring(row: PolicyStamp, now: datetime) -> Iterator[cms.Signed]:
    """The signatures whose certificates are still valid and will not be at the deadline."""
    assert row.expires_at is not None
    if row.expires_at > row.version.deadline_at:
        return
    bundle = readings.bundle_of(row.version)
    for each in bundle.signatures:
        signed = cms.check(each.p7s, bundle.text)
        if now <= signed.certificate.not_valid_after_utc <= row.version.deadline_at:
            yield signed


def _speak_of(signed: cms.Signed, row: PolicyStamp) -> bool:
    """Whether the lists of now are current when a certificate expires, as readers will ask."""
    assert row.gen_time is not None
    chains, until = believed.trust(clock.now()).chains, signed.certificate.not_valid_after_utc
    try:
        chains.trusted_then(signed, row.gen_time, until)
    except Refused as refused:
        # Of a revoked one the lists say all there is to say.
        return not {reason.code for reason in refused.refusals} <= _NO_LIST
    return True
