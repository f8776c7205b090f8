"""A worker's place on a site, and the times at its gate."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.parties.models import Person
from kernel.workflow.machines import Machine
from kernel.workflow.models import ProjectCase
from labour.roster.machine import WORKER

__all__ = ["GateRecord", "Worker"]


class Worker(ProjectCase):
    """One person on one site. rate in fen a day or a piece.

    The identity number and the phone stand once, with the person.
    """

    machine: ClassVar[Machine] = WORKER

    number = models.CharField(_("名册编号"), max_length=40)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("工人")
    )
    site_number = models.CharField(_("工程编号"), max_length=40, db_index=True)
    site_name = models.CharField(_("工程名称"), max_length=200)
    contractor_uscc = models.CharField(_("施工总承包单位"), max_length=18, db_index=True)
    crew_uscc = models.CharField(_("用工单位"), max_length=18, db_index=True)
    crew_name = models.CharField(_("用工单位"), max_length=200)
    team = models.CharField(_("班组"), max_length=200)
    trade = models.CharField(_("工种"), max_length=60)
    wage_unit = models.CharField(_("计酬方式"), max_length=60)
    rate_fen = models.BigIntegerField(_("工资标准（元）"))
    contract_number = models.CharField(_("劳动合同编号"), max_length=200)
    contract_sha256 = models.CharField(max_length=64, blank=True)
    from_on = models.DateField(_("合同期自"))
    to_on = models.DateField(_("合同期至"))
    bank_name = models.CharField(_("开户银行"), max_length=200, blank=True)
    card_number = models.CharField(_("银行卡号"), max_length=23, blank=True)
    consented_at = models.DateTimeField(_("同意处理个人信息"), null=True, blank=True)
    face_consent = models.BooleanField(_("同意采集人脸"), default=False)
    method = models.CharField(_("核验方式"), max_length=60, blank=True)
    face_sha256 = models.CharField(max_length=64, blank=True)
    certificate_number = models.CharField(_("操作资格证书"), max_length=200, blank=True)
    certificate_valid_to = models.DateField(_("证书有效期至"), null=True, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    # The first instant at which the certificate no longer holds.
    certificate_ends_at = models.DateTimeField(null=True, blank=True)
    training_hours = models.PositiveIntegerField(_("教育学时"), default=0)
    training_score = models.PositiveIntegerField(_("考核成绩"), default=0)
    admitted_at = models.DateTimeField(_("准许进场时间"), null=True, blank=True)
    # The first instant at which the oldest month at the gate that is not paid is late.
    wages_due_at = models.DateTimeField(_("应付工资至"), null=True, blank=True)
    case_number = models.CharField(_("监察立案文号"), max_length=200, blank=True)
    paid_months = models.JSONField(_("已付工资月份"), default=list, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "site_number"],
                condition=~models.Q(state__in=["exited", "declined"]),
                name="worker_once_per_site",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """The number in the roster."""
        return self.number


class GateRecord(models.Model):
    """Once in and out. clash_with: the other site where the person was within the hour."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="gate")
    in_at = models.DateTimeField(_("进场"))
    out_at = models.DateTimeField(_("出场"))
    device = models.CharField(_("设备编号"), max_length=60, blank=True)
    reason = models.CharField(_("手工补记原因"), max_length=200, blank=True)
    clash_with = models.CharField(_("冲突工地"), max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("in_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["worker", "in_at"], name="gate_record_once"),
            models.CheckConstraint(
                condition=models.Q(out_at__gt=models.F("in_at")), name="gate_record_order"
            ),
        ]

    @property
    def day(self) -> date:
        """The legal day that it counts for."""
        return clock.legal_date(self.in_at)
