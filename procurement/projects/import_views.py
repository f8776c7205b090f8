"""Pages of the import: bring a workbook, fetch the template, read what became of each line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.documents.upload_quota import UploadQuota, with_quota
from kernel.documents.workbooks import LIMITS
from kernel.errors import NotFound, NotPermitted, Refused
from kernel.web.acting import actor_of
from kernel.web.export import MEDIA_TYPE, xlsx_response
from kernel.web.refusals import in_words, onto_form
from kernel.web.viewmodels import ActPage, FieldView, FormGroup, RefusalView
from procurement.projects import import_report, import_template, imports
from procurement.projects.models import ProjectImport

SHOWN = 20  # earlier imports under the form


class ImportForm(forms.Form):
    """One workbook, and what is to become of its lines."""

    file = forms.FileField(
        label=gettext_lazy("工作簿（.xlsx）"),
        help_text=gettext_lazy("将文件拖到框内，或点击选择"),
        error_messages={"required": gettext_lazy("请选择要导入的工作簿")},
        widget=forms.ClearableFileInput(
            attrs={"accept": f".xlsx,{MEDIA_TYPE}", "class": "pj-drop"}
        ),
        max_length=200,
    )
    submit = forms.ChoiceField(
        label=gettext_lazy("读取后"),
        initial="draft",
        choices=[
            ("draft", gettext_lazy("只建立草稿，由我逐项核对后递交")),
            ("submit", gettext_lazy("建立草稿，并将内容齐全的逐项递交（递交后不可修改）")),
        ],
        widget=forms.RadioSelect,
    )


@csrf_exempt  # the middleware would read the body before the quota stands; see _upload
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a workbook; a file that no line can be read from is refused at once."""
    return _upload(request, with_quota(request, LIMITS.file_bytes))


@csrf_protect
def _upload(request: HttpRequest, quota: UploadQuota) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    valid = form.is_valid()
    if quota.exceeded:
        form.errors.pop("file", None)
        too_large = Refused.because(
            "documents.workbook.file_too_large", field="file", limit=LIMITS.file_bytes // 1024**2
        )
        return _form_page(request, form, onto_form(form, too_large.refusals), too_large.status)
    if not valid:
        return _form_page(request, form, status=422)
    try:
        job = imports.request_import(
            actor=actor_of(request),
            file=form.cleaned_data["file"].file,
            file_name=form.cleaned_data["file"].name,
            submit=form.cleaned_data["submit"] == "submit",
        )
    except NotPermitted:
        raise
    except Refused as refused:
        return _form_page(request, form, in_words(refused.refusals), refused.status)
    return redirect("procurement:project-import-report", job.pk)


def _form_page(
    request: HttpRequest,
    form: ImportForm,
    refusals: tuple[RefusalView, ...] = (),
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    earlier = ProjectImport.objects.filter(organisation_id=actor.organisation_id)
    page = ActPage(
        title=_("批量导入报建"),
        effect=_("按工作簿的每一行建立一份报建草稿；选择递交的，随即向项目所在地主管部门递交。"),
        form=form,
        groups=(FormGroup(_("工作簿"), (FieldView(form["file"]), FieldView(form["submit"]))),),
        url=reverse("procurement:project-import"),
        submit=_("上传并导入"),
        article=_("平台规则"),
        refusals=refusals,
        review=False,
    )
    context: dict[str, Any] = {
        "page": page,
        "rows_limit": LIMITS.rows - 1,
        "bytes_limit": LIMITS.file_bytes,
        "earlier": [
            (job, import_report.status_chip(job))
            for job in earlier.select_related("person").defer("report")[:SHOWN]
        ],
    }
    return render(request, "procurement/projects/import.html", context, status=status)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The template with the columns and codes in force today."""
    now = clock.now()
    response = HttpResponse(import_template.template(now), content_type=MEDIA_TYPE)
    name = f"{import_template.FILE_NAME}-{clock.legal_date(now):%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = _attachment(name)
    return response


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return str(content_disposition_header(True, name))


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What became of each line; while a worker reads, the page asks again by itself."""
    job = (
        ProjectImport.objects.filter(pk=pk, organisation_id=actor_of(request).organisation_id)
        .select_related("person", "organisation")
        .first()
        if pk < 2**63
        else None
    )
    if job is None:
        raise NotFound.because("workflow.case.unknown", pk=pk)
    finished = job.status != ProjectImport.Status.WAITING
    if finished and request.GET.get("format") == "xlsx":
        return xlsx_response(_("批量导入结果"), *import_report.table_of(job))
    page = import_report.page_of(job, request.GET.dict(), clock.now())
    return render(request, "procurement/projects/import_report.html", {"page": page})
