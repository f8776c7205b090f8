"""The desk of whoever acts, and the public home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.access.actors import Actor
from kernel.access.table import TABLE
from kernel.web import desk_parts, formats
from kernel.web.acting import acting, moment
from kernel.web.case_pages import act_url, case_url, chip
from kernel.web.dues import clock_label, due_view
from kernel.web.presenters import presenter_of
from kernel.web.together import shown_together
from kernel.web.viewmodels import CheckBox, DeskPage, DeskRow, PublicHome, SearchBox
from kernel.workflow import selectors
from kernel.workflow.machines import Machine, machines
from kernel.workflow.models import Deadline


def desk(request: HttpRequest) -> HttpResponse:
    """What must I do, until when, by which article."""
    actor = acting(request).actor
    now = moment(request)
    rows: list[DeskRow] = []
    if actor is not None:
        related = {m.code: presenter_of(m).related for m in machines().values()}
        waiting = selectors.desk(machines().values(), actor, at=now, related=related)
        shown_together(row.case for row in waiting)
        rows += [_waiting(row, actor, now) for row in waiting]
        if TABLE.oversees(actor.role):
            own = {row.deadline.pk for row in waiting if row.deadline}
            rows += _late(actor, now, own)
        rows += desk_parts.rows(actor, now)
    page = DeskPage.of(
        _("%(role)s工作台") % {"role": TABLE.role_label(actor.role)} if actor else _("工作台"),
        rows,
        now,
        lead=actor.organisation_name if actor else _("您目前没有可以代表的单位。"),
        empty=_("没有需要办理的事项。"),
    )
    actions = desk_parts.actions(actor) if actor else ()
    return render(request, "kernel/web/desk.html", {"page": page, "actions": actions})


def _waiting(row: selectors.DeskRow, actor: Actor, now: datetime) -> DeskRow:
    """What the actor can do; the row leads to the act where there is one page for all of it."""
    case, shown = row.case, presenter_of(row.case.machine)
    party = shown.party(case)
    codes = [t.code for t in row.transitions]
    pages = {act_url(case, code) for code in codes}
    deadline = row.deadline or shown.clock(case)
    return DeskRow(
        act=" / ".join(str(t.label) for t in row.transitions),
        reference=shown.reference(case),
        title=shown.title(case),
        url=pages.pop() if len(pages) == 1 else case_url(case),
        due=due_view(deadline, now) if deadline else None,
        undated="" if deadline else shown.undated(case, now, codes),
        state=chip(case.machine, case.state),
        party="" if party == actor.organisation_name else party,
    )


def _late(actor: Actor, now: datetime, own: set[int]) -> Iterator[DeskRow]:
    """What an overseer looks after: clocks that ran out at somebody else's desk.

    own: those that stand there already with the act that the overseer can do.
    """
    found_late = selectors.late_clocks(machines().values(), actor, now)
    late = [row for row in found_late if row.pk not in own]
    found = [
        row
        for machine in machines().values()
        for row in selectors.overdue(
            machine, actor, now, late, related=presenter_of(machine).related
        )
    ]
    shown_together(row.case for row in found)
    for row in found:
        machine, shown = row.case.machine, presenter_of(row.case.machine)
        yield DeskRow(
            act=_ran_out(machine, row.deadline) if row.deadline else _("督办：逾期未办"),
            reference=shown.reference(row.case),
            title=shown.title(row.case),
            url=case_url(row.case),
            due=due_view(row.deadline, now) if row.deadline else None,
            state=chip(machine, row.case.state),
            party=shown.party(row.case),
        )


def _ran_out(machine: Machine, clock_: Deadline) -> str:
    """Whose clock ran out, which one and when; by which article stands beside it, with its mark."""
    said = {
        "role": TABLE.role_label(clock_.role),
        "clock": clock_label(machine, clock_),
        "until": formats.deadline(clock_.due_at),
    }
    return _("督办：%(role)s逾期未办“%(clock)s”，期限至 %(until)s") % said


def home(request: HttpRequest) -> HttpResponse:
    """What everybody may read, without log-in and without script."""
    from django.urls import reverse

    page = PublicHome(
        title=_("黑龙江省建设市场电子交易与信用平台"),
        lead=_("从报建到竣工验收备案，每一步都有法条、时限和可由任何人核验的存证。"),
        lists=tuple(desk_parts.public_lists(moment(request))),
        registers=tuple(desk_parts.public_links()),
        check=CheckBox(reverse("documents:check")),
        search=SearchBox(reverse("web:search")),
    )
    return render(request, "kernel/web/public_home.html", {"page": page})
