"""Words of the fields that acts on lots, plans and objections ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access.actors import Actor
from kernel.parties.models import Organisation
from kernel.web.schema_forms import Words
from procurement.projects.selectors import public_register
from procurement.tendering import fact_loader, needs
from procurement.tendering.award.rules import FOUND_VOID
from procurement.tendering.models import TenderPlan
from procurement.tendering.objections.rules import LOT_STATES
from procurement.tendering.selectors import public_register as lots
from procurement.tendering.words import PARTS


def projects_of(_case: Any, actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    """Registered projects: the owner's own; an agency may name any."""
    found = public_register().filter(state="registered")
    if actor.role == "owner_clerk":
        found = found.filter(owner__uscc=actor.uscc)
    return [(row.number, f"{row.number} {row.name}") for row in found[:200]]


def _plans(_case: Any, actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    own = TenderPlan.objects.filter(state="announced")
    own = own.filter(owner_uscc=actor.uscc) | own.filter(agency_uscc=actor.uscc)
    return [(str(plan.pk), plan.reference) for plan in own.order_by("pk")[:200]]


def _bills(_case: Any, actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    return needs.tender_bills(actor.uscc)


def _agencies(_case: Any, _actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    found = Organisation.objects.filter(memberships__role="agency_clerk").distinct()
    return [(row.uscc, f"{row.name} {row.uscc}") for row in found.order_by("name")]


def _objectionable(_case: Any, actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    """Published lots that stand where somebody may object; the newest first."""
    states = {state for stage in LOT_STATES.values() for state in stage}
    found = lots().filter(state__in=states).exclude(owner_uscc=actor.uscc)
    return [(lot.number, f"{lot.number} {lot.name}") for lot in found[:500]]


def _cause_that_was_found(case: Any, _actor: Actor, _at: datetime) -> str:
    return FOUND_VOID if fact_loader.found_void(case) else ""


def _own_code(case: Any, actor: Actor, _at: datetime) -> str:
    """An agency that opens a lot names itself."""
    if case is not None:
        return str(case.agency_uscc)
    return actor.uscc if actor.role == "agency_clerk" else ""


_FILE = _("PDF、JPEG、PNG、XLSX 或 XML，不超过 20 MB")
_PROJECT, _PRICE, _QUALIFIED = _("项目与标段"), _("价格与担保"), _("投标人资格")
_TIME, _JUDGED, _REST = _("时间"), _("评标"), _("其他")

LOT_FIELDS = {
    "project_number": Words(_("项目"), options=projects_of, group=_PROJECT),
    "plan": Words(_("招标计划"), options=_plans, group=_PROJECT),
    "name": Words(_("标段名称"), group=_PROJECT),
    "kind": Words(_("招标类别"), options="tender_kind", group=_PROJECT),
    "epc": Words(_("工程总承包"), help=_("设计、施工一并发包"), group=_PROJECT),
    "method": Words(_("发包方式"), options="tender_method", group=_PROJECT),
    "override_number": Words(
        _("批准文件文号"), help=_("依法必须公开招标而采用其他方式的，填写批准文件"), group=_PROJECT
    ),
    "override_sha256": Words(_("批准文件"), help=_FILE, group=_PROJECT),
    "invited": Words(
        _("受邀单位"), help=_("邀请招标时，每行填写一个统一社会信用代码"), group=_PROJECT
    ),
    "agency_uscc": Words(
        _("招标代理机构"), help=_("自行招标的不选"), initial=_own_code, options=_agencies,
        group=_PROJECT,
    ),
    "agency_engagement": Words(_("委托合同编号"), group=_PROJECT),
    "retender_of": Words(
        _("重新招标的原标段"), help=_("重新招标的，填写原标段编号"), group=_PROJECT
    ),
    "scope": Words(_("招标范围"), group=_PROJECT),
    "estimate_fen": Words(_("合同估算价"), group=_PRICE),
    "ceiling_price_fen": Words(_("最高投标限价"), group=_PRICE),
    # 《招标投标法实施条例》第二十七条: there is none, so no page asks for one.
    "minimum_price_fen": Words(_("最低投标限价"), asked=False),
    "bill_sha256": Words(
        _("工程量清单"), help=_("没有可选的，先在工作台导入本项目的招标工程量清单"),
        options=_bills, group=_PRICE,
    ),
    "period_days": Words(_("工期（日历天）"), group=_TIME),
    "quality": Words(_("质量要求"), group=_QUALIFIED),
    "qualification_trade": Words(_("资质类别"), options="qualification_trade", group=_QUALIFIED),
    "qualification_grade": Words(_("资质等级"), options="qualification_grade", group=_QUALIFIED),
    "qualification_text": Words(_("投标人资格要求"), group=_QUALIFIED),
    "building_height_m": Words(
        _("建筑高度（米）"),
        help=_("工程规模，取整数；填写后，资质等级不够承包的不能投标"),
        group=_QUALIFIED,
    ),
    "structure_height_m": Words(_("构筑物高度（米）"), group=_QUALIFIED),
    "area_m2": Words(_("单体建筑面积（平方米）"), group=_QUALIFIED),
    "span_m": Words(_("单跨跨度（米）"), group=_QUALIFIED),
    "length_m": Words(_("长度（米）"), group=_QUALIFIED),
    "sale_ends_at": Words(
        _("招标文件获取截止"), help=_("自公告之日起不少于五日"), group=_TIME
    ),
    "bid_deadline_at": Words(
        _("投标截止时间"), help=_("自招标文件发出之日起不少于二十日"), group=_TIME
    ),
    "bid_validity_days": Words(_("投标有效期（天）"), group=_TIME),
    "security_fen": Words(
        _("投标保证金"), help=_("不超过估算价的百分之二；不要求的留空"), group=_PRICE
    ),
    "accepts_guarantee": Words(_("接受保函"), group=_PRICE),
    "evaluation_method": Words(_("评标办法"), options="evaluation_method", group=_JUDGED),
    "price_points": Words(_("报价分值"), group=_JUDGED),
    "technical_points": Words(_("技术分值"), group=_JUDGED),
    "commercial_points": Words(_("商务分值"), group=_JUDGED),
    "credit_points": Words(_("信用分值"), group=_JUDGED),
    "factors": Words(
        _("可抽取的下浮系数（%）"), help=_("每行填写一个，开标时抽取其中之一"), group=_JUDGED
    ),
    "slope_above": Words(_("高于基准价每1%扣分"), group=_JUDGED),
    "slope_below": Words(_("低于基准价每1%扣分"), group=_JUDGED),
    "criteria": Words(_("评分项目"), help=_("各部分项目分值之和应等于该部分分值")),
    "criteria.part": Words(_("部分"), options=lambda *_args: list(PARTS.items())),
    "criteria.name": Words(_("评分项目名称")),
    "criteria.points": Words(_("分值")),
    "scored_awards": Words(
        _("计分的奖项、业绩"), help=_("限于特定地区或者行业的，不得计分")
    ),
    "scored_awards.name": Words(_("名称")),
    "scored_awards.scope": Words(_("范围"), options="award_scope"),
    "scored_awards.points": Words(_("分值")),
    "evaluation_text": Words(_("评标标准"), group=_JUDGED),
    "contract_text": Words(_("主要合同条款"), group=_REST),
    "publicity_days": Words(_("公示天数"), help=_("不少于三日"), group=_TIME),
    "standard_text": Words(_("标准招标文件"), options="standard_text", group=_REST),
    "documents": Words(_("招标文件组成"), help=_("公告后向社会公开")),
    "documents.kind": Words(_("种类"), options="tender_file"),
    "documents.name": Words(_("名称")),
    "documents.file_sha256": Words(_("文件"), help=_FILE),
    "contact": Words(_("联系方式"), group=_REST),
    # Clarification, retender, publicity, award.
    "text": Words(_("内容"), help=_("写明事实、理由和依据")),
    "affects_bids": Words(
        _("可能影响投标文件编制"),
        help=_("影响的，距投标截止不足十五日时须同时顺延"),
        initial=lambda *_args: True,
    ),
    "approval_number": Words(
        _("批准文件文号"), help=_("两次招标失败后改变发包方式的，填写批准文件文号")
    ),
    "objection_channel": Words(
        _("异议渠道"), help=_("受理异议的联系人和联系方式"),
        initial=lambda case, *_args: case.contact if case else "",
    ),
    "late_reason": Words(_("公示逾期原因"), help=_("自收到评标报告之日起超过三日的填写")),
    "cause": Words(
        _("情形"), options="next_candidate_cause", initial=_cause_that_was_found,
        help=_("投标已被行政监督部门认定无效的，情形、理由和文件以决定为准"),
    ),
    "file_sha256": Words(_("证明文件"), help=_FILE),
}  # fmt: skip

PLAN_FIELDS = {
    "project_number": Words(_("项目"), options=projects_of),
    "agency_uscc": Words(
        _("招标代理机构"), help=_("自行招标的不选"), initial=_own_code, options=_agencies
    ),
    "lots": Words(_("拟招标的标段")),
    "lots.name": Words(_("标段名称")),
    "lots.kind": Words(_("招标类别"), options="tender_kind"),
    "lots.estimate_fen": Words(_("合同估算价")),
    "lots.month": Words(_("公告年月"), help=_("例如 2026-03")),
}

OBJECTION_FIELDS = {
    "lot_number": Words(_("标段"), options=_objectionable),
    "stage": Words(_("异议阶段"), options="objection_stage"),
    # Of the objection and of its answer: an answer never begins with what was objected.
    "text": Words(_("内容"), help=_("写明事实、理由和依据"), initial=lambda *_args: None),
    "file_sha256": Words(_("证明材料"), help=_FILE),
    "interest": Words(
        _("利害关系"), help=_("没有投标而对评标结果提出异议的，写明与评标结果的利害关系")
    ),
    "interest_sha256": Words(_("利害关系证明"), help=_FILE),
    "upheld": Words(_("异议成立"), help=_("成立的，应当澄清、更正或者重新评审")),
}
