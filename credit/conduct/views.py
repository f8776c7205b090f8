"""The public registers of conduct: every record that is shown, and the list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from credit.conduct import leaving, showing
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.conduct.pages import enterprise_url, label_of
from credit.conduct.steps import last_day
from credit.scoring.scheme_words import SEVERITIES
from kernel import clock
from kernel.web import formats
from kernel.web.case_pages import chip
from kernel.web.viewmodels import Column, Filter, Link, Pagination, RegisterPage, RegisterRow
from kernel.workflow.models import Deadline

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
    found = showing.public_register(text, severity, listed=listed)
    pagination = Pagination.of(found.count(), request.GET.dict())
    shown = list(found[pagination.offset : pagination.offset + pagination.size])
    ends = _ends_of_terms(shown) if listed else {row.pk: last_day(row.shown_until) for row in shown}
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
            # On a list the time of showing rests; what ends is the list's term.
            Column(_("名单期限至")) if listed else Column(_("公示至"), "date"),
            Column(_("状态"), "state"),
        ),
        rows=tuple(
            RegisterRow(_cells(row, ends[row.pk]), enterprise_url(row.uscc)) for row in shown
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


def _ends_of_terms(rows: Sequence[ConductRecord]) -> dict[int, str]:
    """The last day of each one's term on the list; where no clock runs, until it is taken off."""
    clocks = Deadline.objects.filter(
        machine=RECORD.code, case_pk__in=[row.pk for row in rows],
        period_key=leaving.TERM, ended_at__isnull=True,
    )  # fmt: skip
    days = {row.case_pk: formats.day(formats.last_day(row.due_at)) for row in clocks}
    return {row.pk: days.get(row.pk) or _("至移出名单") for row in rows}


def _cells(row: ConductRecord, end: date | str | None) -> tuple[object, ...]:
    return (
        row.number,
        row.name,
        label_of(row),
        SEVERITIES[row.severity],
        row.document_number,
        # What the end of a day published is of that day, as 24:00 says on the record's own page.
        formats.last_day(row.published_at) if row.published_at else None,
        end,
        chip(RECORD, row.state),
    )
