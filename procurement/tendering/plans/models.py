"""The tender plan: what an owner intends to put out, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.tendering.plans.machine import PLAN

__all__ = ["TenderPlan"]


class TenderPlan(ProjectCase):
    """A plan (招标计划) of a project's lots. lots: schemas.PlannedLot rows."""

    machine: ClassVar[Machine] = PLAN

    owner_uscc = models.CharField(_("招标人"), max_length=18, db_index=True)
    agency_uscc = models.CharField(_("招标代理机构"), max_length=40, blank=True)
    lots = models.JSONField(_("拟招标的标段"), default=list, blank=True)
    announced_at = models.DateTimeField(_("公布时间"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The project's number and the plan's own."""
        return f"{self.project_number}-JH{self.pk or 0:02d}"
