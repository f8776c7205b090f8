"""The drawing review: one set of drawings before one review centre."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.projects.drawings.machine import DRAWING_REVIEW

__all__ = ["DrawingReview"]


class DrawingReview(ProjectCase):
    """Construction drawings of a project on their way to a certificate."""

    machine: ClassVar[Machine] = DRAWING_REVIEW

    owner_uscc = models.CharField(_("建设单位"), max_length=18)
    reviewer_uscc = models.CharField(_("审查机构"), max_length=40)
    survey_uscc = models.CharField(_("勘察单位"), max_length=40, blank=True)
    design_uscc = models.CharField(_("设计单位"), max_length=40, blank=True)
    name = models.CharField(_("送审内容"), max_length=200)
    # A code of drawing_scale; how long the review may take depends on it.
    scale = models.CharField(_("工程规模"), max_length=40)
    # Lists of projects.schemas.Paper and of texts, as JSON.
    documents = models.JSONField(_("送审文件"), default=list)
    opinions = models.JSONField(_("审查意见"), default=list, blank=True)
    conclusion = models.TextField(_("审查结论"), blank=True)
    certificate_number = models.CharField(_("审查合格书编号"), max_length=40, blank=True)
    reviewed_by = models.ForeignKey(
        "kernel.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审查机构"),
    )
    passed_on = models.DateField(_("合格日期"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """How the case is called before and after it has its certificate."""
        return self.certificate_number or f"SC{self.pk:08d}"

    @property
    def rule_subject(self) -> dict[str, Any]:
        """The kind of works decides between ten and fifteen working days."""
        return {"kind": self.scale}
