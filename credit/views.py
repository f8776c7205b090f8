"""The public side of conduct: all records that are shown now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from credit.conduct import selectors as conduct
from credit.conduct.machine import RECORD
from credit.conduct.pages import enterprise_url, label_of
from kernel import clock
from kernel.web.case_pages import chip
from kernel.web.viewmodels import Column, Filter, Pagination, RegisterPage, RegisterRow

_PUBLIC = {"base_template": "kernel/web/public_base.html"}


def records(request: HttpRequest) -> HttpResponse:
    """All conduct records that are shown now."""
    now, text = clock.now(), request.GET.get("q", "").strip()[:100]
    found = conduct.public_register(text)
    pagination = Pagination.of(found.count(), request.GET.dict())
    page = RegisterPage(
        title=_("行为记录公示"),
        lead=_("公示期内的良好行为和不良行为。期满自动停止公示。"),
        columns=(
            Column(_("记录编号"), "code"),
            Column(_("企业名称"), "name"),
            Column(_("评价项")),
            Column(_("文书编号"), "name"),
            Column(_("公布日期"), "date"),
            Column(_("状态"), "state"),
        ),
        rows=tuple(
            RegisterRow(
                (
                    row.number,
                    row.name,
                    label_of(row),
                    row.document_number,
                    clock.legal_date(row.published_at) if row.published_at else None,
                    chip(RECORD, row.state),
                ),
                enterprise_url(row.uscc),
            )
            for row in found[pagination.offset : pagination.offset + pagination.size]
        ),
        pagination=pagination,
        data_at=now,
        filters=(Filter("q", _("企业名称或代码"), value=text),),
        empty=_("没有公示中的行为记录。"),
    )
    return render(request, "kernel/web/register.html", {"page": page, **_PUBLIC})
