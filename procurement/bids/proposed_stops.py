"""Stops of openings that one person proposed: that they wait for a second one, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.web import formats
from kernel.web.case_pages import case_url, chip
from kernel.web.viewmodels import DeskRow
from kernel.workflow import judge
from kernel.workflow.models import Act
from procurement.bids import lots
from procurement.bids.machines import OPENING
from procurement.bids.models import Opening

SHOWN = 20
_STOP = OPENING.transition("stop")


def rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """The actor's own proposals that nobody decided yet; they can only wait for another."""
    if actor.role != "tender_supervisor" or not actor.person_id or _STOP is None:
        return
    own = Act.objects.filter(
        machine=OPENING.code, transition="propose_stop", person_id=actor.person_id
    )
    found = Opening.objects.filter(pk__in=own.values("case_pk"), state__in=_STOP.sources)
    for case in found.order_by("-pk")[:SHOWN]:
        if not judge.readable(OPENING, case, actor):
            continue
        lot = lots.find(case.lot_number)
        yield DeskRow(
            act=_("已提议停止开标，等待本部门另一人复核决定"),
            reference=case.reference,
            title=lot.title if lot else case.lot_number,
            url=case_url(case),
            state=chip(OPENING, case.state),
            undated=since(case),
            only_told=True,
        )


def since(case: Opening) -> str:
    """When somebody proposed to stop an opening, in words; empty where nobody did."""
    acts = Act.objects.filter(machine=OPENING.code, case_pk=case.pk, transition="propose_stop")
    at = acts.values_list("at", flat=True).last()
    return _("%(at)s 提议") % {"at": formats.minute(at)} if at else ""
