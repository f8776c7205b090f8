"""The public register of works and the public page of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.documents import listing
from kernel.errors import NotFound
from kernel.identifiers import regions
from kernel.web import places
from kernel.web.case_pages import chip, document_links, log_url
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import (
    CasePage,
    Column,
    Filter,
    Link,
    LogRow,
    Pagination,
    RegisterPage,
    RegisterRow,
    TimelineItem,
)
from kernel.workflow import selectors as workflow
from kernel.workflow.models import Act
from kernel.workflow.relations import region_prefix
from procurement.projects import naming
from procurement.projects.works import selectors
from procurement.projects.works.machine import WORKS
from procurement.projects.works.models import Works
from procurement.projects.works.pages import WorksPresenter, groups

_EXPORT_MAX, _EXPORT_PART = 50_000, 500


def register(request: HttpRequest) -> HttpResponseBase:
    """All works that have a permit: filters in the address, fifty a page, XLSX."""
    now = clock.now()
    found = _filtered(request.GET)
    if request.GET.get("format") == "xlsx":
        parties = found.values_list("owner_uscc", "contractor_uscc")[:_EXPORT_MAX]
        known = naming.names({code for pair in parties for code in pair})
        cells = (_cells(row, known) for row in found[:_EXPORT_MAX].iterator(_EXPORT_PART))
        return xlsx_response(_("施工许可"), _columns(), cells)
    pagination = Pagination.of(found.count(), request.GET.dict())
    rows = list(found[pagination.offset : pagination.offset + pagination.size])
    known = naming.names(code for row in rows for code in (row.owner_uscc, row.contractor_uscc))
    query = pagination.url(1).removeprefix("?").removesuffix("page=1").removesuffix("&")
    page = RegisterPage(
        title=_("施工许可"),
        lead=_("已取得施工许可的单位工程及其进程，向社会公开。"),
        columns=_columns(),
        rows=tuple(RegisterRow(_cells(row, known), _address(row.number)) for row in rows),
        pagination=pagination,
        data_at=now,
        filters=_filters(request.GET, now),
        export_url="?" + "&".join(filter(None, [query, "format=xlsx"])),
        empty=_("还没有取得施工许可的工程。"),
    )
    return render(
        request,
        "kernel/web/register.html",
        {"page": page, "base_template": "kernel/web/public_base.html"},
    )


def _address(number: str) -> str:
    return reverse("procurement:works-public", args=[number])


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("施工许可证编号"), "code"),
        Column(_("工程名称"), "name"),
        Column(_("项目编号"), "code"),
        Column(_("建设单位"), "name"),
        Column(_("施工单位"), "name"),
        Column(_("合同价款"), "wan", unit=_("万元")),
        Column(_("发证日期"), "date"),
        Column(_("状态"), "state"),
    )


def _cells(row: Works, known: dict[str, str]) -> tuple[Any, ...]:
    return (
        row.permit_number,
        row.name,
        row.project_number,
        known.get(row.owner_uscc, row.owner_uscc),
        known.get(row.contractor_uscc, row.contractor_uscc),
        row.price_fen,
        row.permitted_on,
        chip(WORKS, row.state),
    )


def _filters(params: Any, now: datetime) -> tuple[Filter, ...]:
    day = clock.legal_date(now)
    everything = ("", _("全部"))
    cities = [(r.code, places.name(r.code, on=day)) for r in regions.children("230000", day)]
    states = [(s.code, str(s.label)) for s in WORKS.states]
    return (
        Filter("q", _("工程名称、许可证或项目编号"), value=params.get("q", "")),
        Filter("region", _("地区"), "select", params.get("region", ""), (everything, *cities)),
        Filter("state", _("状态"), "select", params.get("state", ""), (everything, *states)),
    )


def _filtered(params: Any) -> QuerySet[Works]:
    found = selectors.public_register()
    if text := params.get("q", "").strip()[:100]:
        named = Q(name__contains=text) | Q(permit_number__startswith=text)
        found = found.filter(named | Q(number__startswith=text))
    if (region := params.get("region", "")).isdecimal() and region.isascii() and len(region) == 6:
        found = found.filter(region__startswith=region_prefix(region))
    if state := params.get("state", ""):
        found = found.filter(state=state)
    return found


def public(request: HttpRequest, number: str) -> HttpResponse:
    """Works as everybody sees them: facts, permit, acts and their proofs, no names of clerks."""
    works = selectors.public_works(number)
    if works is None:
        raise NotFound.because("workflow.case.unknown", number=number)
    now, shown = clock.now(), WorksPresenter()
    acts = [act for act in workflow.acts_of(works) if act.transition in shown.public_acts]
    issued = [d for d in listing.of_page(WORKS.code, str(works.pk)) if d.issued_at]
    page = CasePage(
        reference=works.reference,
        title=works.name,
        kind=str(WORKS.label),
        state=chip(WORKS, works.state),
        head=shown.head(works, now),
        timeline=tuple(map(_step, acts)),
        facts=groups(works, now),
        documents=document_links(issued),
        parties=shown.parties(works, now),
        money=shown.money(works, now),
        log=tuple(map(_log, acts)),
        back=Link(_("施工许可"), reverse("procurement:works-register")),
    )
    return render(request, "procurement/projects/works.html", {"page": page})


def _label(act: Act) -> str:
    transition = WORKS.transition(act.transition)
    return str((transition.done or transition.label) if transition else act.transition)


def _by(act: Act) -> str:
    # What the platform did because something else happened is nobody's act.
    return act.organisation.name if act.organisation else ""


def _step(act: Act) -> TimelineItem:
    return TimelineItem(
        "done",
        _label(act),
        at=act.at,
        organisation=_by(act),
        log_index=act.log_index,
        log_url=log_url(act.log_index),
    )


def _log(act: Act) -> LogRow:
    return LogRow(
        index=act.log_index or 0,
        at=act.at,
        what=_label(act),
        organisation=_by(act),
        digest=act.leaf,
        url=log_url(act.log_index),
    )
