"""What enterprises declare: works built elsewhere, and the figures of a year. Money in fen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.enterprises.declarations.machine import CLAIM, FINANCE, LEVELS, SHOWN
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case

__all__ = ["AchievementClaim", "FinanceSummary"]


class Declaration(Case):
    """What an enterprise says of itself, with the document that shows it."""

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    region = models.CharField(_("登记部门（区划）"), max_length=6)
    document_sha256 = models.CharField(_("证明材料"), max_length=64)
    document_number = models.CharField(_("原件编号"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def level(self) -> str:
        """How far it is proven: C declared, B checked; empty where it no longer counts."""
        return LEVELS.get(self.state, "")


class AchievementClaim(Declaration):
    """Works that an enterprise says it built elsewhere."""

    machine: ClassVar[Machine] = CLAIM

    contract_number = models.CharField(_("合同编号"), max_length=60)
    name = models.CharField(_("工程名称"), max_length=200)
    owner = models.CharField(_("建设单位"), max_length=200)
    manager = models.CharField(_("项目经理"), max_length=200, blank=True)
    price_fen = models.BigIntegerField(_("合同价（元）"))
    signed_on = models.DateField(_("签订日期"))
    completed_on = models.DateField(_("竣工日期"), null=True, blank=True)

    class Meta:
        ordering = ("-signed_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "contract_number"],
                condition=models.Q(state__in=SHOWN),
                name="achievement_claim_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The contract's number."""
        return self.contract_number


class FinanceSummary(Declaration):
    """The figures of one year of an enterprise."""

    machine: ClassVar[Machine] = FINANCE

    year = models.PositiveIntegerField(_("年度"))
    revenue_fen = models.BigIntegerField(_("营业收入（元）"))
    assets_fen = models.BigIntegerField(_("资产总额（元）"))
    liabilities_fen = models.BigIntegerField(_("负债总额（元）"))
    net_profit_fen = models.BigIntegerField(_("净利润（元）"))

    class Meta:
        ordering = ("-year", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "year"],
                condition=models.Q(state__in=SHOWN),
                name="finance_summary_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.uscc} {self.year}"

    @property
    def reference(self) -> str:
        """Its year."""
        return str(self.year)
