"""What evaluation puts on desks beside its cases: a committee that is missing before an opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access.actors import Actor
from kernel.web import desk_parts, presets
from kernel.web.case_pages import act_url
from kernel.web.dues import due_view
from kernel.web.viewmodels import DeskRow
from kernel.workflow import judge
from kernel.workflow.models import Deadline
from procurement.evaluation import draw_rules, inputs
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation
from procurement.evaluation.states import FORMING, LOT_AT_OPENING, LOT_LIVE, ORDER12
from procurement.tendering import selectors as tendering

_MOST = 50
_FORMERS = {"owner_clerk": "owner_uscc", "agency_clerk": "agency_uscc"}


def missing(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Lots of an owner or agency that have no committee: before the opening with its hour.

    After the opening one is formed and drawn by leave of the supervising authority alone.
    """
    column = _FORMERS.get(actor.role)
    if column is None or not actor.uscc:
        return
    formed = Evaluation.objects.exclude(state="failed").values("lot_number")
    soon = Q(state="published", bid_deadline_at__gt=now)
    lots = (
        tendering.public_register()
        .filter(soon | Q(state__in=LOT_AT_OPENING), **{column: actor.uscc})
        .exclude(number__in=formed)
        .order_by("bid_deadline_at")[:_MOST]
    )
    for lot in lots:
        late = lot.state in LOT_AT_OPENING
        yield DeskRow(
            act=_("开标后组建评标委员会，向监督部门申请准许")
            if late
            else _("组建评标委员会并抽取专家"),
            reference=lot.number,
            title=lot.name,
            url=presets.open_url(EVALUATION.code, lot_number=lot.number),
            due=None if late else due_view(_until(lot.bid_deadline_at, actor.role), now),
        )


def late(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Committees that could not be drawn before the opening: the supervising authority decides."""
    if actor.role != "tender_supervisor":
        return
    yield from islice(_overtaken(actor, now), _MOST)


def _overtaken(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    # A committee of a lot that has failed or was ended never comes together, and has no end.
    over = tendering.public_register().exclude(state__in=LOT_LIVE).values("number")
    waiting = Evaluation.objects.filter(state=FORMING, late_draw_at=None)
    for case in waiting.exclude(lot_number__in=over).order_by("pk"):
        terms = inputs.lot_terms(case.lot_number)
        if terms is None or not (terms.live and draw_rules.was_overtaken(terms, now)):
            continue
        if not judge.readable(EVALUATION, case, actor):
            continue
        yield DeskRow(
            act=str(EVALUATION.transition("allow_late_draw").label),  # type: ignore[union-attr]
            reference=case.reference,
            title=terms.name,
            url=act_url(case, "allow_late_draw"),
        )


def _until(at: Any, role: str) -> Deadline:
    """The opening, as desks show clocks."""
    return Deadline(
        role=role, due_at=at, last_day=clock.legal_date(at), unit="hour",
        article=ORDER12, source="remembered", provisional=False,
    )  # fmt: skip


desk_parts.add(rows=missing)
desk_parts.add(rows=late)
