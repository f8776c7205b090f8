"""A change of the works under a contract."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.contracts.variations.machine import VARIATION

__all__ = ["Variation"]


class Variation(ProjectCase):
    """A variation. Money in fen, below zero where less is built."""

    machine: ClassVar[Machine] = VARIATION

    number = models.CharField(_("变更编号"), max_length=60, unique=True)
    contract_id = models.BigIntegerField()
    contract_number = models.CharField(_("合同编号"), max_length=40, db_index=True)
    owner_uscc = models.CharField(_("发包人"), max_length=18, db_index=True)
    contractor_uscc = models.CharField(_("承包人"), max_length=18, db_index=True)
    supervision_uscc = models.CharField(_("监理单位"), max_length=18, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200)
    title = models.CharField(_("变更事项"), max_length=200)
    reason_code = models.CharField(_("变更原因"), max_length=40)
    description = models.TextField(_("变更说明"), blank=True)

    instruction_number = models.CharField(_("指令编号"), max_length=200, blank=True)
    instructed_on = models.DateField(_("指令日期"), null=True)
    supervision_notice = models.CharField(_("监理通知编号"), max_length=200, blank=True)
    drawing_number = models.CharField(_("图纸编号"), max_length=200, blank=True)
    drawing_sha256 = models.CharField(max_length=64, blank=True)
    major_design = models.BooleanField(_("重大设计变更"), default=False)
    review_number = models.CharField(_("重新审查编号"), max_length=200, blank=True)

    # Lists of schemas.Valued as JSON: as valued, and as checked.
    items = models.JSONField(_("估价明细"), default=list)
    checked_items = models.JSONField(_("审核明细"), default=list)
    valued_fen = models.BigIntegerField(_("报送价款（元）"), default=0)
    checked_fen = models.BigIntegerField(_("审核价款（元）"), default=0)
    approved_fen = models.BigIntegerField(_("批准价款（元）"), default=0)
    # What of it is paid as a change; items that the bill has are paid when they are measured.
    payable_fen = models.BigIntegerField(_("按变更支付（元）"), default=0)
    extra_days = models.PositiveIntegerField(_("顺延工期（天）"), default=0)
    extra_approval = models.CharField(_("追加批准文件"), max_length=200, blank=True)
    silence_approves = models.BooleanField(default=False)
    deemed_at = models.DateTimeField(null=True)
    payment_number = models.CharField(_("列入付款"), max_length=60, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number

    @property
    def links(self) -> frozenset[str]:
        """The contract that it changes."""
        return frozenset({f"procurement.contract:{self.contract_id}"})
