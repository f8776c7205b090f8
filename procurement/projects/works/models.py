"""Works: one permit unit of a project under one contract."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.projects.works.machine import WORKS

__all__ = ["Works"]


class Works(ProjectCase):
    """A building under one contract, from its signing until everything is done. Money in fen."""

    machine: ClassVar[Machine] = WORKS

    # <project number>-W<serial>: the number of the site for everybody else.
    number = models.CharField(_("单位工程编号"), max_length=24, unique=True)
    name = models.CharField(_("工程名称"), max_length=200)
    contract_id = models.BigIntegerField(_("合同"))
    contract_number = models.CharField(_("合同编号"), max_length=40, db_index=True)
    owner_uscc = models.CharField(_("建设单位"), max_length=18)
    contractor_uscc = models.CharField(_("施工单位"), max_length=18)
    supervision_uscc = models.CharField(_("监理单位"), max_length=40, blank=True)
    survey_uscc = models.CharField(_("勘察单位"), max_length=40, blank=True)
    design_uscc = models.CharField(_("设计单位"), max_length=40, blank=True)
    project_manager = models.CharField(_("项目经理"), max_length=80, blank=True)
    price_fen = models.BigIntegerField(_("合同价款（元）"))
    period_days = models.PositiveIntegerField(_("合同工期（天）"))
    size = models.CharField(_("建设规模"), max_length=200, blank=True)
    # A code of permit_trade; the permit's number ends with it.
    trade = models.CharField(_("工程分类"), max_length=40, blank=True)
    # Lists of projects.schemas.Paper, works.schemas.Leader and DangerousWork as JSON.
    papers = models.JSONField(_("申请文件"), default=list, blank=True)
    leaders = models.JSONField(_("五方项目负责人"), default=list, blank=True)
    dangerous = models.JSONField(_("危险性较大的分部分项工程"), default=list, blank=True)
    no_dangerous = models.BooleanField(_("无危险性较大的分部分项工程"), default=False)
    completion_papers = models.JSONField(_("验收文件"), default=list, blank=True)
    # Of the warranty; empty where the works have no such part.
    design_life_years = models.PositiveSmallIntegerField(_("设计使用年限"), null=True)
    warranty_structure_years = models.PositiveSmallIntegerField(_("主体结构保修期"), null=True)
    warranty_waterproofing_years = models.PositiveSmallIntegerField(_("防水保修期"), null=True)
    warranty_heating_seasons = models.PositiveSmallIntegerField(_("供热供冷保修期"), null=True)
    warranty_services_years = models.PositiveSmallIntegerField(_("安装装修保修期"), null=True)
    permit_number = models.CharField(_("施工许可证编号"), max_length=18, blank=True)
    permitted_on = models.DateField(_("发证日期"), null=True, blank=True)
    permitted_by = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发证机关"),
    )
    start_due_at = models.DateTimeField(_("应当开工的期限"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    started_on = models.DateField(_("开工日期"), null=True, blank=True)
    suspended_on = models.DateField(_("中止施工日期"), null=True, blank=True)
    # Stops that were reported after their month: never taken away.
    late_suspensions = models.PositiveSmallIntegerField(_("逾期报告中止施工"), default=0)
    acceptance_planned_on = models.DateField(_("计划验收日期"), null=True, blank=True)
    acceptance_notified_at = models.DateTimeField(_("通知监督机构时间"), null=True, blank=True)
    acceptance_round = models.PositiveSmallIntegerField(_("第几次验收"), default=0)
    accepted_on = models.DateField(_("竣工验收日期"), null=True, blank=True)
    station_reported_on = models.DateField(_("监督报告日期"), null=True, blank=True)
    station_conclusion = models.TextField(_("监督结论"), blank=True)
    station_breach = models.BooleanField(_("监督发现违规"), default=False)
    report_sha256 = models.CharField(_("监督报告"), max_length=64, blank=True)
    filing_id = models.BigIntegerField(_("竣工备案"), null=True, blank=True)
    archive_due_at = models.DateTimeField(_("移交档案期限"), null=True, blank=True)
    archived_on = models.DateField(_("移交档案日期"), null=True, blank=True)
    archive_receipt = models.CharField(_("档案接收凭证"), max_length=200, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["permit_number"],
                condition=~models.Q(permit_number=""),
                name="works_permit_unique",
            ),
            models.CheckConstraint(condition=models.Q(price_fen__gte=0), name="works_price"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """The works' number."""
        return self.number

    @property
    def acceptance_number(self) -> str:
        """The number of the acceptance report of the present attempt."""
        return f"{self.number}-YS{self.acceptance_round:02d}"

    @property
    def links(self) -> frozenset[str]:
        """The contract that they are built under and the filing that they end with."""
        found = {f"procurement.contract:{self.contract_id}"}
        if self.filing_id:
            found.add(f"procurement.completion_filing:{self.filing_id}")
        return frozenset(found)
