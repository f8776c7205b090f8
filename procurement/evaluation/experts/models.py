"""Tables of the bank of experts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import Case
from procurement.evaluation.experts.machine import EXPERT

__all__ = ["Expert"]


class Expert(Case):
    """A person of the expert bank. region: where they live and work (GB/T 2260)."""

    machine: ClassVar[Machine] = EXPERT

    person = models.OneToOneField("kernel.Person", on_delete=models.PROTECT, related_name="+")
    # Whom the platform calls: the organisation that keeps the bank, for which they act.
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    # Given when they are admitted.
    code = models.CharField(_("专家编号"), max_length=20, blank=True)
    specialties: Any = models.JSONField(_("评标专业"), default=list)
    region = models.CharField(_("所在地"), max_length=6)
    # Where they work and worked: rows of schemas.Employment; what was told is never taken away.
    employments: Any = models.JSONField(_("任职单位"), default=list)
    practised_on = models.DateField(_("从业起始日期"), null=True, blank=True)
    title = models.CharField(_("职称或专业水平"), max_length=40, blank=True)
    title_number = models.CharField(_("证书编号"), max_length=200, blank=True)
    title_sha256 = models.CharField(_("证书或证明文件"), max_length=64, blank=True)
    punishments = models.TextField(_("处罚记录"), blank=True)
    # Where an officer looked the record up, last.
    record = models.CharField(_("处罚记录查询"), max_length=200, blank=True)
    admitted_on = models.DateField(_("入库日期"), null=True, blank=True)
    valid_until = models.DateField(_("聘期至"), null=True, blank=True)
    # When what was proposed lapses undecided, counted from the newest; None where nothing waits.
    proposal_lapses_at = models.DateTimeField(_("提议失效时间"), null=True, blank=True)
    # Why it stands as it does: declined, suspended, removed, and by which document.
    reason = models.TextField(_("理由"), blank=True)
    document_number = models.CharField(_("文书编号"), max_length=200, blank=True)

    class Meta:
        ordering = ("code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="expert_code"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The expert's code, once there is one."""
        return self.code or f"ZJ-{self.pk}"

    @property
    def rule_region(self) -> str:
        """Rules of the place where they live and work."""
        return self.region
