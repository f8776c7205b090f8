"""The registration certificate (报建登记证): what it says and who signs it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel import clock, money
from kernel.documents import forms
from kernel.identifiers import regions
from procurement.projects import selectors
from procurement.projects.models import Project

FORM = "procurement.project.registration_certificate"


def build(case: forms.CaseRef) -> dict[str, Any]:
    """The certificate's data, as the case stands when it is drafted."""
    project = Project.objects.select_related("owner", "registered_by").get(pk=int(case.pk))
    at = project.registered_at or clock.now()
    return {
        "project_number": project.number,
        "project_code": project.project_code,
        "name": project.name,
        "owner": project.owner.name,
        "owner_uscc": project.owner.uscc,
        "place": regions.full_name(project.region, on=clock.legal_date(at)),
        "address": project.address,
        "project_class": selectors.label("project_class", project.project_class, at),
        "nature": selectors.label("construction_nature", project.nature, at),
        "approval_kind": selectors.label("investment_kind", project.approval_kind, at),
        "total_investment_fen": project.total_investment_fen,
        "total_investment": money.format_yuan(project.total_investment_fen),
        "total_investment_words": money.capitals(project.total_investment_fen),
        "floor_area_m2": project.floor_area_m2,
        "planned_start_on": project.planned_start_on.isoformat()
        if project.planned_start_on
        else "",
        "planned_end_on": project.planned_end_on.isoformat() if project.planned_end_on else "",
        "manager": project.manager_name,
        "registered_on": clock.legal_date(at).isoformat(),
        "funding": [
            {
                "source": selectors.label("funding_source", item["source"], at),
                "amount": money.format_yuan(item["amount_fen"]),
            }
            for item in project.funding
        ],
        "papers": [
            {
                "kind": selectors.label("project_paper", item["kind"], at),
                "number": item["number"],
                "issued_on": item["issued_on"],
            }
            for item in project.papers
        ],
        "parties": [
            {
                "role": selectors.label("project_party", item["role"], at),
                "name": item["name"],
                "uscc": item["uscc"],
            }
            for item in project.parties
        ],
    }


def sample() -> dict[str, Any]:
    """Invented data for previews and contract tests."""
    return {
        "project_number": "2301022511240101",
        "project_code": "2511-230102-04-01-123456",
        "name": "松花江示范住宅小区一期工程",
        "owner": "哈尔滨示范置业有限公司（虚构）",
        "owner_uscc": "91230102MA00000009",
        "place": "黑龙江省哈尔滨市道里区",
        "address": "示范大街 1 号",
        "project_class": "房屋建筑工程",
        "nature": "新建",
        "approval_kind": "备案",
        "total_investment_fen": 12_345_678_900,
        "total_investment": "123,456,789.00",
        "total_investment_words": "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整",
        "floor_area_m2": 45_600,
        "planned_start_on": "2026-03-01",
        "planned_end_on": "2028-06-30",
        "manager": "示例甲",
        "registered_on": "2025-11-24",
        "funding": [{"source": "企业自筹", "amount": "123,456,789.00"}],
        "papers": [
            {
                "kind": "用地批准手续或不动产权证书",
                "number": "示例地字第 1 号",
                "issued_on": "2025-09-01",
            },
            {"kind": "规划许可证", "number": "示例规字第 1 号", "issued_on": "2025-10-01"},
        ],
        "parties": [
            {"role": "设计单位", "name": "示例设计院有限公司（虚构）", "uscc": "91230100MA00000001"}
        ],
    }


forms.register(
    forms.DocumentForm(
        code=FORM,
        title=_("工程建设项目报建登记证"),
        template="procurement/projects/registration_certificate.html",
        version=1,
        build=build,
        sample=sample,
        signers=(forms.SignerRule("registration_officer", _("受理人员")),),
        authority=True,
        article="《工程建设项目报建管理办法》第4条",
        sources=(
            forms.Source(
                _("报建登记"), "《工程建设项目报建管理办法》第4条", "remembered_uncertain"
            ),
            forms.Source(
                _("项目编号的编码规则"),
                gettext_noop("全国建筑市场监管公共服务平台编码规则"),
                "remembered_uncertain",
            ),
        ),
        public=True,
        subject="name",
        sign_within="project.registration.certificate_sign",
    )
)
