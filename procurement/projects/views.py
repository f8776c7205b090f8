"""The public register of projects, a project's public page, and scans for those concerned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel import clock
from kernel.documents import listing, storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound
from kernel.identifiers import regions
from kernel.web import ahead, other_entries, places
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
from kernel.web.views.cases import readable_case
from kernel.workflow import selectors as workflow
from kernel.workflow.models import Act
from kernel.workflow.relations import region_prefix
from procurement.projects import public_links, selectors
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from procurement.projects.pages import ProjectPresenter, groups, place

EXPORT_MAX = 50_000
EXPORT_PART = 500  # rows held in memory at a time


def register(request: HttpRequest) -> HttpResponseBase:
    """All registered projects: filters in the address, fifty a page, XLSX."""
    now = clock.now()
    found = _filtered(request.GET, now)
    if request.GET.get("format") == "xlsx":
        return xlsx_response(
            _("项目登记"),
            _columns(),
            (_cells(row, now) for row in found[:EXPORT_MAX].iterator(EXPORT_PART)),
        )
    pagination = Pagination.of(found.count(), request.GET.dict())
    rows = found[pagination.offset : pagination.offset + pagination.size]
    page = RegisterPage(
        title=_("项目登记"),
        lead=_("经主管部门登记的工程建设项目，向社会公开。"),
        columns=_columns(),
        rows=tuple(RegisterRow(_cells(row, now), f"/projects/{row.number}/") for row in rows),
        pagination=pagination,
        data_at=now,
        filters=_filters(request.GET, now),
        export_url="?" + "&".join(filter(None, [_query(pagination), "format=xlsx"])),
        empty=_("还没有登记的项目。"),
    )
    return render(
        request,
        "kernel/web/register.html",
        {"page": page, "base_template": "kernel/web/public_base.html"},
    )


def _query(pagination: Pagination) -> str:
    return pagination.url(1).removeprefix("?").removesuffix("page=1").removesuffix("&")


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("项目编号"), "code"),
        Column(_("项目名称"), "name"),
        Column(_("建设单位"), "name"),
        Column(_("建设地点")),
        Column(_("工程类别")),
        Column(_("总投资"), "wan", unit=_("万元")),
        Column(_("登记日期"), "date"),
        Column(_("状态"), "state"),
    )


def _cells(row: Project, now: datetime) -> tuple[Any, ...]:
    return (
        row.number,
        row.name,
        row.owner.name,
        place(row.region, now),
        selectors.label("project_class", row.project_class, now),
        row.total_investment_fen,
        clock.legal_date(row.registered_at) if row.registered_at else None,
        chip(PROJECT, row.state),
    )


def _filters(params: Any, now: datetime) -> tuple[Filter, ...]:
    day = clock.legal_date(now)
    everywhere = ("", _("全部"))
    cities = [(r.code, places.name(r.code, on=day)) for r in regions.children("230000", day)]
    return (
        Filter("q", _("项目名称、编号或代码"), value=params.get("q", "")),
        Filter("region", _("地区"), "select", params.get("region", ""), (everywhere, *cities)),
        Filter(
            "class",
            _("工程类别"),
            "select",
            params.get("class", ""),
            (everywhere, *selectors.options("project_class", now)),
        ),
        Filter("from", _("登记日期自"), "date", params.get("from", "")),
        Filter("to", _("至"), "date", params.get("to", "")),
    )


def _filtered(params: Any, now: datetime) -> QuerySet[Project]:
    found = selectors.public_register()
    if text := params.get("q", "").strip()[:100]:
        found = found.filter(
            Q(name__contains=text) | Q(number__startswith=text) | Q(project_code__startswith=text)
        )
    if (region := params.get("region", "")).isdecimal() and region.isascii() and len(region) == 6:
        found = found.filter(region__startswith=region_prefix(region))
    if kind := params.get("class", ""):
        found = found.filter(project_class=kind)
    if day := _day(params.get("from", "")):
        found = found.filter(registered_at__gte=clock.start_of(day))
    if day := _day(params.get("to", "")):
        found = found.filter(registered_at__lt=clock.end_of(day))
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # The first and last days of the calendar have no instant before or after them.
    return day if 1900 <= day.year < 3000 else None


def public(request: HttpRequest, number: str) -> HttpResponse:
    """A registered project as everybody sees it: facts, documents, its acts and their proofs."""
    project = selectors.public_project(number)
    if project is None:
        raise NotFound.because("workflow.case.unknown", number=number)
    now = clock.now()
    shown = ProjectPresenter()
    acts = [act for act in workflow.acts_of(project) if act.transition in shown.public_acts]
    others = other_entries.of_case(project.case_ref, public=True)
    issued = [d for d in listing.of_page(PROJECT.code, str(project.pk)) if d.issued_at]
    page = CasePage(
        reference=project.reference,
        title=project.name,
        kind=str(PROJECT.label),
        state=chip(PROJECT, project.state),
        head=shown.head(project, now),
        timeline=(
            *sorted(
                [*map(_public_step, acts), *other_entries.timeline(others, log_url)],
                key=lambda item: item.at or now,
            ),
            *ahead.timeline(project, ahead.running(project), now),
        ),
        facts=(*public_links.group(number), *groups(project, now, public=True)),
        documents=document_links(issued),
        parties=shown.parties(project, now),
        money=shown.money(project, now),
        log=tuple(
            sorted(
                [*map(_public_log, acts), *other_entries.log_rows(others, log_url)],
                key=lambda row: row.index,
            )
        ),
        back=Link(_("项目登记"), "/projects/"),
    )
    return render(request, "procurement/projects/public.html", {"page": page})


def _label(act: Act) -> str:
    transition = PROJECT.transition(act.transition)
    return str((transition.done or transition.label) if transition else act.transition)


def _public_step(act: Act) -> TimelineItem:
    """An act without the names of clerks."""
    return TimelineItem(
        "done",
        _label(act),
        at=act.at,
        organisation=act.organisation.name if act.organisation else _("平台"),
        log_index=act.log_index,
        log_url=log_url(act.log_index),
    )


def _public_log(act: Act) -> LogRow:
    return LogRow(
        index=act.log_index or 0,
        at=act.at,
        what=_label(act),
        organisation=act.organisation.name if act.organisation else "",
        digest=act.leaf,
        url=log_url(act.log_index),
    )


def paper(request: HttpRequest, pk: int, sha256: str) -> FileResponse:
    """A scan that a registration names, for those who may read the case."""
    project: Any = readable_case(request, PROJECT.code, pk)
    if not selectors.is_own_scan(project, sha256):
        raise NotFound.because("documents.file.missing", sha256=sha256)
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None:
        raise NotFound.because("documents.file.missing", sha256=sha256)
    response = FileResponse(storage.open_verified(stored), content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="{sha256[:12]}"'
    return response
