"""A request that an entry of the archive be put right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.enterprises.corrections.machine import CORRECTION
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case

__all__ = ["Correction"]


class Correction(Case):
    """What somebody says is wrong in the archive, with a document, and what was decided."""

    machine: ClassVar[Machine] = CORRECTION

    number = models.CharField(_("申请编号"), max_length=40, unique=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    region = models.CharField(_("登记部门（区划）"), max_length=6)
    # What is wrong: ``licence:17``, and the column.
    entry = models.CharField(_("档案内容"), max_length=80, db_index=True)
    field = models.CharField(_("字段"), max_length=80)
    was = models.CharField(_("现有内容"), max_length=200, blank=True)
    should_be = models.CharField(_("应为"), max_length=200)
    says = models.TextField(_("说明"))
    document_sha256 = models.CharField(_("证明材料"), max_length=64)
    filed_by = models.BigIntegerField(_("申请人"))
    value = models.CharField(_("更正为"), max_length=200, blank=True)
    # Of a grave one: what one officer proposes it by, and who; another has to confirm it.
    evidence = models.CharField(_("核对依据"), max_length=40, blank=True)
    proposed_by = models.BigIntegerField(_("提议人"), default=0)
    reason = models.TextField(_("处理理由"), blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "field", "should_be"],
                condition=models.Q(state="filed"),
                name="correction_pending_once",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number
