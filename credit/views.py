"""The public side of credit: the register of enterprises, one enterprise, all shown records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from credit import citing
from credit.conduct import selectors as conduct
from credit.conduct.machine import RECORD
from credit.conduct.pages import enterprise_url, label_of
from credit.enterprises import selectors
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import Enterprise
from credit.enterprises.pages import scope, words
from credit.scoring import ahead, rules
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.errors import NotFound
from kernel.regulation import selectors as law
from kernel.web import presets
from kernel.web.acting import acting
from kernel.web.case_pages import chip
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import Column, Filter, Link, Pagination, RegisterPage, RegisterRow

EXPORT_MAX, EXPORT_PART = 50_000, 500
_PUBLIC = {"base_template": "kernel/web/public_base.html"}


def points(millionths: int) -> str:
    """Points as they are shown, with two decimals and a sign of their own."""
    hundredths = (abs(millionths) + rules.HUNDREDTH // 2) // rules.HUNDREDTH
    sign = "-" if millionths < 0 else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def enterprises(request: HttpRequest) -> HttpResponseBase:
    """All enterprises of the archive with grade and score of today."""
    now, text = clock.now(), request.GET.get("q", "").strip()[:100]
    trade = request.GET.get("trade", "")
    found = selectors.register(text, trade)
    columns = (
        Column(_("统一社会信用代码"), "code"),
        Column(_("企业名称"), "name"),
        Column(_("信用等级")),
        Column(_("信用分"), "number"),
        Column(_("入档时间"), "moment"),
    )
    if request.GET.get("format") == "xlsx":
        every = found[:EXPORT_MAX].iterator(EXPORT_PART)
        parts = iter(lambda: list(islice(every, EXPORT_PART)), [])
        rows = (cells for part in parts for cells in _cells(part, now))
        return xlsx_response(_("企业信息档案"), columns, rows)
    pagination = Pagination.of(found.count(), request.GET.dict())
    part = list(found[pagination.offset : pagination.offset + pagination.size])
    trades = law.options("qualification_trade", now, citing.language())
    page = RegisterPage(
        title=_("企业信息档案"),
        lead=_("企业的证照、业绩、公示中的行为记录和信用评价，向社会公开。"),
        columns=columns,
        rows=tuple(
            RegisterRow(cells, enterprise_url(row.uscc))
            for row, cells in zip(part, _cells(part, now), strict=True)
        ),
        pagination=pagination,
        data_at=now,
        filters=(
            Filter("q", _("企业名称或代码"), value=text),
            Filter("trade", _("资质类别"), "select", trade, (("", _("全部")), *trades)),
        ),
        export_url=pagination.url(1).removesuffix("page=1") + "format=xlsx",
        empty=_("没有符合条件的企业。"),
    )
    return render(request, "kernel/web/register.html", {"page": page, **_PUBLIC})


def _cells(part: Sequence[Enterprise], now: datetime) -> Iterator[tuple[Any, ...]]:
    """What the register tells of each, in one query for all."""
    scores = scoring.scores((row.uscc for row in part), clock.legal_date(now), now)
    for row in part:
        score = scores[row.uscc]
        yield (row.uscc, row.name, score.grade, points(score.millionths), row.entered_at)


def enterprise(request: HttpRequest, uscc: str) -> HttpResponse:
    """One enterprise: what it may do, what it has built, what it did, and what that weighs."""
    found = selectors.enterprise(uscc)
    if found is None:
        raise NotFound.because("workflow.case.unknown", uscc=uscc[:18])
    now = clock.now()
    score = scoring.score(uscc, clock.legal_date(now), now)
    scheme, language = scoring.scheme(now), citing.language()
    context = {
        "enterprise": found,
        "score": points(score.millionths),
        "grade": score.grade,
        "base": points(score.base),
        "cut": points(score.cut) if score.cut else "",
        "vetoed": score.vetoed,
        "ahead": [
            (turn.day, turn.grade, points(turn.millionths))
            for turn in ahead.turns(scoring.entries(uscc), scheme, clock.legal_date(now), now)
        ],
        "scheme": scheme,
        "contributions": [
            (
                scoring.item_label(one.item, now, language),
                points(one.millionths),
                citing.cited(scoring.item_row(one.item, now), language),
                one.ends_on,
            )
            for one in score.contributions
        ],
        "licences": [
            (words("licence_kind", row.kind, row), scope(row), row.number, row.valid_to,
             chip(LICENCE, row.state))
            for row in selectors.licences(uscc)
        ],
        "records": [
            (label_of(row), row.number, row.document_number, row.published_at,
             chip(RECORD, row.state))
            for row in conduct.shown(uscc)
        ],
        "achievements": selectors.achievements(uscc),
        "data_at": now,
        "acts": _acts(request, found),
    }  # fmt: skip
    return render(request, "credit/enterprise.html", context)


def _acts(request: HttpRequest, found: Enterprise) -> tuple[Link, ...]:
    """What a credit officer begins here, with what is known of the enterprise."""
    actor = acting(request).actor
    if actor is None or actor.role != "credit_officer":
        return ()
    known = {"uscc": found.uscc, "name": found.name}
    return (
        Link(_("采集行为记录"), presets.open_url(RECORD.code, **known)),
        Link(_("登记企业证照"), presets.open_url(LICENCE.code, **known)),
    )
