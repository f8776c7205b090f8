"""A relation between two enterprises, as an officer recorded it from a document."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.enterprises.relations.machine import RELATION
from kernel import clock
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case

__all__ = ["EnterpriseRelation"]


class EnterpriseRelation(Case):
    """Two enterprises of which one head, holding or management makes one interest."""

    machine: ClassVar[Machine] = RELATION

    uscc = models.CharField(_("单位"), max_length=18, db_index=True)
    other_uscc = models.CharField(_("关联单位"), max_length=18, db_index=True)
    region = models.CharField(_("登记部门（区划）"), max_length=6)
    kind = models.CharField(_("关系种类"), max_length=40)
    source = models.CharField(_("依据"), max_length=200)
    file_sha256 = models.CharField(max_length=64, blank=True)
    since = models.DateField(_("起始日期"))
    # Its last day; empty while nobody knows of an end.
    until = models.DateField(_("终止日期"), null=True, blank=True)
    # Whether the register that says it is open to everybody.
    public = models.BooleanField(_("可公开"), default=False)
    ending_source = models.CharField(_("终止依据"), max_length=200, blank=True)
    ending_sha256 = models.CharField(max_length=64, blank=True)
    # Since when it counts, because another officer confirmed it; why one did not.
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    declined_because = models.TextField(_("不予确认的理由"), blank=True)
    # "" or a word of ``correcting``; what was proposed, by whom, and what it said before
    # each change.
    proposed = models.CharField(_("提议"), max_length=10, blank=True)
    proposal = models.JSONField(default=dict, blank=True)
    proposed_by = models.BigIntegerField(default=0)
    earlier = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "other_uscc", "kind"],
                condition=models.Q(state="in_force"),
                name="relation_once",
            )
        ]

    @property
    def reference(self) -> str:
        """Both codes."""
        return f"{self.uscc} - {self.other_uscc}"

    @property
    def ends_at(self) -> datetime | None:
        """When it stops to stand: after its last day, or at once where that has passed already."""
        return None if self.until is None else max(clock.end_of(self.until), self.changed_at)
