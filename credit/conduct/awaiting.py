"""What one officer proposed and another has to confirm: on desks and for the supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.pages import label_of
from kernel.access.actors import Actor
from kernel.web import desk_parts
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import due_view
from kernel.web.viewmodels import DeskRow
from kernel.workflow import judge
from kernel.workflow import selectors as workflow
from kernel.workflow.models import Deadline

SHOWN, DECIDE = 50, "conduct.repair.decide"


def proposals(actor: Actor, *, on_desk: bool = True) -> Iterator[DeskRow]:
    """Proposals of others that an officer may confirm, the longest untouched record first.

    on_desk: those whose act stands on the desk by itself are left out.
    """
    if actor.role != "credit_officer":
        return
    found = ConductRecord.objects.filter(workflow.readable(RECORD, actor)).exclude(proposed="")
    found = found.exclude(proposed_by=actor.person_id)
    for case in found.order_by("changed_at", "pk")[:SHOWN]:
        act = RECORD.transition(case.proposed)
        if act is None or (on_desk and act.desk) or not judge.permitted(RECORD, act, case, actor):
            continue
        yield DeskRow(
            act=_("确认提议：%(act)s") % {"act": act.label},
            reference=case.number,
            title=label_of(case),
            url=case_url(case),
            state=chip(RECORD, case.state),
            party=case.name,
        )


def exits(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    """Applications to leave the list early that nobody proposed to grant yet, by their clocks."""
    if actor.role != "credit_officer":
        return
    found = ConductRecord.objects.filter(workflow.readable(RECORD, actor), proposed="")
    found = found.exclude(exit_due_at=None).order_by("exit_due_at", "pk")[:SHOWN]
    cases = {case.pk: case for case in found}
    clocks = Deadline.objects.filter(
        machine=RECORD.code, case_pk__in=cases, period_key=DECIDE, ended_at__isnull=True
    )
    dues = {row.case_pk: due_view(row, now) for row in clocks} if cases else {}
    for case in cases.values():
        yield DeskRow(
            act=_("决定是否提前移出名单"),
            reference=case.number,
            title=label_of(case),
            url=case_url(case),
            due=dues.get(case.pk),
            state=chip(RECORD, case.state),
            party=case.name,
        )


def _rows(actor: Actor, now: datetime) -> Iterator[DeskRow]:
    yield from proposals(actor)
    yield from exits(actor, now)


desk_parts.add(rows=_rows)
