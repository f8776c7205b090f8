"""Lots whose deadline was put off, and whose opening policy has to say so too before it counts.

Whoever seals, sends, lists or opens obeys the policy that everybody signed. So a party that does
not sign the longer one could cut short what the notice promises to all. It gains nothing by it: at
the lot's deadline no list is made, nothing is ever opened, and the lot is ended and put out anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.web import desk_parts
from kernel.web.case_pages import act_url, case_url, chip
from kernel.web.dues import due_view
from kernel.web.viewmodels import DeskRow
from kernel.workflow.models import Deadline
from kernel.workflow.selectors import get_case
from procurement.bids import lots, readings
from procurement.bids.machines import POLICY, REHEARSED, SIGNED
from procurement.bids.models import Opening, OpeningPolicy
from procurement.bids.rules.common import CLOSING

ARTICLE = "《招标投标法实施条例》第21条"
SHOWN = 50
_BEFORE_LIST = frozenset({"published", "paused", CLOSING})


def is_unsigned(lot: lots.Lot, policy: readings.InForce) -> bool:
    """Whether the notice gives bids more time than the policy that everybody signed."""
    return lot.bid_deadline_at is not None and lot.bid_deadline_at > policy.policy.deadline


def check(lot: lots.Lot, policy: readings.InForce) -> None:
    """Refuse to list: ``procurement.opening.extension_unsigned``."""
    if is_unsigned(lot, policy):
        assert lot.bid_deadline_at is not None
        raise Refused.because(
            "procurement.opening.extension_unsigned",
            ARTICLE,
            deadline=lot.bid_deadline_at.isoformat(),
            signed=policy.policy.deadline.isoformat(),
        )


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Of the desk of a lot's owner or agency: the policy to be extended, or the lot to be ended."""
    if actor.role not in ("owner_clerk", "agency_clerk") or not actor.uscc:
        return
    listed = Opening.objects.values("lot_number")
    mine = Q(owner_uscc=actor.uscc) | Q(agency_uscc=actor.uscc)
    found = OpeningPolicy.objects.filter(mine, state__in=(SIGNED, REHEARSED))
    signed = Max("versions__deadline_at", filter=Q(versions__in_force_at__isnull=False))
    found = found.exclude(lot_number__in=listed).annotate(signed_until=signed)
    for case in found.filter(signed_until__isnull=False).order_by("-pk")[:SHOWN]:
        lot = lots.find(case.lot_number)
        if lot is None or lot.bid_deadline_at is None or lot.state not in _BEFORE_LIST:
            continue
        if lot.bid_deadline_at > case.signed_until:
            yield _row(case, lot, actor.role, now)


def _row(case: OpeningPolicy, lot: lots.Lot, role: str, now: datetime) -> DeskRow:
    assert lot.bid_deadline_at is not None
    if lot.state == CLOSING or lot.bid_deadline_at <= now:
        act = _("各方未在截止前签署延长的开启方案，不得开标：终止招标后重新招标")
        ended = get_case(lots.TENDER, lot.pk)
        url = act_url(ended, "terminate") if ended is not None else case_url(case)
    elif case.state == SIGNED:
        act, url = _("截止时间已顺延：延长开启方案"), act_url(case, "extend")
    else:
        act, url = _("延长的开启方案待各方签署，未全部签署不得开标"), case_url(case)
    return DeskRow(
        act=act,
        reference=case.lot_number,
        title=case.title or case.lot_number,
        url=url,
        due=due_view(_until(lot.bid_deadline_at, role), now) if lot.bid_deadline_at > now else None,
        state=chip(POLICY, case.state),
    )


def _until(at: datetime, role: str) -> Deadline:
    """The lot's deadline, as desks show clocks: what is not signed by then opens nothing."""
    return Deadline(
        role=role, due_at=at, last_day=clock.legal_date(at), unit="hour",
        article=ARTICLE, source="own_default", provisional=False,
    )  # fmt: skip


desk_parts.add(rows=rows)
