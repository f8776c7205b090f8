"""The register of one kind of case, for those who may read it: their own, or their region's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.errors import NotFound
from kernel.web.acting import actor_of, moment
from kernel.web.case_pages import case_url, chip
from kernel.web.dues import due_view, leading
from kernel.web.export import xlsx_response
from kernel.web.presenters import Presenter, presenter_of
from kernel.web.together import shown_together
from kernel.web.viewmodels import Column, Filter, Pagination, RegisterPage, RegisterRow
from kernel.workflow import selectors
from kernel.workflow.machines import Machine
from kernel.workflow.machines import machine as find_machine
from kernel.workflow.models import Case, Deadline

EXPORT_MAX = 50_000
EXPORT_PART = 500  # rows held in memory at a time


def cases(request: HttpRequest, machine: str) -> HttpResponseBase:
    """Every case of a kind that the actor may read, whatever its state, newest change first."""
    found = find_machine(machine)
    if found is None or found.model is None:
        raise NotFound.because("workflow.case.unknown", machine=machine)
    shown, now = presenter_of(found), moment(request)
    rows = _filtered(request, found, shown)
    if request.GET.get("format") == "xlsx":
        cells = (_cells(case, found, shown, None, now) for case in _part_by_part(rows))
        return xlsx_response(str(found.label), _columns(), cells)
    pagination = Pagination.of(rows.count(), request.GET.dict())
    part = list(rows[pagination.offset : pagination.offset + pagination.size])
    shown_together(part)
    clocks = _clocks(found, part)
    page = RegisterPage(
        title=_("%(kind)s案卷") % {"kind": found.label},
        columns=_columns(),
        rows=tuple(
            RegisterRow(_cells(case, found, shown, clocks.get(case.pk), now), case_url(case))
            for case in part
        ),
        pagination=pagination,
        data_at=now,
        filters=_filters(request, found),
        export_url=pagination.url(1).removesuffix("page=1") + "format=xlsx",
        empty=_("还没有案卷。"),
    )
    return render(request, "kernel/web/register.html", {"page": page})


def _part_by_part(rows: Any) -> Iterator[Any]:
    every = rows[:EXPORT_MAX].iterator(EXPORT_PART)
    while part := list(islice(every, EXPORT_PART)):
        shown_together(part)
        yield from part


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("编号"), "code"),
        Column(_("名称"), "name"),
        Column(_("单位"), "name"),
        Column(_("状态"), "state"),
        Column(_("期限"), "due"),
        Column(_("最近变动"), "moment"),
    )


def _cells(
    case: Case, machine: Machine, shown: Presenter, clock_: Deadline | None, now: datetime
) -> tuple[Any, ...]:
    return (
        shown.reference(case),
        shown.title(case),
        shown.party(case),
        chip(machine, case.state),
        due_view(clock_, now) if clock_ else None,
        case.changed_at,
    )


def _clocks(machine: Machine, part: list[Any]) -> dict[int, Deadline]:
    rows = Deadline.objects.filter(
        machine=machine.code, case_pk__in=[c.pk for c in part], ended_at__isnull=True
    )
    # Of several clocks on one case that stays which comes last here: the one that leads.
    return {row.case_pk: row for row in reversed(leading(machine, rows.order_by("due_at")))}


def _filters(request: HttpRequest, machine: Machine) -> tuple[Filter, ...]:
    states = (("", _("全部")), *((s.code, str(s.label)) for s in machine.states))
    return (
        Filter("q", _("名称或编号"), value=request.GET.get("q", "")),
        Filter("state", _("状态"), "select", request.GET.get("state", ""), states),
    )


def _filtered(request: HttpRequest, machine: Machine, shown: Presenter) -> Any:
    model: Any = machine.model
    rows = model.objects.filter(selectors.readable(machine, actor_of(request)))
    if shown.related:
        rows = rows.select_related(*shown.related)
    if (state := request.GET.get("state", "")) in {s.code for s in machine.states}:
        rows = rows.filter(state=state)
    if text := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(shown.search(text))
    return rows.order_by("-changed_at", "-pk")
