"""The contract: who builds what for whom, at what price and on which terms."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.contracts.machine import CONTRACT
from procurement.contracts.states import DEAD

__all__ = ["Contract"]


def percent(label: Any) -> Any:
    """A column of hundredths with two decimals; null while it is not agreed."""
    return models.DecimalField(label, max_digits=5, decimal_places=2, null=True, blank=True)


class Contract(ProjectCase):
    """A construction contract. Money in fen; percents with two decimals."""

    machine: ClassVar[Machine] = CONTRACT

    number = models.CharField(_("合同编号"), max_length=40, unique=True)
    lot_id = models.BigIntegerField(_("标段主键"), default=0)
    lot_ref = models.CharField(max_length=60, blank=True)
    lot_number = models.CharField(_("标段编号"), max_length=40, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200, blank=True)
    owner_uscc = models.CharField(_("发包人"), max_length=18, db_index=True)
    contractor_uscc = models.CharField(_("承包人"), max_length=18, db_index=True)
    supervision_uscc = models.CharField(_("监理单位"), max_length=18, blank=True, db_index=True)
    price_fen = models.BigIntegerField(_("签约合同价（元）"), default=0)
    provisional_fen = models.BigIntegerField(_("其中暂列金额（元）"), default=0)
    period_days = models.PositiveIntegerField(_("工期（日历天）"), default=0)
    quality = models.CharField(_("质量标准"), max_length=200, blank=True)
    project_manager = models.CharField(_("项目经理"), max_length=200, blank=True)
    boq_standard = models.CharField(_("计价标准"), max_length=40, blank=True)
    bill_sha256 = models.CharField(_("合同清单哈希"), max_length=64, blank=True)
    quantity_option = models.CharField(_("工程量偏差计价方式"), max_length=40, blank=True)
    adjustment = models.CharField(_("价差调整方法"), max_length=40, blank=True)
    risk_percent = percent(_("风险幅度（%）"))
    prepayment_percent = percent(_("预付款比例（%）"))
    progress_percent = percent(_("进度款比例（%）"))
    retention_percent = percent(_("质量保证金比例（%）"))
    performance_percent = percent(_("履约担保比例（%）"))
    wage_percent = percent(_("人工费用比例（%）"))
    defect_months = models.PositiveIntegerField(_("缺陷责任期（月）"), default=0)
    owner_kind = models.CharField(_("付款人类别"), max_length=40, blank=True)
    contractor_is_sme = models.BooleanField(_("承包人为中小企业"), default=False)
    government_money = models.BooleanField(_("政府投资项目"), default=False)
    silence_accepts = models.BooleanField(_("约定逾期视为认可结算"), default=False)
    audit_basis = models.BooleanField(_("以审计结果为结算依据"), default=False)
    late_interest_percent = percent(_("约定逾期年利率（%）"))

    awarded_at = models.DateTimeField(_("中标通知书发出"), null=True)
    sign_by = models.DateTimeField(_("签订期限"), null=True)
    # Each draft that goes out for signature has a number of its own.
    draft_round = models.PositiveIntegerField(default=0)
    signed_at = models.DateTimeField(_("签订时间"), null=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    registered_at = models.DateTimeField(_("登记时间"), null=True)
    # [{"subject", "number", "signed_on", "summary", "file_sha256"}, …]
    # Of the decision by which the winning bid, and the award with it, is void.
    void_document = models.CharField(
        _("认定中标无效的决定"), max_length=120, blank=True, default=""
    )
    supplements = models.JSONField(_("补充协议"), default=list)
    accepted_on = models.DateField(_("竣工验收"), null=True)
    works_ref = models.CharField(max_length=60, blank=True)
    settlement_round = models.PositiveIntegerField(default=0)
    settlement_deemed_at = models.DateTimeField(null=True)
    settlement_papers_sha256 = models.CharField(max_length=64, blank=True)
    claimed_fen = models.BigIntegerField(_("报送结算价（元）"), default=0)
    checked_fen = models.BigIntegerField(_("审定结算价（元）"), default=0)
    disputed_fen = models.BigIntegerField(_("争议金额（元）"), default=0)
    settled_fen = models.BigIntegerField(_("结算价（元）"), default=0)
    settled_at = models.DateTimeField(_("结算确认"), null=True)
    retention_fen = models.BigIntegerField(_("质量保证金（元）"), default=0)
    retention_due_at = models.DateTimeField(_("返还期限"), null=True)
    retention_receipts = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["lot_number"],
                condition=~models.Q(state__in=DEAD),
                name="contract_lot_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(price_fen__gte=0, settled_fen__gte=0, retention_fen__gte=0),
                name="contract_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.works_name or self.number

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number

    @property
    def links(self) -> frozenset[str]:
        """The lot that it was awarded by, and the works once they were accepted."""
        return frozenset({self.lot_ref, self.works_ref} - {""})
