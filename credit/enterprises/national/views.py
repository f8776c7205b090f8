"""Bringing a national table in, and the report of its lines."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from credit import citing
from credit.enterprises.models import NationalImport
from credit.enterprises.national import changes, differences, selectors, services
from credit.enterprises.national.differences import Difference
from credit.enterprises.national.tables import TABLES
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import storage
from kernel.documents.models import StoredFile
from kernel.errors import NotFound, Refusal, Refused, catalogue
from kernel.web.acting import actor_of
from kernel.web.refusals import in_words
from kernel.web.viewmodels import Column, Pagination, RegisterPage, RegisterRow
from kernel.web.words import listed
from kernel.workflow import throttle

SHOWN = 50
# The standard's tables in words; their names are what people know from the national platform.
TITLES = {
    "TBProjectInfo": gettext_lazy("工程项目信息"),
    "TBTenderInfo": gettext_lazy("招标投标信息"),
    "TBContractRecordManage": gettext_lazy("合同登记信息"),
    "TBProjectCensorInfo": gettext_lazy("施工图审查信息"),
    "TBProjectDesignEconUserInfo": gettext_lazy("勘察设计人员"),
    "TBBuilderLicenceManage": gettext_lazy("施工许可信息"),
    "TBProjectBuilderUserInfo": gettext_lazy("安全生产管理人员"),
    "TBProjectFinishManage": gettext_lazy("竣工验收备案信息"),
}
assert TITLES.keys() == TABLES.keys()


class ImportForm(forms.Form):
    """Which table, and the file."""

    table = forms.ChoiceField(
        label=gettext_lazy("数据表"),
        choices=[(name, format_lazy("{} {}", words, name)) for name, words in TITLES.items()],
    )
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy(
            "XLSX、CSV 或 XML，首行为标准规定的字段名；逐行核对，有误的行不导入"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.xml", "required": True}),
        max_length=200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The form, and earlier files; a file that was taken in leads to its report."""
    actor = actor_of(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            with throttle.refusals(actor):
                job = services.bring_in(
                    actor=actor, table=form.cleaned_data["table"], content=file.read(),
                    file_name=file.name,
                )  # fmt: skip
            return redirect("credit:national-report", job.pk)
        except Refused as fault:
            refused = fault
    context: dict[str, Any] = {
        "form": form,
        "refusals": in_words(refused.refusals) if refused else (),
        "earlier": selectors.imports(actor.region).defer("report")[:SHOWN],
    }
    status = refused.status if refused else 200
    return render(request, "credit/enterprises/national.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What becomes of a file, line by line; while it waits, another officer decides here."""
    actor = actor_of(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            with throttle.refusals(actor):
                _decide(actor, pk, request.POST.dict())
            return redirect("credit:national-report", pk)
        except NotFound:
            raise
        except Refused as fault:
            refused = fault
    job = _job(actor, pk)
    waits, found = job.state == NationalImport.State.WAITING, None
    if waits:
        try:
            found = services.preview(job)
        except Refused as fault:  # the file cannot be read any more: nobody confirms what
            refused = refused or fault
    context = {
        "page": _page(request, job),
        "job": job,
        "waits": waits,
        **_changes(job, found),
        "may_confirm": job.person_id != actor.person_id,
        "vouched": bool(job.person_id),
        "refusals": in_words(refused.refusals) if refused else (),
    }
    status = refused.status if refused else 200
    return render(request, "credit/enterprises/national_report.html", context, status=status)


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, as it was brought, for whoever confirms it; it holds identity numbers."""
    job = _job(actor_of(request), pk)
    stored = StoredFile.objects.filter(sha256=job.file_sha256).first()
    if stored is None or job.state != NationalImport.State.WAITING:
        raise NotFound.because("workflow.case.unknown", pk=pk)
    return FileResponse(
        storage.open_verified(stored), as_attachment=True, filename=job.file_name,
        content_type="application/octet-stream",
    )  # fmt: skip


def _decide(actor: Actor, pk: int, said: dict[str, str]) -> None:
    """Nothing is confirmed but by the button that says so, and nothing but what was seen."""
    if said.get("decide") != "confirm":
        services.decline(actor=actor, pk=pk, reason=said.get("reason", ""))
        return
    services.confirm(actor=actor, pk=pk, seen=said.get("seen", ""))


def _changes(job: NationalImport, found: list[Difference] | None) -> dict[str, Any]:
    """What the file would change: how much, a sample, and what names all of it."""
    if found is None:
        return {"known": False}
    every = changes.rows(job, found)
    return {
        "known": True,
        "seen": differences.digest(found),
        "columns": changes.columns(),
        "sample": [
            tuple(zip(changes.columns(), cells, strict=True))
            for cells in islice(every, changes.SAMPLE)
        ],
        "more": next(every, None) is not None,
        "new": sum(one.new for one in found),
        "changed": sum(not one.new for one in found),
    }


def _job(actor: Actor, pk: int) -> NationalImport:
    job = selectors.imports(actor.region).filter(pk=pk).first()
    if job is None:
        raise NotFound.because("workflow.case.unknown", pk=pk)
    return job


def _page(request: HttpRequest, job: NationalImport) -> RegisterPage:
    rows = [(line["line"], reason) for line in job.report for reason in line["reasons"]]
    pagination = Pagination.of(len(rows), request.GET.dict())
    part = rows[pagination.offset : pagination.offset + pagination.size]
    basis = services.basis(job.imported_at, citing.language())
    return RegisterPage(
        title=f"{job.table} {job.file_name}",
        lead=_lead(job),
        columns=(
            Column(_("行"), "number"), Column(_("列"), "code"), Column(_("内容"), "name"),
            Column(_("未导入或者待处理的原因")), Column(_("依据")),
        ),
        rows=tuple(RegisterRow(_cells(line, reason, basis)) for line, reason in part),
        pagination=pagination,
        data_at=clock.now(),
        empty=_("没有未导入或者待处理的行。"),
    )  # fmt: skip


def _lead(job: NationalImport) -> str:
    told = [
        _("新增 %(added)s 行，变更 %(changed)s 行，未变 %(unchanged)s 行，未导入 %(refused)s 行。")
        % {
            "added": job.added, "changed": job.changed, "unchanged": job.unchanged,
            "refused": job.refused,
        }
    ]  # fmt: skip
    if job.held:
        told.append(_("其中 %(held)s 项与已受理的更正不同，待处理。") % {"held": job.held})
    if job.ignored:
        told.append(_("未使用的列：%(columns)s。") % {"columns": listed(job.ignored[:20])})
    return (" " if citing.language() == "en" else "").join(told)


def _cells(line: int, reason: dict[str, Any], basis: str) -> tuple[Any, ...]:
    refusal = Refusal(reason["code"], reason["facts"], reason["article"], reason["column"])
    return (
        line, reason["column"], reason["facts"].get("value", ""), catalogue.message(refusal),
        basis,
    )  # fmt: skip
