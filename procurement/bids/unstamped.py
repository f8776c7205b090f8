"""Opening policies that wait for their time-stamp: told to who waits, and to who can help.

The notice of a lot waits for the token (:mod:`.policy_stamps`), so its owner and agency see on
their desks what is missing and since when, and the operator sees it at ``/readyz``. The rule is not
softened for it: what helps is an authority that answers, or a policy that names another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.actors import Actor
from kernel.web import desk_parts, readiness
from kernel.web.case_pages import case_url, chip
from kernel.web.viewmodels import DeskRow, Fact
from procurement.bids import lots
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy, PolicyStamp, PolicyVersion
from procurement.bids.page_parts import failure
from procurement.bids.rules.policies import BEFORE_NOTICE

# Our own defaults. An authority that answers does so within seconds of the last signature.
SILENT = timedelta(minutes=5)
OVERDUE = timedelta(minutes=10)
SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """A policy in force that names authorities and has no token.

    since: when its last signature was there. attempts, failures: how often authorities were asked,
    and the name and code of each that failed the last time. over: nobody is asked any more, since
    no token would help: a signer fell before it; the last failure says how.
    """

    policy: OpeningPolicy
    since: datetime
    attempts: int
    failures: tuple[tuple[str, str], ...]
    over: bool


def waiting(at: datetime, only: Q | None = None) -> list[Waiting]:
    """Those of now, the longest wait first; one query. only: which policies are asked for."""
    # An older version that never got one is nobody's concern once a newer is in force.
    newer = PolicyVersion.objects.filter(
        policy=OuterRef("policy"), number__gt=OuterRef("number"), in_force_at__isnull=False
    )
    rows = (
        PolicyVersion.objects.filter(only or Q(), Q(stamp=None) | Q(stamp__token=b""))
        .filter(~Exists(newer), in_force_at__isnull=False, deadline_at__gt=at)
        .exclude(policy__state="superseded")
        .select_related("policy", "stamp")
    )
    found = [_of(row) for row in rows if json.loads(row.text)["timestamp_authorities"]]
    return sorted(found, key=lambda each: each.since)


def of_version(version: PolicyVersion) -> Waiting | None:
    """What keeps one version from its token; None where it has one, or waits for none."""
    stamp: PolicyStamp | None = getattr(version, "stamp", None)
    if version.in_force_at is None or (stamp is not None and stamp.token):
        return None
    return _of(version) if json.loads(version.text)["timestamp_authorities"] else None


def _of(version: PolicyVersion) -> Waiting:
    stamp: PolicyStamp | None = getattr(version, "stamp", None)
    assert version.in_force_at is not None
    return Waiting(
        policy=version.policy,
        since=version.in_force_at,
        attempts=stamp.attempts if stamp else 0,
        failures=tuple((each["authority"], each["code"]) for each in stamp.failures)
        if stamp
        else (),
        over=stamp is not None and stamp.due_at is None,
    )


def facts(version: PolicyVersion) -> Iterator[Fact]:
    """What the policy's own page says of a token that is not there."""
    found = of_version(version)
    if found is None:
        return
    state = _("得不到，须重新拟订") if found.over else _("尚未取得，平台继续申请")
    yield Fact(_("各方签名的时间戳"), state)
    yield Fact(_("自何时起等待"), found.since, "moment")
    yield Fact(_("已申请次数"), found.attempts, "number")
    for name, code in found.failures:
        yield Fact(name or _("时间戳机构"), f"{failure(code)} ({code})")


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Of the desk of a lot's owner or agency: its notice waits for a token that does not come."""
    if actor.role not in ("owner_clerk", "agency_clerk") or not actor.uscc:
        return
    mine = Q(policy__owner_uscc=actor.uscc) | Q(policy__agency_uscc=actor.uscc)
    for each in waiting(now, mine)[:SHOWN]:
        # Asked within seconds of the last signature: a first answer is waited for in silence.
        if not each.attempts and now - each.since < SILENT:
            continue
        lot = lots.find(each.policy.lot_number)
        # After the notice nothing waits for it any more: an extension is obeyed without.
        if lot is None or lot.state not in BEFORE_NOTICE:
            continue
        act = (
            _("开启方案得不到时间戳，请作废后重新拟订（自 %(since)s 起）")
            if each.over
            else _("开启方案等待时间戳，公告暂不能发布（自 %(since)s 起）")
        )
        since = each.since.astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")
        yield DeskRow(
            act=act % {"since": since},
            reference=each.policy.lot_number,
            title=each.policy.title or each.policy.lot_number,
            url=case_url(each.policy),
            state=chip(POLICY, each.policy.state),
            party=", ".join(dict.fromkeys(name for name, _code in each.failures if name)),
        )


def state() -> str:
    """``ok``, or how many policies wait too long, since when, and who failed: for ``/readyz``.

    Of no lot by its number: whether one will be tendered is not public before its notice.
    """
    now = clock.now()
    late = [each for each in waiting(now) if not each.over and now - each.since >= OVERDUE]
    if not late:
        return "ok"
    failed = sorted({" ".join(filter(None, one)) for each in late for one in each.failures})
    told = f"{len(late)} since {late[0].since.isoformat(timespec='seconds')}"
    return f"{told}: {'; '.join(failed)}" if failed else told


desk_parts.add(rows=rows)
readiness.watch("policy_stamps", state)
