"""Visits to a site and the hazards found there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.site.machine import HAZARD, SITE_VISIT

__all__ = ["Hazard", "SiteVisit"]

# Roles of those who build there.
ON_SITE = ("project_manager", "worker")


class _OnSite(ProjectCase):
    """What every case of a site knows of its works."""

    works_number = models.CharField(_("单位工程编号"), max_length=40, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200)
    owner_uscc = models.CharField(_("建设单位"), max_length=18)
    contractor_uscc = models.CharField(_("施工单位"), max_length=18)
    supervision_uscc = models.CharField(_("监理单位"), max_length=40, blank=True)
    # A list of site.schemas.Photo as JSON.
    photos = models.JSONField(_("照片"), default=list, blank=True)

    class Meta:
        abstract = True


class SiteVisit(_OnSite):
    """A visit: which parts were looked at and what was found."""

    machine: ClassVar[Machine] = SITE_VISIT

    visitor_uscc = models.CharField(_("检查单位"), max_length=18)
    visited_on = models.DateField(_("检查日期"))
    # Codes of inspection_area.
    areas = models.JSONField(_("检查内容"), default=list)
    findings = models.TextField(_("检查情况"))

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.works_name

    @property
    def reference(self) -> str:
        """How the visit is called."""
        return f"JC{self.pk:08d}"


class Hazard(_OnSite):
    """One hazard of one site. Money in fen."""

    machine: ClassVar[Machine] = HAZARD

    visit_id = models.BigIntegerField(_("现场检查"), null=True, blank=True)
    found_by = models.CharField(_("发现单位"), max_length=18)
    found_as = models.CharField(_("发现人角色"), max_length=40, blank=True)
    finder_id = models.BigIntegerField(_("发现人"), null=True, blank=True)
    found_on = models.DateField(_("发现日期"))
    area = models.CharField(_("检查分项"), max_length=40)
    place = models.CharField(_("部位"), max_length=200)
    description = models.TextField(_("隐患情况"))
    criterion = models.CharField(_("判定标准"), max_length=40, blank=True)
    grade = models.CharField(_("等级"), max_length=10, blank=True)
    article = models.CharField(_("判定依据"), max_length=200, blank=True)
    opinion = models.TextField(_("定级意见"), blank=True)
    notice_number = models.CharField(_("通知书编号"), max_length=40, blank=True)
    graded_by = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("定级单位"),
    )
    graded_as = models.CharField(_("定级人角色"), max_length=40, blank=True)
    responsible = models.CharField(_("责任人"), max_length=200, blank=True)
    measure = models.TextField(_("整改措施"), blank=True)
    money_fen = models.BigIntegerField(_("整改资金（元）"), null=True, blank=True)
    rectify_by_on = models.DateField(_("整改时限"), null=True, blank=True)
    rectify_due_at = models.DateTimeField(_("整改期限"), null=True, blank=True)
    plan = models.TextField(_("应急预案"), blank=True)
    rectified_photos = models.JSONField(_("整改照片"), default=list, blank=True)
    result = models.TextField(_("整改情况"), blank=True)
    rechecked_on = models.DateField(_("复查合格日期"), null=True, blank=True)
    conclusion = models.TextField(_("复查结论"), blank=True)
    decision_number = models.CharField(_("处罚决定书文号"), max_length=200, blank=True)
    fine_fen = models.BigIntegerField(_("罚款（元）"), default=0)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grade__in=["", "general", "major"]), name="hazard_grade"
            )
        ]

    def __str__(self) -> str:
        return self.description[:60]

    @property
    def reference(self) -> str:
        """How the hazard is called before and after there is a notice."""
        return self.notice_number or f"YH{self.pk:08d}"

    @property
    def self_reported(self) -> bool:
        """Whether those on the site reported it themselves: nobody caught them at it."""
        return self.found_as in ON_SITE

    @property
    def rule_subject(self) -> dict[str, Any]:
        """The grade, for rules that differ by it."""
        return {"grade": self.grade} if self.grade else {}
