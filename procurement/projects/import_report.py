"""An import's report as a page and as a table: each line, what became of it, why not more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.errors import Refusal
from kernel.web.refusals import in_words
from kernel.web.viewmodels import Column, Pagination, RefusalView, StateChip
from kernel.workflow.machines import OPEN
from kernel.workflow.models import Act
from procurement.projects.import_lines import Lists, lists_at
from procurement.projects.import_subscriber import series_of
from procurement.projects.machine import PROJECT
from procurement.projects.models import ProjectImport

LINES = 50  # on one page


@dataclass(frozen=True)
class Reason:
    """One reason of a line. cell: where in the sheet, such as ``F12``; column: its head."""

    words: RefusalView
    cell: str = ""
    column: str = ""


@dataclass(frozen=True)
class LineView:
    """One line of the report. url: the case that it opened."""

    line: int
    name: str
    outcome: StateChip
    reasons: tuple[Reason, ...]
    url: str = ""


@dataclass(frozen=True)
class ReportPage:
    """The context variable ``page`` of ``import_report.html``.

    waiting: not read yet, or not to its end; begun: how many lines were opened so far.
    choices: the parts of the report that can be shown: (label, address, whether shown now).
    whole: why the file as a whole was refused.
    """

    title: str
    job: ProjectImport
    status: StateChip
    waiting: bool
    begun: int
    counts: tuple[tuple[str, int], ...]
    choices: tuple[tuple[str, str, bool], ...]
    lines: tuple[LineView, ...]
    whole: tuple[Reason, ...]
    pagination: Pagination
    data_at: datetime
    export_url: str


def status_chip(job: ProjectImport) -> StateChip:
    """How far an import is."""
    tones: dict[str, Any] = {"waiting": "action", "done": "done", "refused": "stop"}
    return StateChip(str(job.get_status_display()), tones[job.status])


def page_of(job: ProjectImport, params: Mapping[str, str], now: datetime) -> ReportPage:
    """The page of an import; ``show=problems`` in the address keeps the lines with reasons."""
    lists = lists_at(job.created_at)
    rows = [row for row in job.report if row["line"]]
    problems = params.get("show") == "problems"
    shown = [row for row in rows if row["refusals"]] if problems else rows
    pagination = Pagination.of(len(shown), params, LINES)
    part = shown[pagination.offset : pagination.offset + LINES]
    waiting = job.status == ProjectImport.Status.WAITING
    return ReportPage(
        title=_("批量导入结果"),
        job=job,
        status=status_chip(job),
        waiting=waiting,
        begun=_begun(job) if waiting else 0,
        counts=tuple(_counts(job, rows)),
        choices=tuple(_choices(rows, problems)),
        lines=tuple(_view(job, row, lists) for row in part),
        whole=tuple(r for row in job.report if not row["line"] for r in _reasons(row, lists)),
        pagination=pagination,
        data_at=now,
        export_url="" if waiting else "?format=xlsx",
    )


def table_of(job: ProjectImport) -> tuple[tuple[Column, ...], Iterator[tuple[Any, ...]]]:
    """The whole report as a table: one row for every reason, at least one for every line."""
    columns = (
        Column(_("行"), "number"),
        Column(_("项目名称"), "name"),
        Column(_("结果"), "state"),
        Column(_("案卷"), "code"),
        Column(_("单元格"), "code"),
        Column(_("列"), "name"),
        Column(_("原因")),
        Column(_("依据"), "name"),
        Column(_("如何解决")),
        Column(_("原因代码"), "code"),
    )
    return columns, _cells(job, lists_at(job.created_at))


def _cells(job: ProjectImport, lists: Lists) -> Iterator[tuple[Any, ...]]:
    for row in job.report:
        reference = f"BJ{row['case_pk']:08d}" if row["case_pk"] else ""
        head = (row["line"] or None, row["name"], _outcome(job, row), reference)
        for reason in _reasons(row, lists) or (None,):
            if reason is None:
                yield (*head, "", "", "", "", "", "")
            else:
                w = reason.words
                yield (*head, reason.cell, reason.column, w.message, w.article, w.cure, w.code)


def _view(job: ProjectImport, row: Mapping[str, Any], lists: Lists) -> LineView:
    return LineView(
        line=row["line"],
        name=row["name"],
        outcome=_outcome(job, row),
        reasons=_reasons(row, lists),
        url=reverse("web:case", args=[PROJECT.code, row["case_pk"]]) if row["case_pk"] else "",
    )


def _outcome(job: ProjectImport, row: Mapping[str, Any]) -> StateChip:
    if row["outcome"] == "submitted":
        return StateChip(_("已递交"), "done")
    if row["outcome"] == "refused":
        return StateChip(_("未导入"), "stop")
    if job.submit:
        return StateChip(_("已建立草稿，未递交"), "soon")
    return StateChip(_("已建立草稿"), "done")


def _counts(job: ProjectImport, rows: list[Any]) -> Iterator[tuple[str, int]]:
    found = Counter(row["outcome"] for row in rows)
    yield _("共"), len(rows)
    if job.submit:
        yield _("已递交"), found["submitted"]
        yield _("已建立草稿，未递交"), found["opened"]
    else:
        yield _("已建立草稿"), found["opened"]
    yield _("未导入"), found["refused"]


def _choices(rows: list[Any], problems: bool) -> Iterator[tuple[str, str, bool]]:
    faulty = sum(1 for row in rows if row["refusals"])
    if faulty and faulty < len(rows):
        yield _("全部 %d 行") % len(rows), "?", not problems
        yield _("有问题的 %d 行") % faulty, "?show=problems", problems


def _reasons(row: Mapping[str, Any], lists: Lists) -> tuple[Reason, ...]:
    return tuple(_reason(item, lists) for item in row["refusals"])


def _reason(item: Mapping[str, Any], lists: Lists) -> Reason:
    column = lists.column(item["field"])
    label = column.label(get_language() or "zh") if column else ""
    facts = dict(item["facts"])
    if label and "column" in facts:
        facts["column"] = label  # in the reader's language, whoever's it was when it was written
    refusal = Refusal(item["code"], facts, item["article"], item["field"])
    return Reason(in_words([refusal])[0], item["cell"], label)


def _begun(job: ProjectImport) -> int:
    """How many lines were opened so far, by the keys that a worker gives them."""
    return Act.objects.filter(
        machine=PROJECT.code,
        scope="new",
        transition=OPEN,
        person_id=job.person_id,
        organisation_id=job.organisation_id,
        role=job.role,
        key__startswith=f"{series_of(job)}:",
    ).count()
