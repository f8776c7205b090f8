"""Names that one officer proposed and another has to confirm: for the supervisor."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from credit.enterprises.corrections.machine import CORRECTION, FILED
from credit.enterprises.models import Correction
from kernel.access.actors import Actor
from kernel.web.case_pages import case_url, chip
from kernel.web.presenters import presenter_of
from kernel.web.viewmodels import DeskRow
from kernel.workflow import judge
from kernel.workflow import selectors as workflow

SHOWN = 50


def proposals(actor: Actor) -> Iterator[DeskRow]:
    """Proposals of others that an officer may confirm, the longest untouched request first."""
    if actor.role != "credit_officer":
        return
    confirm = CORRECTION.transition("confirm")
    assert confirm is not None
    found = Correction.objects.filter(workflow.readable(CORRECTION, actor), state=FILED)
    found = found.exclude(proposed_by=0).exclude(proposed_by=actor.person_id)
    told = presenter_of(CORRECTION)
    for case in found.order_by("changed_at", "pk")[:SHOWN]:
        if judge.permitted(CORRECTION, confirm, case, actor):
            yield DeskRow(
                act=_("确认提议：%(act)s") % {"act": confirm.label},
                reference=case.number,
                title=told.title(case),
                url=case_url(case),
                state=chip(CORRECTION, case.state),
                party=told.party(case),
            )
