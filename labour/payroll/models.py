"""The payroll of a crew's month on a site. Kept as it is: nothing here is ever removed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from labour.payroll.machine import PAYROLL

__all__ = ["Payroll"]


class Payroll(ProjectCase):
    """Who is due what. Sums in fen.

    lines: dicts of worker, person, name, unit, days, amount (decimal texts), rate_fen, gross_fen,
    deductions_fen, net_fen, note, attended (days at the gate when it was listed), settles (whether
    its worker may agree that it is all that is due for the month), agreed (whether the worker did),
    confirmed_at, disputed, receipt. people: keys of the
    persons, between commas.
    """

    machine: ClassVar[Machine] = PAYROLL

    number = models.CharField(_("工资表编号"), max_length=40)
    site_number = models.CharField(_("工程编号"), max_length=40, db_index=True)
    site_name = models.CharField(_("工程名称"), max_length=200)
    contract_number = models.CharField(_("合同编号"), max_length=60, db_index=True)
    contractor_uscc = models.CharField(_("施工总承包单位"), max_length=18, db_index=True)
    contractor_name = models.CharField(_("施工总承包单位"), max_length=200)
    crew_uscc = models.CharField(_("用工单位"), max_length=18, db_index=True)
    crew_name = models.CharField(_("用工单位"), max_length=200)
    team = models.CharField(_("班组"), max_length=200)
    month = models.CharField(_("工资月份"), max_length=7)
    # Of the same team and month: 0 the first, then those that pay the rest.
    sequence = models.PositiveSmallIntegerField(default=0)
    bank_uscc = models.CharField(_("开户银行"), max_length=18)
    bank_name = models.CharField(_("开户银行"), max_length=200)
    lines: Any = models.JSONField(_("工资明细"), default=list)
    people = models.TextField(_("工人"), default="")
    gross_fen = models.BigIntegerField(_("应发合计（元）"), default=0)
    net_fen = models.BigIntegerField(_("实发合计（元）"), default=0)
    # The first instant at which it is late; empty once it fell overdue.
    due_at = models.DateTimeField(_("应付至"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("逾期自"), null=True, blank=True)
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    clash_note = models.TextField(_("考勤冲突的处理"), blank=True)
    batch_number = models.CharField(_("代发批次"), max_length=60, blank=True)
    paid_on = models.DateField(_("发放日期"), null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["site_number", "crew_uscc", "team", "month", "sequence"],
                name="payroll_once",
            ),
            models.CheckConstraint(
                condition=models.Q(net_fen__gte=0, gross_fen__gte=models.F("net_fen")),
                name="payroll_sums",
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
        """The workers' places that it pays."""
        return frozenset(f"labour.worker:{line['worker']}" for line in self.lines)
