"""The register of what lots make public: notices, candidates and results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import clock
from kernel.identifiers import regions
from kernel.web import desk_parts, places
from kernel.web.case_pages import chip
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import Column, Filter, Link, Pagination, RegisterPage, RegisterRow
from kernel.web.words import listed
from kernel.workflow.relations import region_prefix
from procurement.projects.naming import names
from procurement.projects.pages import place
from procurement.tendering import law_facts, selectors
from procurement.tendering.machine import LOT, STATES
from procurement.tendering.models import Lot

EXPORT_MAX = 50_000
EXPORT_PART = 500  # rows held in memory at a time


def notices(request: HttpRequest) -> HttpResponseBase:
    """All published lots: filters in the address, fifty a page, XLSX."""
    now = clock.now()
    what, found = _what(request.GET), _filtered(request.GET)
    if request.GET.get("format") == "xlsx":
        owners = names(found.order_by().values_list("owner_uscc", flat=True).distinct())
        rows = (_cells(row, now, owners, what) for row in found[:EXPORT_MAX].iterator(EXPORT_PART))
        return xlsx_response(_titles()[what], _columns(what), rows)
    pagination = Pagination.of(found.count(), request.GET.dict())
    shown = list(found[pagination.offset : pagination.offset + pagination.size])
    owners = names(row.owner_uscc for row in shown)
    query = pagination.url(1).removeprefix("?").removesuffix("page=1").removesuffix("&")
    page = RegisterPage(
        title=_titles()[what],
        lead=_("已公告的标段：招标文件、澄清、候选人公示和中标结果均向社会公开。"),
        columns=_columns(what),
        rows=tuple(
            RegisterRow(
                _cells(row, now, owners, what), reverse("procurement:notice", args=[row.number])
            )
            for row in shown
        ),
        pagination=pagination,
        data_at=now,
        filters=_filters(request.GET, now),
        export_url="?" + "&".join(filter(None, [query, "format=xlsx"])),
        empty=_("还没有招标公告。") if what == "notice" else _("还没有公布的结果。"),
    )
    context = {"page": page, "base_template": "kernel/web/public_base.html"}
    return render(request, "kernel/web/register.html", context)


def _titles() -> dict[str, str]:
    """What of lots the register lists, by its code in the address."""
    return {
        "notice": pgettext("register", "招标公告"),
        "publicity": pgettext("register", "中标候选人公示"),
        "result": pgettext("register", "中标结果"),
    }


def _what(params: Any) -> str:
    asked = str(params.get("what", ""))
    return asked if asked in selectors.PUBLIC_SINCE else "notice"


def _columns(what: str) -> tuple[Column, ...]:
    own = {
        "notice": (
            Column(_("最高投标限价"), "wan", unit=_("万元")),
            Column(_("公告日期"), "date"),
            Column(_("投标截止"), "moment"),
        ),
        "publicity": (
            Column(_("中标候选人"), "name"),
            Column(_("公示开始"), "date"),
            Column(_("公示结束"), "moment"),
        ),
        "result": (
            Column(_("中标人"), "name"),
            Column(_("中标价"), "wan", unit=_("万元")),
            Column(_("中标通知书时间"), "date"),
        ),
    }
    return (
        Column(_("标段编号"), "code"),
        Column(_("标段名称"), "name"),
        Column(_("招标人"), "name"),
        Column(_("建设地点")),
        Column(_("招标类别")),
        *own[what],
        Column(_("状态"), "state"),
    )


def _own_cells(row: Lot, what: str) -> tuple[Any, ...]:
    """What the notice, the publicity or the result says beside what all of them say."""
    if what == "publicity":
        ranked = listed(one["name"] for one in row.candidates)
        return ranked, _day(row.publicised_at), row.publicity_ends_at
    if what == "result":
        winner = (one["name"] for one in row.candidates if one["uscc"] == row.winner_uscc)
        return next(winner, row.winner_uscc), row.award_price_fen, _day(row.awarded_at)
    return row.ceiling_price_fen, _day(row.published_at), row.bid_deadline_at


def _day(at: datetime | None) -> date | None:
    return clock.legal_date(at) if at else None


def _cells(row: Lot, now: datetime, owners: Mapping[str, str], what: str) -> tuple[Any, ...]:
    return (
        row.number,
        row.name,
        owners.get(row.owner_uscc, row.owner_uscc),
        place(row.region, now),
        law_facts.label("tender_kind", row.kind, now),
        *_own_cells(row, what),
        chip(LOT, row.state),
    )


def _filters(params: Any, now: datetime) -> tuple[Filter, ...]:
    day = clock.legal_date(now)
    everything = ("", _("全部"))
    cities = [(r.code, places.name(r.code, on=day)) for r in regions.children("230000", day)]
    states = [(s.code, str(s.label)) for s in STATES if s.code not in selectors.UNPUBLISHED]
    kinds = law_facts.options("tender_kind", now)
    return (
        Filter("what", _("公布内容"), "select", _chosen(params), tuple(_choices())),
        Filter("q", _("标段名称或编号"), value=params.get("q", "")),
        Filter("region", _("地区"), "select", params.get("region", ""), (everything, *cities)),
        Filter("kind", _("招标类别"), "select", params.get("kind", ""), (everything, *kinds)),
        Filter("state", _("状态"), "select", params.get("state", ""), (everything, *states)),
    )


def _chosen(params: Any) -> str:
    what = _what(params)
    return "" if what == "notice" else what


def _choices() -> Iterator[tuple[str, str]]:
    for what, title in _titles().items():
        yield "" if what == "notice" else what, title


def _filtered(params: Any) -> QuerySet[Lot]:
    found = selectors.public_register(_what(params))
    if text := params.get("q", "").strip()[:100]:
        found = found.filter(Q(name__contains=text) | Q(number__startswith=text))
    if (region := params.get("region", "")).isdecimal() and region.isascii() and len(region) == 6:
        found = found.filter(region__startswith=region_prefix(region))
    if kind := params.get("kind", "")[:40]:
        found = found.filter(kind=kind)
    if state := params.get("state", "")[:40]:
        found = found.filter(state=state)
    return found


def _publicity_link() -> Link:
    url = f"{reverse('procurement:notices')}?what=publicity"
    return Link(pgettext("register", "中标候选人公示"), url)


def _result_link() -> Link:
    url = f"{reverse('procurement:notices')}?what=result"
    return Link(pgettext("register", "中标结果"), url)


desk_parts.add(public_link=_publicity_link)
desk_parts.add(public_link=_result_link)
