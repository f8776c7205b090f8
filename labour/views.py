"""A site's roster for those who keep or watch it, and its board for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from credit.citing import cited, language
from kernel import clock
from kernel.errors import NotFound
from kernel.identifiers import masks
from kernel.parties.models import Organisation
from kernel.web import places
from kernel.web.acting import actor_of
from kernel.web.case_pages import case_url, chip
from kernel.web.viewmodels import Column, Filter, Pagination, RegisterPage, RegisterRow
from kernel.workflow import selectors as workflow
from labour import citing
from labour.accounts import selectors as accounts
from labour.roster.machine import WORKER
from labour.roster.models import Worker
from labour.roster.pages import trade_label
from labour.roster.selectors import attendance_days, on_site
from labour.sites import selectors as sites
from labour.sites.models import SiteOfWork

_PUBLIC = {"base_template": "kernel/web/public_base.html"}


def roster(request: HttpRequest, number: str) -> HttpResponse:
    """Who is on a site's roster, as far as the reader may read; identity numbers are masked."""
    site = _site(number)
    actor, now = actor_of(request), clock.now()
    found = Worker.objects.filter(workflow.readable(WORKER, actor), site_number=site.number)
    text = request.GET.get("q", "").strip()[:100]
    if text:
        found = found.filter(person__name__contains=text)
    pagination = Pagination.of(found.count(), request.GET.dict())
    month = f"{clock.legal_date(now):%Y-%m}"
    people = found.select_related("person").prefetch_related("gate").order_by("pk")
    page = RegisterPage(
        title=_("实名名册"),
        lead=site.name,
        columns=(
            Column(_("名册编号"), "code"),
            Column(_("姓名"), "name"),
            Column(_("公民身份号码"), "masked"),
            Column(_("工种")),
            Column(_("班组"), "name"),
            Column(_("本月考勤"), "number", unit=_("天")),
            Column(_("状态"), "state"),
        ),
        rows=tuple(
            RegisterRow(_cells(one, month), case_url(one))
            for one in people[pagination.offset : pagination.offset + pagination.size]
        ),
        pagination=pagination,
        data_at=now,
        filters=(Filter("q", _("姓名"), value=text),),
        empty=_("名册上没有您可以查看的工人。"),
    )
    return render(request, "kernel/web/register.html", {"page": page})


def _cells(one: Worker, month: str) -> tuple[Any, ...]:
    return (
        one.number,
        one.person.name,
        masks.resident_id(one.person.resident_id),
        trade_label(one),
        one.team,
        attendance_days(one)[month],
        chip(WORKER, one.state),
    )


def boards(request: HttpRequest) -> HttpResponse:
    """Sites whose boards everybody may read."""
    found = sites.open_sites()
    text = request.GET.get("q", "").strip()[:100]
    if text:
        found = found.filter(name__contains=text)
    pagination = Pagination.of(found.count(), request.GET.dict())
    page = RegisterPage(
        title=_("工地维权信息"),
        lead=_("各工地的总承包单位、工资专用账户银行和投诉渠道，向社会公开。"),
        columns=(Column(_("工程编号"), "code"), Column(_("工程名称"), "name")),
        rows=tuple(
            RegisterRow((one.number, one.name), reverse("labour:board", args=[one.number]))
            for one in found[pagination.offset : pagination.offset + pagination.size]
        ),
        pagination=pagination,
        data_at=clock.now(),
        filters=(Filter("q", _("工程名称"), value=text),),
        empty=_("目前没有在建的工地。"),
    )
    return render(request, "kernel/web/register.html", {"page": page, **_PUBLIC})


def board(request: HttpRequest, number: str) -> HttpResponse:
    """The board of rights (维权信息告示牌) of a site, as the law has it stand at the gate."""
    site, now = _site(number), clock.now()
    day = clock.legal_date(now)
    wage = citing.minimum_wage(day, site.region)
    context = {
        # Not "site": that is the platform's own name on every page.
        "works": site,
        "region": places.full_name(site.region, on=day),
        "owner": _name(site.owner_uscc),
        "contractor": _name(site.contractor_uscc),
        "account": accounts.in_force(site.contract_number),
        "inspectors": _inspectors(site.region),
        "workers": on_site(site.number).count(),
        "minimum_fen": wage["value"] if wage else None,
        "minimum_article": cited(wage, language()) if wage else "",
        "data_at": now,
    }
    return render(request, "labour/board.html", context)


def _site(number: str) -> SiteOfWork:
    found = sites.site(number)
    if found is None or found.permitted_at is None:
        raise NotFound.because("workflow.case.unknown", number=number[:40])
    return found


def _name(uscc: str) -> str:
    found = Organisation.objects.filter(uscc=uscc).first()
    return found.name if found else uscc


def _inspectors(region: str) -> list[str]:
    """Labour inspectorates of the site's city: organisations with wage officers there."""
    found = Organisation.objects.filter(memberships__role="wage_officer").exclude(authority="")
    return [one.name for one in found.distinct() if one.region[:4] == region[:4]]
