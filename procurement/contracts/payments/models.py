"""A payment that a contractor asks for: measured, certified, approved, paid."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.contracts.payments.machine import PAYMENT, REVIEWED

__all__ = ["Payment"]


class Payment(ProjectCase):
    """One payment of a contract; see ``sums`` for how its columns are counted. Money in fen."""

    machine: ClassVar[Machine] = PAYMENT

    number = models.CharField(_("付款编号"), max_length=60, unique=True)
    contract_id = models.BigIntegerField()
    contract_number = models.CharField(_("合同编号"), max_length=40, db_index=True)
    owner_uscc = models.CharField(_("发包人"), max_length=18, db_index=True)
    contractor_uscc = models.CharField(_("承包人"), max_length=18, db_index=True)
    supervision_uscc = models.CharField(_("监理单位"), max_length=18, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200)
    kind = models.CharField(_("付款类别"), max_length=40)
    measured_to = models.DateField(_("计量截止"))
    # [{"code", "name", "quantity"}, …]: as asked for, and as certified.
    lines = models.JSONField(_("本期计量"), default=list)
    certified_lines = models.JSONField(_("审核计量"), default=list)
    # Numbers of the changes and adjustments that are paid with it.
    variations = models.JSONField(_("变更"), default=list)
    adjustments = models.JSONField(_("价差调整"), default=list)

    work_fen = models.BigIntegerField(_("完成工程价款（元）"), default=0)
    variations_fen = models.BigIntegerField(_("变更价款（元）"), default=0)
    adjustments_fen = models.BigIntegerField(_("价差调整（元）"), default=0)
    gross_fen = models.BigIntegerField(_("按比例应付（元）"), default=0)
    recovery_fen = models.BigIntegerField(_("扣回预付款（元）"), default=0)
    retention_fen = models.BigIntegerField(_("扣留保证金（元）"), default=0)
    owner_supplied_fen = models.BigIntegerField(_("扣甲供材料（元）"), default=0)
    penalties_fen = models.BigIntegerField(_("扣违约金（元）"), default=0)
    due_fen = models.BigIntegerField(_("本期应付（元）"), default=0)
    wages_fen = models.BigIntegerField(_("其中人工费用（元）"), default=0)

    approved_at = models.DateTimeField(_("批准时间"), null=True)
    pay_by = models.DateTimeField(_("付款期限"), null=True)
    # The first instant at which the contractor's priority for what is unpaid is lost.
    priority_until = models.DateTimeField(_("优先受偿权至"), null=True)
    overdue_since = models.DateField(_("逾期起算"), null=True)
    wage_account = models.CharField(_("工资专用账户"), max_length=200, blank=True)
    wage_receipts = models.JSONField(default=list)
    wages_paid_fen = models.BigIntegerField(_("已付人工费用（元）"), default=0)
    receipts = models.JSONField(_("银行回单"), default=list)
    # Without wages and interest.
    rest_paid_fen = models.BigIntegerField(_("已付余款（元）"), default=0)
    interest_fen = models.BigIntegerField(_("已付利息（元）"), default=0)
    disputed_fen = models.BigIntegerField(_("争议金额（元）"), default=0)
    paid_on = models.DateField(_("付清日期"), null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            # Two at once would be counted on the same sum so far.
            models.UniqueConstraint(
                fields=["contract_number"],
                condition=models.Q(state__in=REVIEWED),
                name="payment_one_under_review",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    wages_paid_fen__gte=0, rest_paid_fen__gte=0, interest_fen__gte=0,
                    wages_paid_fen__lte=models.F("due_fen") - models.F("rest_paid_fen"),
                )
                | models.Q(wages_paid_fen=0, rest_paid_fen=0),
                name="payment_within_due",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.works_name} {self.number}"

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number

    @property
    def links(self) -> frozenset[str]:
        """The contract that it is paid under."""
        return frozenset({f"procurement.contract:{self.contract_id}"})

    @property
    def paid_fen(self) -> int:
        """What was paid of what is due, wages included, interest not."""
        return int(self.wages_paid_fen + self.rest_paid_fen)
