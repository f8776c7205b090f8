"""The lot: what is put out to tender, and what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.tendering.bills.models import TenderBill
from procurement.tendering.machine import LOT
from procurement.tendering.objections.models import Objection
from procurement.tendering.plans.models import TenderPlan

__all__ = ["Lot", "Objection", "TenderBill", "TenderPlan"]


def _text(label: Any, longest: int = 200) -> models.CharField[str, str]:
    return models.CharField(label, max_length=longest, blank=True)


def _fen(label: Any) -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(label, default=0)


def _count(label: Any) -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(label, default=0)


def _moment(label: Any) -> models.DateTimeField[Any, Any]:
    return models.DateTimeField(label, null=True, blank=True)


class Lot(ProjectCase):
    """One lot (标段) with its tender documents. Money in fen; form columns as in LotPayload."""

    machine: ClassVar[Machine] = LOT

    # <project number>-<2-digit serial>, given when the lot is opened.
    number = models.CharField(_("标段编号"), max_length=24, unique=True)
    owner_uscc = models.CharField(_("招标人"), max_length=18, db_index=True)

    # The form (schemas.LotPayload).
    plan = models.BigIntegerField(_("招标计划"), default=0)
    name = _text(_("标段名称"))
    kind = _text(_("招标类别"), 40)
    epc = models.BooleanField(_("工程总承包"), default=False)
    method = _text(_("发包方式"), 40)
    override_number = _text(_("批准文件文号"))
    override_sha256 = _text(_("批准文件"), 64)
    invited = models.JSONField(_("受邀单位"), default=list, blank=True)
    agency_uscc = models.CharField(_("招标代理机构"), max_length=40, blank=True, db_index=True)
    agency_engagement = _text(_("委托合同编号"))
    retender_of = models.CharField(_("重新招标的原标段"), max_length=24, blank=True, db_index=True)
    scope = models.TextField(_("招标范围"), blank=True)
    estimate_fen = _fen(_("合同估算价"))
    ceiling_price_fen = _fen(_("最高投标限价"))
    minimum_price_fen = _fen(_("最低投标限价"))
    bill_sha256 = _text(_("工程量清单"), 64)
    period_days = _count(_("工期（日历天）"))
    quality = _text(_("质量要求"))
    qualification_trade = _text(_("资质类别"), 40)
    qualification_grade = _text(_("资质等级"), 40)
    qualification_text = models.TextField(_("投标人资格要求"), blank=True)
    # How large the works are: a bidder's grade must be allowed to build that.
    building_height_m = _count(_("建筑高度（米）"))
    structure_height_m = _count(_("构筑物高度（米）"))
    area_m2 = _count(_("单体建筑面积（平方米）"))
    span_m = _count(_("单跨跨度（米）"))
    length_m = _count(_("长度（米）"))
    sale_ends_at = _moment(_("招标文件获取截止"))
    bid_deadline_at = _moment(_("投标截止时间"))
    bid_validity_days = _count(_("投标有效期（天）"))
    security_fen = _fen(_("投标保证金"))
    accepts_guarantee = models.BooleanField(_("接受保函"), default=False)
    evaluation_method = _text(_("评标办法"), 40)
    price_points = _count(_("报价分值"))
    technical_points = _count(_("技术分值"))
    commercial_points = _count(_("商务分值"))
    credit_points = _count(_("信用分值"))
    factors = models.JSONField(_("可抽取的下浮系数（%）"), default=list, blank=True)
    slope_above = _text(_("高于基准价每1%扣分"), 8)
    slope_below = _text(_("低于基准价每1%扣分"), 8)
    criteria = models.JSONField(_("评分项目"), default=list, blank=True)
    scored_awards = models.JSONField(_("计分的奖项、业绩"), default=list, blank=True)
    evaluation_text = models.TextField(_("评标标准"), blank=True)
    contract_text = models.TextField(_("主要合同条款"), blank=True)
    publicity_days = _count(_("公示天数"))
    standard_text = _text(_("标准招标文件"), 40)
    documents = models.JSONField(_("招标文件组成"), default=list, blank=True)
    contact = _text(_("联系方式"))

    # What became of it.
    published_at = _moment(_("公告发布时间"))
    # The running clock of the sale; empty once it has closed.
    sale_clock_at = _moment(_("获取截止时钟"))
    policy_sha256 = _text(_("开标方案"), 64)
    # [{"serial", "at", "text", "affects_bids", "documents", "bid_deadline_at"}]
    clarifications = models.JSONField(_("澄清"), default=list, blank=True)
    paused_at = _moment(_("暂停时间"))
    suspended_from = _text(_("暂停时的阶段"), 20)
    closed_at = _moment(_("截标时间"))
    live_bids = models.PositiveIntegerField(_("有效投标份数"), null=True, blank=True)
    closing_list_sha256 = _text(_("开标清单"), 64)
    opened_bids_at = _moment(_("开标时间"))
    evaluation_id = models.BigIntegerField(_("评标"), default=0)
    reported_at = _moment(_("评标报告时间"))
    publicity_start_due_at = _moment(_("公示开始期限"))
    # needs.Candidate rows as they were made public; losers: [credit code, name].
    candidates = models.JSONField(_("中标候选人"), default=list, blank=True)
    losers = models.JSONField(_("未列为候选人的投标人"), default=list, blank=True)
    candidate_rank = models.PositiveIntegerField(_("当前候选人排名"), default=0)
    # [{"rank", "uscc", "cause", "reason", "file_sha256", "at"}] of candidates that fell out.
    passed_over = models.JSONField(_("顺延情形"), default=list, blank=True)
    objection_channel = _text(_("异议渠道"))
    late_reason = models.TextField(_("公示逾期原因"), blank=True)
    publicity_serial = _count(_("公示次数"))
    publicised_at = _moment(_("公示开始"))
    publicity_ends_at = _moment(_("公示结束"))
    winner_uscc = models.CharField(_("中标人"), max_length=18, blank=True, db_index=True)
    award_price_fen = _fen(_("中标价"))
    awarded_at = _moment(_("中标通知书时间"))
    report_due_at = _moment(_("书面报告期限"))
    award_reported_at = _moment(_("书面报告时间"))
    contract_number = _text(_("合同编号"), 40)
    failures = _count(_("失败次数"))
    failed_reason = models.TextField(_("失败原因"), blank=True)
    retender_approval = _text(_("变更发包方式批准文件"))

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["state", "region", "changed_at"], name="lot_desk"),
            models.Index(fields=["published_at", "id"], name="lot_register"),
        ]
        constraints = [
            # Two lots that would follow the same failed one: the guard refuses one of them.
            models.UniqueConstraint(
                fields=["retender_of"],
                condition=~models.Q(retender_of="") & ~models.Q(state="terminated"),
                name="lot_retender_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    estimate_fen__gte=0, ceiling_price_fen__gte=0, security_fen__gte=0
                ),
                name="lot_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.number

    @property
    def reference(self) -> str:
        """The lot's number."""
        return self.number

    @property
    def rule_subject(self) -> dict[str, Any]:
        """What chooses between rows: tender documents, and works alone or anything else."""
        construction = self.kind == "works" and not self.epc
        return {"documents": "tender", "tender_kind": "construction" if construction else "other"}

    @property
    def links(self) -> frozenset[str]:
        """Its plan, its evaluation, the lot it follows: what its acts rest on."""
        found = {f"procurement.tender_plan:{self.plan}"} if self.plan else set()
        if self.evaluation_id:
            found.add(f"procurement.evaluation:{self.evaluation_id}")
        return frozenset(found)

    @property
    def evaluation_parameters(self) -> dict[str, Any]:
        """Marks by part, drawable factors (percent) and slopes, decimals as text."""
        return {
            "points": {
                "price": self.price_points,
                "technical": self.technical_points,
                "commercial": self.commercial_points,
                "credit": self.credit_points,
            },
            "factors": list(self.factors),
            "slope_above": self.slope_above,
            "slope_below": self.slope_below,
        }
