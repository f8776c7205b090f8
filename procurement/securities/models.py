"""The security: a guarantee for a bid, a performance, a payment or wages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.securities.machine import SECURITY

__all__ = ["Security"]


class Security(ProjectCase):
    """A guarantee (保函). about: the number of the lot, contract or works. Money in fen."""

    machine: ClassVar[Machine] = SECURITY

    # Given at random: numbers in a row would tell how many mean to bid.
    id = models.BigIntegerField(primary_key=True, editable=False)
    kind = models.CharField(_("担保种类"), max_length=20)
    number = models.CharField(_("保函编号"), max_length=200)
    about = models.CharField(_("担保事项编号"), max_length=60, db_index=True)
    guarantor_uscc = models.CharField(_("担保机构"), max_length=18, db_index=True)
    principal_uscc = models.CharField(_("被保证人"), max_length=18, db_index=True)
    beneficiary_uscc = models.CharField(_("受益人"), max_length=18, db_index=True)
    amount_fen = models.BigIntegerField(_("担保金额"))
    valid_from = models.DateField(_("生效日"))
    valid_to = models.DateField(_("届满日"))
    file_sha256 = models.CharField(_("保函文件"), max_length=64, blank=True)
    issued_at = models.DateTimeField(_("出具时间"))
    lapses_at = models.DateTimeField(_("失效时间"))
    return_due_at = models.DateTimeField(_("退还期限"), null=True, blank=True)
    release_due_at = models.DateTimeField(_("解除担保期限"), null=True, blank=True)
    return_reason = models.CharField(_("退还事由"), max_length=40, blank=True)
    returned_at = models.DateTimeField(_("退还时间"), null=True, blank=True)
    interest_note = models.CharField(_("利息说明"), max_length=400, blank=True)
    claimed_fen = models.BigIntegerField(_("索赔金额"), default=0)
    claimed_at = models.DateTimeField(_("索赔时间"), null=True, blank=True)
    claim_reason = models.TextField(_("索赔理由"), blank=True)

    class Meta:
        ordering = ("-issued_at", "-pk")
        indexes = [models.Index(fields=["about", "kind", "principal_uscc"], name="security_about")]
        constraints = [
            models.UniqueConstraint(
                fields=["guarantor_uscc", "number"], name="security_number_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0, claimed_fen__gte=0)
                & models.Q(claimed_fen__lte=models.F("amount_fen")),
                name="security_amounts",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """The guarantor's own number."""
        return self.number
