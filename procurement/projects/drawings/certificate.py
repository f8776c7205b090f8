"""The certificate of drawings that passed their review (审查合格书), and its drafting."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kernel import clock
from kernel.documents import forms, sheet
from kernel.events.procurement_drawings import DrawingsPassed
from kernel.events.registry import Envelope, subscribe
from procurement.projects import citing, naming
from procurement.projects.drawings.machine import DRAWING_REVIEW
from procurement.projects.drawings.models import DrawingReview
from procurement.projects.printing import print_for

FORM = "procurement.drawing_review.certificate"
ARTICLE = gettext_noop("《建设工程质量管理条例》第十一条")


def build(ref: forms.CaseRef) -> dict[str, Any]:
    """What the certificate says of a review."""
    case = DrawingReview.objects.get(pk=int(ref.pk))
    at = clock.start_of(case.passed_on) if case.passed_on else clock.now()
    known = naming.names((case.owner_uscc, case.survey_uscc, case.design_uscc))
    return _data(
        case.name,
        project=case.project_number,
        owner=known.get(case.owner_uscc, case.owner_uscc),
        survey=known.get(case.survey_uscc, case.survey_uscc),
        design=known.get(case.design_uscc, case.design_uscc),
        scale=citing.label("drawing_scale", case.scale, at),
        conclusion=case.conclusion,
        papers=[
            (citing.label("drawing_paper", p["kind"], at), p["number"], p["issued_on"])
            for p in case.documents
        ],
        record={"certificate_number": case.certificate_number, "review_id": case.pk},
    )


def _data(name: str, **said: Any) -> dict[str, Any]:
    return sheet.data(
        name,
        lead=[_("经审查，下列施工图设计文件符合工程建设强制性标准，准予使用。")],
        blocks=[
            sheet.facts(
                _("工程"),
                [
                    (_("项目编号"), said["project"]),
                    (_("建设单位"), said["owner"]),
                    (_("勘察单位"), said["survey"]),
                    (_("设计单位"), said["design"]),
                    (_("工程规模"), said["scale"]),
                    (_("审查结论"), said["conclusion"]),
                ],
            ),
            sheet.table(_("送审文件"), [_("文件种类"), _("文号"), _("日期")], said["papers"]),
        ],
        record=said["record"],
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return _data(
        "松花江示范住宅小区一期工程",
        project="2301022511240101",
        owner="哈尔滨示范置业有限公司（虚构）",
        survey="示例勘察院有限公司（虚构）",
        design="示例设计院有限公司（虚构）",
        scale="大型房屋建筑、市政基础设施工程",
        conclusion="符合要求",
        papers=[("全套施工图", "示例图字第 1 号", "2025-09-01")],
        record={"certificate_number": "2301022511240101-TX-001", "review_id": 1},
    )


forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("施工图设计文件审查合格书"),
        template=sheet.TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        signers=(forms.SignerRule("drawing_reviewer", gettext_lazy("审查人员")),),
        article=ARTICLE,
        sources=(forms.Source(gettext_lazy("施工图审查"), ARTICLE, "remembered"),),
        public=True,
        subject="subject",
    )
)


def print_certificate(envelope: Envelope) -> int:
    """Draft and print the certificate; idempotent."""
    event = envelope.event
    assert isinstance(event, DrawingsPassed)
    issuer = DrawingReview.objects.values_list("reviewed_by", flat=True).get(pk=event.review_id)
    return print_for(
        FORM,
        DRAWING_REVIEW.code,
        event.review_id,
        event.certificate_number,
        envelope.occurred_at,
        issuer=issuer,
    )


@subscribe(DrawingsPassed, "procurement.drawings.certificate", prepare=print_certificate)
def certificate_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
