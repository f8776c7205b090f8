"""The public register of enterprises: by name, trade, grade, place and credit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from credit import citing
from credit.conduct.pages import enterprise_url
from credit.enterprises import selectors
from credit.enterprises.models import Enterprise
from credit.scoring import selectors as scoring
from credit.scoring import standings
from credit.scoring.models import CreditStanding
from credit.scoring.points import graded, points
from kernel import clock
from kernel.identifiers import regions
from kernel.regulation import selectors as law
from kernel.web import places
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import Column, Filter, Link, Pagination, RegisterPage, RegisterRow

EXPORT_MAX, EXPORT_PART = 50_000, 500
HOME = "230000"
_PUBLIC = {"base_template": "kernel/web/public_base.html"}


def enterprises(request: HttpRequest) -> HttpResponseBase:
    """All enterprises of the archive with grade and score of today."""
    now, asked = clock.now(), _asked(request)
    bands = [name for name, _least in scoring.scheme(now).bands]
    credit = request.GET.get("credit", "")
    found = selectors.register(asked)
    if credit in bands:
        found = _with_grade(found, credit, now)
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
    language, every_one = citing.language(), (("", _("全部")),)
    trades = law.options("qualification_trade", now, language)
    grades = law.options("qualification_grade", now, language)
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
            Filter("q", _("企业名称或代码"), value=asked.text),
            Filter("trade", _("资质类别"), "select", asked.trade, (*every_one, *trades)),
            Filter("grade", _("资质等级"), "select", asked.grade, (*every_one, *grades)),
            Filter("region", _("登记地"), "select", asked.region, (*every_one, *_places(now))),
            Filter(
                "credit",
                _("信用等级"),
                "select",
                credit,
                (*every_one, *((name, name) for name in bands)),
            ),
        ),
        actions=(
            Link(_("行为记录公示"), reverse("credit:records")),
            Link(_("失信名单"), reverse("credit:listed")),
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
        yield (row.uscc, row.name, graded(score.grade), points(score.told), row.entered_at)


def _asked(request: HttpRequest) -> selectors.Search:
    """What the address asks for; a code that is none finds nothing rather than everything."""
    given = {
        name: request.GET.get(key, "").strip()[:100]
        for name, key in {
            "text": "q",
            "region": "region",
            "trade": "trade",
            "grade": "grade",
        }.items()
    }
    return selectors.Search(**given)


def _with_grade(found: QuerySet[Enterprise], grade: str, at: datetime) -> QuerySet[Enterprise]:
    """Those whose credit grade of today is this one, by the standings that are kept for it."""
    if standings.base_grade(at) == grade:
        others = CreditStanding.objects.exclude(grade=grade)
        return found.exclude(uscc__in=others.values("uscc"))
    return found.filter(uscc__in=CreditStanding.objects.filter(grade=grade).values("uscc"))


def _places(at: datetime) -> Iterator[tuple[str, str]]:
    """The province with its cities, then the other provinces and the State's own register."""
    day = clock.legal_date(at)
    yield HOME, places.name(HOME, on=day)
    for city in regions.children(HOME, day):
        yield city.code, places.name(city.code, on=day)
    for one in regions.provinces():
        if one.code != HOME:
            yield one.code, places.name(one.code, on=day)
    yield regions.STATE, _("国家登记机关")
