"""The construction permit and the acceptance report: what they say, who signs, when drafted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kernel import clock, money
from kernel.documents import forms, sheet
from kernel.identifiers import regions
from kernel.web.words import listed
from procurement.projects import citing, naming
from procurement.projects.drawings import selectors as drawings
from procurement.projects.models import Project
from procurement.projects.works.messages import WARRANTY
from procurement.projects.works.models import Works

PERMIT = "procurement.works.permit"
ACCEPTANCE = "procurement.works.acceptance_report"
ARTICLE_PERMIT = gettext_noop("《建筑法》第七条、第八条")
ARTICLE_ACCEPTANCE = gettext_noop("《建设工程质量管理条例》第十六条")


def _parties(case: Works) -> list[tuple[str, str]]:
    columns = (
        (_("建设单位"), case.owner_uscc),
        (_("施工单位"), case.contractor_uscc),
        (_("监理单位"), case.supervision_uscc),
        (_("勘察单位"), case.survey_uscc),
        (_("设计单位"), case.design_uscc),
    )
    known = naming.names(code for _role, code in columns)
    return [(role, known.get(code, code)) for role, code in columns]


def build_permit(ref: forms.CaseRef) -> dict[str, Any]:
    """What the permit says."""
    case = Works.objects.get(pk=int(ref.pk))
    project = Project.objects.get(number=case.project_number)
    day = case.permitted_on or clock.today()
    at = clock.start_of(day)
    return _permit(
        case.name,
        permit=case.permit_number,
        project=project.name,
        place=f"{regions.full_name(case.region, on=day)} {project.address}",
        size=case.size,
        trade=citing.label("permit_trade", case.trade, at),
        price_fen=case.price_fen,
        days=case.period_days,
        manager=case.project_manager,
        parties=_parties(case),
        dangerous=listed(
            citing.label("dangerous_work", item["kind"], at) for item in case.dangerous
        ),
        record={"works_number": case.number, "permit_number": case.permit_number},
    )


def _permit(name: str, **said: Any) -> dict[str, Any]:
    return sheet.data(
        name,
        lead=[_("经审查，本建筑工程符合施工条件，准予施工。")],
        blocks=[
            sheet.facts(
                _("工程"),
                [
                    (_("施工许可证编号"), said["permit"]),
                    (_("项目名称"), said["project"]),
                    (_("建设地点"), said["place"]),
                    (_("建设规模"), said["size"]),
                    (_("工程分类"), said["trade"]),
                    (_("合同价款（元）"), money.format_yuan(said["price_fen"])),
                    (_("合同工期（天）"), str(said["days"])),
                    (_("项目经理"), said["manager"]),
                    (_("危险性较大的分部分项工程"), said["dangerous"]),
                ],
            ),
            sheet.facts(_("参与方"), said["parties"]),
        ],
        notes=[
            _("本证放置施工现场，作为准予施工的凭证。"),
            _("自发证之日起三个月内应予开工，逾期应申请延期；既不开工又不延期的，本证自行废止。"),
        ],
        record=said["record"] | {"price_fen": said["price_fen"]},
    )


def build_acceptance(ref: forms.CaseRef) -> dict[str, Any]:
    """What the acceptance report says."""
    case = Works.objects.get(pk=int(ref.pk))
    project = Project.objects.get(number=case.project_number)
    registered = clock.legal_date(project.registered_at) if project.registered_at else None
    at = clock.now()
    return _acceptance(
        case.name,
        registered=registered.isoformat() if registered else "",
        permit=case.permit_number,
        drawings=listed(drawings.certificates(case.project_number)),
        started=case.started_on.isoformat() if case.started_on else "",
        parties=_parties(case),
        papers=[
            (citing.label("completion_paper", p["kind"], at), p["number"], p["issued_on"])
            for p in case.completion_papers
        ],
        warranty=[
            (str(label), str(getattr(case, name)))
            for name, label in WARRANTY.items()
            if getattr(case, name)
        ],
        record={"works_number": case.number, "round": case.acceptance_round},
    )


def _acceptance(name: str, **said: Any) -> dict[str, Any]:
    return sheet.data(
        name,
        lead=[_("建设、施工、监理、勘察、设计五方对本工程进行竣工验收，一致认为验收合格。")],
        blocks=[
            sheet.facts(
                _("工程"),
                [
                    (_("报建日期"), said["registered"]),
                    (_("施工许可证编号"), said["permit"]),
                    (_("审查合格书编号"), said["drawings"]),
                    (_("开工日期"), said["started"]),
                ],
            ),
            sheet.facts(_("参与方"), said["parties"]),
            sheet.facts(_("质量保修期限"), said["warranty"]),
            sheet.table(_("验收文件"), [_("文件种类"), _("文号"), _("日期")], said["papers"]),
        ],
        record=said["record"],
    )


_PARTIES = [
    ("建设单位", "哈尔滨示范置业有限公司（虚构）"),
    ("施工单位", "龙江示范建筑工程有限公司（虚构）"),
    ("监理单位", "方正示范监理有限公司（虚构）"),
    ("勘察单位", "示例勘察院有限公司（虚构）"),
    ("设计单位", "示例设计院有限公司（虚构）"),
]


def sample_permit() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return _permit(
        "松花江示范住宅小区一期工程",
        permit="230102202511240101",
        project="松花江示范住宅小区",
        place="黑龙江省哈尔滨市道里区示范大街 1 号",
        size="住宅 8 栋，45,600 平方米",
        trade="一般工业与民用建筑工程",
        price_fen=12_345_678_900,
        days=540,
        manager="示例甲",
        parties=_PARTIES,
        dangerous="基坑工程、脚手架工程",
        record={"works_number": "2301022511240101-W01", "permit_number": "230102202511240101"},
    )


def sample_acceptance() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return _acceptance(
        "松花江示范住宅小区一期工程",
        registered="2025-11-24",
        permit="230102202511240101",
        drawings="2301022511240101-TX-001",
        started="2026-03-01",
        parties=_PARTIES,
        warranty=[("地基基础和主体结构保修期（年）", "50")],
        papers=[("工程质量保修书", "示例保字第 1 号", "2028-05-31")],
        record={"works_number": "2301022511240101-W01", "round": 1},
    )


forms.register(
    forms.DocumentForm(
        code=PERMIT,
        title=gettext_lazy("建筑工程施工许可证"),
        template=sheet.TEMPLATE,
        version=1,
        build=build_permit,
        sample=sample_permit,
        signers=(forms.SignerRule("permit_officer", gettext_lazy("发证人员")),),
        authority=True,
        article=ARTICLE_PERMIT,
        sources=(
            forms.Source(gettext_lazy("施工许可条件"), "《建筑法》第八条", "statute_text"),
            forms.Source(
                gettext_lazy("许可证编号规则"),
                gettext_noop("建筑工程施工许可证编号规则"),
                "web_page",
            ),
        ),
        public=True,
        subject="subject",
    )
)
forms.register(
    forms.DocumentForm(
        code=ACCEPTANCE,
        title=gettext_lazy("建设工程竣工验收报告"),
        template=sheet.TEMPLATE,
        version=1,
        build=build_acceptance,
        sample=sample_acceptance,
        signers=(
            forms.SignerRule("owner_clerk", gettext_lazy("建设单位")),
            forms.SignerRule("contractor_clerk", gettext_lazy("施工单位")),
            forms.SignerRule("chief_supervisor", gettext_lazy("监理单位")),
            forms.SignerRule("survey_clerk", gettext_lazy("勘察单位")),
            forms.SignerRule("design_clerk", gettext_lazy("设计单位")),
        ),
        article=ARTICLE_ACCEPTANCE,
        sources=(forms.Source(gettext_lazy("竣工验收条件"), ARTICLE_ACCEPTANCE, "statute_text"),),
        public=True,
        subject="subject",
    )
)
