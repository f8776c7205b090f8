"""The filing form (竣工验收备案表): what it says, who signs, when it is drafted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kernel import clock
from kernel.documents import forms, sheet
from kernel.events.procurement_completion import CompletionFiled
from kernel.events.procurement_works import WorksAccepted
from kernel.events.registry import Envelope, subscribe
from kernel.workflow.following import follow
from procurement.projects import citing, naming
from procurement.projects.filing.machine import COMPLETION_FILING
from procurement.projects.filing.models import CompletionFiling
from procurement.projects.printing import print_for
from procurement.projects.works.models import Works

FORM = "procurement.completion_filing.form"
ARTICLE = gettext_noop("《建设工程质量管理条例》第四十九条")


def build(ref: forms.CaseRef) -> dict[str, Any]:
    """What the form says of a filing."""
    case = CompletionFiling.objects.get(pk=int(ref.pk))
    works = Works.objects.get(pk=case.works_id)
    at = clock.start_of(case.filed_on) if case.filed_on else clock.now()
    known = naming.names((case.owner_uscc, case.contractor_uscc))
    return _data(
        case.name,
        works=case.works_number,
        permit=works.permit_number,
        owner=known.get(case.owner_uscc, case.owner_uscc),
        contractor=known.get(case.contractor_uscc, case.contractor_uscc),
        accepted=works.accepted_on.isoformat() if works.accepted_on else "",
        station=works.station_conclusion,
        performance=citing.label("performance", case.performance, at),
        reasons=case.performance_reasons,
        papers=[
            (citing.label("completion_paper", p["kind"], at), p["number"], p["issued_on"])
            for p in case.documents
        ],
        record={
            "filing_number": case.filing_number,
            "works_number": case.works_number,
            "performance": case.performance,
        },
    )


def _data(name: str, **said: Any) -> dict[str, Any]:
    return sheet.data(
        name,
        lead=[_("备案文件已收讫，准予竣工验收备案。")],
        blocks=[
            sheet.facts(
                _("工程"),
                [
                    (_("单位工程编号"), said["works"]),
                    (_("施工许可证编号"), said["permit"]),
                    (_("建设单位"), said["owner"]),
                    (_("施工单位"), said["contractor"]),
                    (_("竣工验收日期"), said["accepted"]),
                    (_("监督结论"), said["station"]),
                    (_("履约评价"), said["performance"]),
                    (_("评价理由"), said["reasons"]),
                ],
            ),
            sheet.table(_("备案文件"), [_("文件种类"), _("文号"), _("日期")], said["papers"]),
        ],
        record=said["record"],
    )


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return _data(
        "松花江示范住宅小区一期工程",
        works="2301022511240101-W01",
        permit="230102202511240101",
        owner="哈尔滨示范置业有限公司（虚构）",
        contractor="龙江示范建筑工程有限公司（虚构）",
        accepted="2028-06-15",
        station="验收程序符合规定",
        performance="优秀",
        reasons="按期完工，质量合格。",
        papers=[("工程质量保修书", "示例保字第 1 号", "2028-05-31")],
        record={
            "filing_number": "2301022511240101-JX-001",
            "works_number": "2301022511240101-W01",
            "performance": "excellent",
        },
    )


forms.register(
    forms.DocumentForm(
        code=FORM,
        title=gettext_lazy("竣工验收备案表"),
        template=sheet.TEMPLATE,
        version=1,
        build=build,
        sample=sample,
        signers=(forms.SignerRule("permit_officer", gettext_lazy("备案人员")),),
        authority=True,
        article=ARTICLE,
        sources=(
            forms.Source(gettext_lazy("竣工验收备案"), ARTICLE, "statute_text"),
            forms.Source(gettext_lazy("履约评价"), "平台规则：备案时评价履约", "own_default"),
        ),
        public=True,
        subject="subject",
    )
)


@subscribe(WorksAccepted, "procurement.completion_filing.open")
def filing_is_opened(envelope: Envelope, _prepared: Any) -> None:
    """The fifteen days run from the acceptance, whether or not anybody begins.

    Works whose use was stopped are accepted again: their filing goes on, there is no second one.
    """
    event = envelope.event
    assert isinstance(event, WorksAccepted)
    known = CompletionFiling.objects.filter(works_id=event.works_id).first()
    if known is not None:
        follow(
            COMPLETION_FILING.code,
            known.pk,
            "reaccept",
            key=f"event:{envelope.id}",
            at=envelope.occurred_at,
        )
        return
    follow(
        COMPLETION_FILING.code,
        None,
        "open",
        key=f"event:{envelope.id}",
        at=envelope.occurred_at,
        payload={
            "works_id": event.works_id,
            "works_number": event.number,
            "contract_number": event.contract_number,
            "project_number": event.project_number,
            "name": event.name,
            "region": event.region,
            "owner_uscc": event.owner_uscc,
            "contractor_uscc": event.contractor_uscc,
        },
    )


def print_form(envelope: Envelope) -> int:
    """Draft and print the form for the officer's signature; idempotent."""
    event = envelope.event
    assert isinstance(event, CompletionFiled)
    issuer = CompletionFiling.objects.values_list("filed_by", flat=True).get(pk=event.filing_id)
    return print_for(
        FORM,
        COMPLETION_FILING.code,
        event.filing_id,
        event.document_number,
        envelope.occurred_at,
        issuer=issuer,
    )


@subscribe(CompletionFiled, "procurement.completion_filing.form", prepare=print_form)
def form_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""
