"""The completion filing of one works."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.projects.filing.machine import COMPLETION_FILING

__all__ = ["CompletionFiling"]


class CompletionFiling(ProjectCase):
    """Accepted works before the filing authority."""

    machine: ClassVar[Machine] = COMPLETION_FILING

    works_id = models.BigIntegerField(_("单位工程"), unique=True)
    works_number = models.CharField(_("单位工程编号"), max_length=40, db_index=True)
    contract_number = models.CharField(_("合同编号"), max_length=40)
    name = models.CharField(_("工程名称"), max_length=200)
    owner_uscc = models.CharField(_("建设单位"), max_length=18)
    contractor_uscc = models.CharField(_("施工单位"), max_length=18)
    # A list of projects.schemas.Paper as JSON.
    documents = models.JSONField(_("备案文件"), default=list, blank=True)
    residential = models.BooleanField(_("住宅工程"), default=False)
    performance = models.CharField(_("履约评价"), max_length=40, blank=True)
    performance_reasons = models.TextField(_("评价理由"), blank=True)
    # Set on day sixteen and never taken away: a late filing stays a late one.
    overdue = models.BooleanField(_("逾期"), default=False)
    # The fifteen days after the acceptance; empty once they have run out.
    submit_due_at = models.DateTimeField(_("递交备案期限"), null=True, blank=True)
    receipted_at = models.DateTimeField(_("收讫时间"), null=True, blank=True)
    filing_number = models.CharField(_("备案编号"), max_length=40, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    filed_by = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("备案机关"),
    )

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """How the case is called before and after it has its number."""
        return self.filing_number or f"BA{self.pk:08d}"

    @property
    def links(self) -> frozenset[str]:
        """The works."""
        return frozenset({f"procurement.works:{self.works_id}"})
