"""The public registers of conduct: every record that is shown, and the list beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from credit.conduct import selectors
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.pages import enterprise_url, label_of
from credit.conduct.steps import last_day
from credit.scoring.scheme_words import SEVERITIES
from kernel import clock
from kernel.web.case_pages import chip
from kernel.web.viewmodels import Column, Filter, Link, Pagination, RegisterPage, RegisterRow

_PUBLIC = {"base_template": "kernel/web/public_base.html"}


def records(request: HttpRequest) -> HttpResponse:
    """All conduct records that are shown now, by class; disputed ones say so."""
    severity = request.GET.get("severity", "")
    classes = [("", _("全部"))]
    classes += [(code or "good", str(words)) for code, words in SEVERITIES.items()]
    return _register(
        request,
        severity,
        listed=False,
        title=_("行为记录公示"),
        lead=_("公示期内的良好行为和不良行为。期满自动停止公示。"),
        empty=_("没有公示中的行为记录。"),
        more=(Filter("severity", _("轻重"), "select", severity, tuple(classes)),),
    )


def listed(request: HttpRequest) -> HttpResponse:
    """The enterprises that are on the list now, each with its document."""
    return _register(
        request,
        "",
        listed=True,
        title=_("失信名单"),
        lead=_(
            "列入名单的企业一年内不得参加投标、出租设备和承揽劳务。期满自动移出，经决定的可以提前移出。"
        ),
        empty=_("名单中没有企业。"),
        more=(),
    )


def _register(
    request: HttpRequest,
    severity: str,
    *,
    listed: bool,
    title: str,
    lead: str,
    empty: str,
    more: tuple[Filter, ...],
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    found = selectors.public_register(text, severity, listed=listed)
    pagination = Pagination.of(found.count(), request.GET.dict())
    page = RegisterPage(
        title=title,
        lead=lead,
        columns=(
            Column(_("记录编号"), "code"),
            Column(_("企业名称"), "name"),
            Column(_("评价项")),
            Column(_("轻重")),
            Column(_("文书编号"), "name"),
            Column(_("公布日期"), "date"),
            Column(_("公示至"), "date"),
            Column(_("状态"), "state"),
        ),
        rows=tuple(
            RegisterRow(_cells(row), enterprise_url(row.uscc))
            for row in found[pagination.offset : pagination.offset + pagination.size]
        ),
        pagination=pagination,
        data_at=clock.now(),
        actions=_beside(listed),
        filters=(Filter("q", _("企业、记录或者文书"), value=text), *more),
        empty=empty,
    )
    return render(request, "kernel/web/register.html", {"page": page, **_PUBLIC})


def _beside(listed: bool) -> tuple[Link, Link]:
    """The other register of conduct, and the enterprises."""
    other = (
        Link(_("行为记录公示"), reverse("credit:records"))
        if listed
        else Link(_("失信名单"), reverse("credit:listed"))
    )
    return other, Link(_("企业信息档案"), reverse("credit:enterprises"))


def _cells(row: ConductRecord) -> tuple[object, ...]:
    return (
        row.number,
        row.name,
        label_of(row),
        SEVERITIES[row.severity],
        row.document_number,
        clock.legal_date(row.published_at) if row.published_at else None,
        last_day(row.shown_until),
        chip(RECORD, row.state),
    )
