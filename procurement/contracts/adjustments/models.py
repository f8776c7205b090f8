"""A price adjustment under a contract."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT

__all__ = ["PriceAdjustment"]


class PriceAdjustment(ProjectCase):
    """A price adjustment. amount_fen below zero is in the owner's favour."""

    machine: ClassVar[Machine] = PRICE_ADJUSTMENT

    number = models.CharField(_("调整编号"), max_length=60, unique=True)
    contract_id = models.BigIntegerField()
    contract_number = models.CharField(_("合同编号"), max_length=40, db_index=True)
    owner_uscc = models.CharField(_("发包人"), max_length=18, db_index=True)
    contractor_uscc = models.CharField(_("承包人"), max_length=18, db_index=True)
    supervision_uscc = models.CharField(_("监理单位"), max_length=18, db_index=True)
    works_name = models.CharField(_("工程名称"), max_length=200)
    period = models.CharField(_("调整期间"), max_length=200)
    # information, index or quantity.
    way = models.CharField(_("调整方法"), max_length=20)
    # The proposal (schemas.ProposePayload) as JSON.
    proposal = models.JSONField(default=dict)
    risk_percent = models.DecimalField(
        _("风险幅度（%）"), max_digits=5, decimal_places=2, default=0
    )
    amount_fen = models.BigIntegerField(_("调整金额（元）"), default=0)
    payment_number = models.CharField(_("列入付款"), max_length=60, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.works_name} {self.period}"

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number

    @property
    def links(self) -> frozenset[str]:
        """The contract whose prices it adjusts."""
        return frozenset({f"procurement.contract:{self.contract_id}"})
