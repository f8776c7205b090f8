"""The register of notices, a notice's page, and the files of the tender documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import clock
from kernel.documents import listing, storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound
from kernel.identifiers import regions
from kernel.web import other_entries, presets
from kernel.web.acting import acting
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
from procurement.projects.naming import names
from procurement.projects.pages import place
from procurement.tendering import law_facts, needs, selectors
from procurement.tendering.machine import LOT, STATES
from procurement.tendering.models import Lot
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.pages import LotPresenter

EXPORT_MAX = 50_000
EXPORT_PART = 500  # rows held in memory at a time


def notices(request: HttpRequest) -> HttpResponseBase:
    """All published lots: filters in the address, fifty a page, XLSX."""
    now = clock.now()
    found = _filtered(request.GET)
    if request.GET.get("format") == "xlsx":
        owners = names(found.order_by().values_list("owner_uscc", flat=True).distinct())
        rows = (_cells(row, now, owners) for row in found[:EXPORT_MAX].iterator(EXPORT_PART))
        return xlsx_response(pgettext("register", "招标公告"), _columns(), rows)
    pagination = Pagination.of(found.count(), request.GET.dict())
    shown = list(found[pagination.offset : pagination.offset + pagination.size])
    owners = names(row.owner_uscc for row in shown)
    query = pagination.url(1).removeprefix("?").removesuffix("page=1").removesuffix("&")
    page = RegisterPage(
        title=pgettext("register", "招标公告"),
        lead=_("已公告的标段：招标文件、澄清、候选人公示和中标结果均向社会公开。"),
        columns=_columns(),
        rows=tuple(
            RegisterRow(_cells(row, now, owners), reverse("procurement:notice", args=[row.number]))
            for row in shown
        ),
        pagination=pagination,
        data_at=now,
        filters=_filters(request.GET, now),
        export_url="?" + "&".join(filter(None, [query, "format=xlsx"])),
        empty=_("还没有招标公告。"),
    )
    context = {"page": page, "base_template": "kernel/web/public_base.html"}
    return render(request, "kernel/web/register.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("标段编号"), "code"),
        Column(_("标段名称"), "name"),
        Column(_("招标人"), "name"),
        Column(_("建设地点")),
        Column(_("招标类别")),
        Column(_("最高投标限价"), "wan", unit=_("万元")),
        Column(_("公告日期"), "date"),
        Column(_("投标截止"), "date"),
        Column(_("状态"), "state"),
    )


def _cells(row: Lot, now: datetime, owners: Mapping[str, str]) -> tuple[Any, ...]:
    return (
        row.number,
        row.name,
        owners.get(row.owner_uscc, row.owner_uscc),
        place(row.region, now),
        law_facts.label("tender_kind", row.kind, now),
        row.ceiling_price_fen,
        clock.legal_date(row.published_at) if row.published_at else None,
        clock.legal_date(row.bid_deadline_at) if row.bid_deadline_at else None,
        chip(LOT, row.state),
    )


def _filters(params: Any, now: datetime) -> tuple[Filter, ...]:
    day = clock.legal_date(now)
    everything = ("", _("全部"))
    cities = [(r.code, regions.name(r.code, on=day)) for r in regions.children("230000", day)]
    states = [(s.code, str(s.label)) for s in STATES if s.code not in selectors.UNPUBLISHED]
    kinds = law_facts.options("tender_kind", now)
    return (
        Filter("q", _("标段名称或编号"), value=params.get("q", "")),
        Filter("region", _("地区"), "select", params.get("region", ""), (everything, *cities)),
        Filter("kind", _("招标类别"), "select", params.get("kind", ""), (everything, *kinds)),
        Filter("state", _("状态"), "select", params.get("state", ""), (everything, *states)),
    )


def _filtered(params: Any) -> QuerySet[Lot]:
    found = selectors.public_register()
    if text := params.get("q", "").strip()[:100]:
        found = found.filter(Q(name__contains=text) | Q(number__startswith=text))
    if (region := params.get("region", "")).isdecimal() and region.isascii() and len(region) == 6:
        found = found.filter(region__startswith=region_prefix(region))
    if kind := params.get("kind", "")[:40]:
        found = found.filter(kind=kind)
    if state := params.get("state", "")[:40]:
        found = found.filter(state=state)
    return found


def notice(request: HttpRequest, number: str) -> HttpResponse:
    """A published lot as everybody sees it: facts, papers, acts and their proofs."""
    lot = _lot(number)
    now, shown = clock.now(), LotPresenter()
    acts = [act for act in workflow.acts_of(lot) if act.transition in shown.public_acts]
    others = other_entries.of_case(lot.case_ref, public=True)
    issued = [d for d in listing.of_page(LOT.code, str(lot.pk)) if d.issued_at and _public(d)]
    page = CasePage(
        reference=lot.number,
        title=lot.name,
        kind=str(LOT.label),
        state=chip(LOT, lot.state),
        head=shown.head(lot, now),
        timeline=tuple(
            sorted(
                [*map(_step, acts), *other_entries.timeline(others, log_url)],
                key=lambda item: item.at or now,
            )
        ),
        facts=shown.facts(lot, now),
        documents=document_links(issued),
        parties=shown.parties(lot, now),
        money=shown.money(lot, now),
        log=tuple(
            sorted(
                [*map(_log_row, acts), *other_entries.log_rows(others, log_url)],
                key=lambda row: row.index,
            )
        ),
        back=Link(pgettext("register", "招标公告"), reverse("procurement:notices")),
    )
    role = actor.role if (actor := acting(request).actor) else ""
    context = {
        "page": page,
        "bids": role == "contractor_clerk",
        "objection_url": presets.open_url(OBJECTION.code, lot_number=lot.number),
        "security_url": _security_url(lot) if role == "guarantor_clerk" else "",
        "places": tuple(_places(lot)),
        "bidding": needs.how_to_bid(lot.number) if lot.state == "published" else None,
    }
    return render(request, "procurement/tendering/notice.html", context)


def _places(lot: Lot) -> Iterator[Link]:
    """Where the life of the lot goes on in public: its project, its opening, its ranking."""
    yield Link(_("项目"), reverse("procurement:project-public", args=[lot.project_number]))
    if url := needs.opening_page(lot.number):
        yield Link(_("开标记录"), url)
    if url := needs.result_page(lot.number):
        yield Link(_("评标结果"), url)


def _security_url(lot: Lot) -> str:
    """The act page of a bid security for this lot; empty where none is asked or bids are over."""
    if not lot.security_fen or lot.state != "published":
        return ""
    return presets.open_url(
        "procurement.security", kind="bid", about=lot.number, project_number=lot.project_number,
        beneficiary_uscc=lot.owner_uscc, amount_fen=lot.security_fen,
    )  # fmt: skip


def _public(document: Any) -> bool:
    from kernel.documents import forms

    return forms.get(document.form).public


def _lot(number: str) -> Lot:
    lot = selectors.public_lot(number)
    if lot is None:
        raise NotFound.because("workflow.case.unknown", number=number)
    return lot


def _label(act: Act) -> str:
    transition = LOT.transition(act.transition)
    return str((transition.done or transition.label) if transition else act.transition)


def _step(act: Act) -> TimelineItem:
    """An act without the names of clerks."""
    return TimelineItem(
        "done",
        _label(act),
        at=act.at,
        organisation=act.organisation.name if act.organisation else _("平台"),
        log_index=act.log_index,
        log_url=log_url(act.log_index),
    )


def _log_row(act: Act) -> LogRow:
    return LogRow(
        index=act.log_index or 0,
        at=act.at,
        what=_label(act),
        organisation=act.organisation.name if act.organisation else "",
        digest=act.leaf,
        url=log_url(act.log_index),
    )


def file(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """A file of the published tender documents; the hash of any other opens nothing."""
    lot = _lot(number)
    named = {item["file_sha256"]: item["name"] for item in lot.documents}
    for addendum in lot.clarifications:
        named |= {item["file_sha256"]: item["name"] for item in addendum["documents"]}
    stored = StoredFile.objects.filter(sha256=sha256).first() if sha256 in named else None
    if stored is None:
        raise NotFound.because("documents.file.missing", sha256=sha256)
    response = FileResponse(storage.open_verified(stored), content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="{sha256[:12]}"'
    return response
