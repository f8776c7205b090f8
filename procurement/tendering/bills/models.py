"""The tender bill as a case: who brought which bill for which project."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from procurement.tendering.bills.machine import TENDER_BILL

__all__ = ["TenderBill"]


class TenderBill(ProjectCase):
    """A tender bill of a project. sha256: identity of what it says (``procurement.cost.Bill``).

    file_sha256: the file that it came in. notes: what the checks of the day of import found and
    what did not reject it, as refusals in plain JSON. Totals in fen, null where not stated.
    """

    machine: ClassVar[Machine] = TENDER_BILL

    owner_uscc = models.CharField(_("招标人"), max_length=18, db_index=True)
    agency_uscc = models.CharField(_("招标代理机构"), max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    file_sha256 = models.CharField(max_length=64)
    name = models.CharField(_("项目名称"), max_length=200)
    standard = models.CharField(_("计价标准"), max_length=20)
    item_count = models.PositiveIntegerField(_("清单项目数"), default=0)
    notes = models.JSONField(_("提示"), default=list, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["project_number", "sha256"],
                condition=models.Q(state="on_record"),
                name="tender_bill_once",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The project's number and the beginning of the bill's identity."""
        return f"{self.project_number}-{self.sha256[:12]}"
