"""Enterprises as the market knows them, their licences, what they have built."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.enterprises.machine import LICENCE
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case

__all__ = ["Achievement", "Enterprise", "Licence"]


class Enterprise(models.Model):
    """An enterprise of the archive. Everything that qualifies or bars it hangs on its code."""

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, primary_key=True)
    name = models.CharField(_("企业名称"), max_length=200)
    region = models.CharField(_("注册地（区划）"), max_length=6, blank=True)
    entered_at = models.DateTimeField(_("入档时间"))

    class Meta:
        ordering = ("uscc",)

    def __str__(self) -> str:
        return self.name


class Licence(Case):
    """A licence, qualification or personal certificate that an enterprise holds."""

    machine: ClassVar[Machine] = LICENCE

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    region = models.CharField(_("登记部门（区划）"), max_length=6)
    kind = models.CharField(_("证照种类"), max_length=40)
    number = models.CharField(_("证书编号"), max_length=200)
    trade = models.CharField(_("资质类别"), max_length=40, blank=True)
    grade = models.CharField(_("资质等级"), max_length=40, blank=True)
    holder = models.CharField(_("持证人"), max_length=200, blank=True)
    issuer = models.CharField(_("发证机关"), max_length=200)
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"))
    # The first instant at which it is no longer valid: 24:00 of its last day.
    ends_at = models.DateTimeField(_("失效时间"))
    proof = models.CharField(_("核验等级"), max_length=40)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "holder"],
                condition=models.Q(state="valid"),
                name="licence_number_unique",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """The number that its issuer gave it."""
        return self.number


class Achievement(models.Model):
    """A contract that an enterprise signed here, and its works when they were filed. Money in fen.

    Written from events of procurement only: nobody declares achievements.
    """

    uscc = models.CharField(max_length=18, db_index=True)
    contract_number = models.CharField(_("合同编号"), max_length=60)
    project_number = models.CharField(_("项目编号"), max_length=20)
    name = models.CharField(_("工程名称"), max_length=200)
    manager = models.CharField(_("项目经理"), max_length=80, blank=True)
    price_fen = models.BigIntegerField(_("合同价（元）"))
    signed_on = models.DateField(_("签订日期"))
    filed_on = models.DateField(_("竣工验收备案日期"), null=True)
    performance = models.CharField(_("履约评价"), max_length=40, blank=True)

    class Meta:
        ordering = ("-signed_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["uscc", "contract_number"], name="achievement_once")
        ]
