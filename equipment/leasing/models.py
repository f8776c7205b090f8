"""The hire of one machine for one site."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipment.leasing.machine import HIRE
from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase

__all__ = ["Hire"]


class Hire(ProjectCase):
    """Who hires which machine, for which site, from when until when. Rent in fen a day."""

    machine: ClassVar[Machine] = HIRE

    number = models.CharField(_("租赁编号"), max_length=40)
    lifting_machine = models.ForeignKey(
        "equipment.LiftingMachine", on_delete=models.PROTECT, related_name="hires"
    )
    machine_number = models.CharField(_("设备备案编号"), max_length=40)
    machine_name = models.CharField(_("设备"), max_length=200)
    lessor_uscc = models.CharField(_("产权单位"), max_length=18, db_index=True)
    lessor_name = models.CharField(_("产权单位"), max_length=200)
    contractor_uscc = models.CharField(_("承租单位"), max_length=18, db_index=True)
    contractor_name = models.CharField(_("承租单位"), max_length=200)
    supervision_uscc = models.CharField(max_length=18, blank=True)
    site_number = models.CharField(_("工程编号"), max_length=40)
    daily_rent_fen = models.BigIntegerField(_("日租金（元）"))
    from_on = models.DateField(_("租期自"))
    to_on = models.DateField(_("租期至"))
    contract_number = models.CharField(_("租赁合同编号"), max_length=200, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            # Whatever the code believes: one machine is in one hire at a time.
            models.UniqueConstraint(
                fields=["lifting_machine"],
                condition=models.Q(state="agreed"),
                name="hire_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__gt=models.F("from_on")), name="hire_period"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """Its number."""
        return self.number

    @property
    def links(self) -> frozenset[str]:
        """The machine that is hired."""
        return frozenset({f"equipment.machine:{self.lifting_machine_id}"})
