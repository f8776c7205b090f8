"""The objection: who has what against a lot, and what was answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.tendering.objections.machine import OBJECTION

__all__ = ["Objection"]


class Objection(ProjectCase):
    """An objection (异议) to the documents, the opening or the candidates of a lot."""

    machine: ClassVar[Machine] = OBJECTION

    lot_id = models.BigIntegerField(_("标段"), db_index=True)
    lot_number = models.CharField(_("标段编号"), max_length=24)
    stage = models.CharField(_("异议阶段"), max_length=20)
    raiser_uscc = models.CharField(_("异议人"), max_length=18, db_index=True)
    owner_uscc = models.CharField(_("招标人"), max_length=18)
    agency_uscc = models.CharField(_("招标代理机构"), max_length=40, blank=True)
    text = models.TextField(_("异议内容"))
    file_sha256 = models.CharField(_("证明材料"), max_length=64, blank=True)
    # Of somebody who objects to candidates without having bid.
    interest = models.TextField(_("利害关系"), blank=True)
    interest_sha256 = models.CharField(_("利害关系证明"), max_length=64, blank=True)
    raised_at = models.DateTimeField(_("提出时间"))
    answer_due_at = models.DateTimeField(_("答复期限"))
    answer = models.TextField(_("答复内容"), blank=True)
    upheld = models.BooleanField(_("异议成立"), default=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["lot_id", "state"], name="objection_lot")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The lot's number and the objection's own."""
        return f"{self.lot_number}-YY{self.pk:03d}"

    @property
    def links(self) -> frozenset[str]:
        """Its lot."""
        return frozenset({f"procurement.tender:{self.lot_id}"})
