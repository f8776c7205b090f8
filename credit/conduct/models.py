"""The conduct record: one act of one enterprise, by one document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.conduct.machine import RECORD
from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase

__all__ = ["ConductRecord"]


class ConductRecord(ProjectCase):
    """What an enterprise did, good or bad, what decided it, and how long it is shown."""

    machine: ClassVar[Machine] = RECORD

    number = models.CharField(_("记录编号"), max_length=40)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    name = models.CharField(_("企业名称"), max_length=200)
    item = models.CharField(_("评价项"), max_length=60)
    # minor, ordinary or serious: decides how long it is shown. Empty for good conduct.
    severity = models.CharField(_("轻重"), max_length=20, blank=True)
    fact = models.TextField(_("事实"))
    article = models.CharField(_("依据"), max_length=200, blank=True)
    occurred_on = models.DateField(_("发生日期"))
    document_number = models.CharField(_("文书编号"), max_length=200)
    document_sha256 = models.CharField(max_length=64, blank=True)
    decided_by = models.CharField(_("作出决定的单位"), max_length=200)
    source = models.CharField(max_length=60, blank=True)
    verified_by = models.BigIntegerField(_("核对人"), default=0)
    # The act that one officer proposed and another has still to confirm; empty where none waits.
    proposed = models.CharField(_("提议的处理"), max_length=20, blank=True)
    proposed_by = models.BigIntegerField(_("提议人"), default=0)
    proposal_reason = models.TextField(_("提议理由"), blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    shown_until = models.DateTimeField(_("公示至"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~models.Q(source=""), name="conduct_source_once"
            ),
            models.UniqueConstraint(
                fields=["uscc", "item", "document_number"],
                condition=~models.Q(state="revoked"),
                name="conduct_fact_once",
            ),
            models.UniqueConstraint(fields=["number"], name="conduct_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number
