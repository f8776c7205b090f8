"""What a file that waits would change, as pages and the list to download say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit.enterprises import words
from credit.enterprises.models import NationalImport
from credit.enterprises.national import selectors, services
from credit.enterprises.national.differences import Difference
from credit.enterprises.national.tables import TABLES, Table
from kernel import clock
from kernel.errors import NotFound
from kernel.web.acting import actor_of
from kernel.web.export import xlsx_response
from kernel.web.viewmodels import Column, Link, Pagination, RegisterPage, RegisterRow

# What stands on the page of the file itself; the rest is a click away.
SAMPLE = 10
_NOTHING = "—"
Row = tuple[Any, ...]


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every value that would change, old and new, by pages or as a file."""
    job = selectors.imports(actor_of(request).region).filter(pk=pk).first()
    if job is None or job.state != NationalImport.State.WAITING:
        raise NotFound.because("workflow.case.unknown", pk=pk)
    every = list(rows(job, services.preview(job)))
    if request.GET.get("format") == "xlsx":
        return xlsx_response(_("将发生的变更"), columns(), every)
    pagination = Pagination.of(len(every), request.GET.dict())
    part = every[pagination.offset : pagination.offset + pagination.size]
    page = RegisterPage(
        title=_("将发生的变更"),
        lead=f"{job.table} {job.file_name}",
        columns=columns(),
        rows=tuple(RegisterRow(cells) for cells in part),
        pagination=pagination,
        data_at=clock.now(),
        actions=(Link(_("返回"), reverse("credit:national-report", args=[pk])),),
        export_url="?format=xlsx",
        empty=_("没有将发生的变更。"),
    )
    return render(request, "kernel/web/register.html", {"page": page})


def columns() -> tuple[Column, ...]:
    """The head of the table, on the page and in the file."""
    return (
        Column(_("行"), "number"), Column(_("编号"), "code"), Column(_("企业"), "name"),
        Column(_("列"), "code"), Column(_("原内容"), "name"), Column(_("新内容"), "name"),
    )  # fmt: skip


def rows(job: NationalImport, found: Iterable[Difference]) -> Iterator[Row]:
    """One for each value that becomes another, then one for each line that is new."""
    table, new = TABLES[job.table], []
    for one in found:
        if one.new:
            new.append(one)
            continue
        for column, old, now in one.changes:
            said = (_said(table, column, old), _said(table, column, now))
            yield (one.line, one.key, one.party, column, *said)
    told_already = {*table.key, *(c.name for c in table.columns if c.field in _subject(table))}
    for one in new:
        told = " · ".join(
            f"{column} {_said(table, column, now)}"
            for column, _old, now in one.changes
            if column not in told_already
        )
        yield (one.line, one.key, one.party, _("新增"), _NOTHING, told)


def _subject(table: Table) -> tuple[str, ...]:
    """The fields that name the enterprise of a line; it stands in a column of its own."""
    return (table.subject, table.subject.replace("_uscc", "_name")) if table.subject else ()


def _said(table: Table, column: str, value: Any) -> str:
    """A value as people read it: money in yuan, yes and no in words."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    said = "" if value is None else str(value)
    return words.content(table.by_name[column].field, said) or _NOTHING
