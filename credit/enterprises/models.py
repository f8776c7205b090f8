"""Enterprises as the market knows them, their licences, what they have built."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.enterprises.corrections.models import Correction
from credit.enterprises.declarations.models import AchievementClaim, FinanceSummary
from credit.enterprises.machine import LICENCE
from credit.enterprises.national.models import NationalImport, NationalRecord
from credit.enterprises.relations.models import EnterpriseRelation
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case

__all__ = [
    "Achievement", "AchievementClaim", "ArchiveChange", "Correction", "Enterprise",
    "EnterpriseRelation", "FinanceSummary", "Licence", "MachineHeld",
    "NationalImport", "NationalRecord", "WageMonth",
]  # fmt: skip


class Enterprise(models.Model):
    """An enterprise of the archive. Everything that qualifies or bars it hangs on its code."""

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, primary_key=True)
    name = models.CharField(_("企业名称"), max_length=200)
    # Where it is registered, as its code says; whose officers keep it is another thing.
    region = models.CharField(_("注册地（区划）"), max_length=6, blank=True)
    kept_in = models.CharField(_("建档地（区划）"), max_length=6, blank=True)
    entered_at = models.DateTimeField(_("入档时间"))
    # The register's own extract, for a code of which not every check character holds.
    registry_sha256 = models.CharField(max_length=64, blank=True)

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
    # Of a personal certificate: which one it is; trade is then the trade it is registered for.
    certificate = models.CharField(_("人员证书种类"), max_length=40, blank=True)
    # The holder's identity number: shown masked to those entitled, never to everybody.
    holder_id = models.CharField(_("公民身份号码"), max_length=18, blank=True)
    issuer = models.CharField(_("发证机关"), max_length=200)
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"))
    # The first instant at which it is no longer valid: 24:00 of its last day.
    ends_at = models.DateTimeField(_("失效时间"))
    proof = models.CharField(_("核验等级"), max_length=40)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["number"], name="licence_by_number")]
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
    """A contract on record as proven (level A), and its works when they were filed. Money in fen.

    Written from the platform's own events and from an authority's feed; what an enterprise
    declares is an AchievementClaim and stays one.
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
    # Since when it is none of this enterprise's: the register gave its contract to another.
    ended_at = models.DateTimeField(null=True)
    # ``platform``, or the table of the feed and its key.
    source = models.CharField(_("来源"), max_length=120, default="platform")

    class Meta:
        ordering = ("-signed_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["uscc", "contract_number"], name="achievement_once")
        ]


class ArchiveChange(models.Model):
    """One field of the archive that changed: append-only, the database itself sees to it.

    entry: what of the enterprise (``licence:17``). source: the event, feed or request that
    changed it. level: how far the new content is proven (A, B, C).
    """

    uscc = models.CharField(max_length=18, db_index=True)
    entry = models.CharField(max_length=80)
    title = models.CharField(_("档案内容"), max_length=200, blank=True)
    field = models.CharField(_("字段"), max_length=80)
    old = models.CharField(_("原内容"), max_length=200, blank=True)
    new = models.CharField(_("新内容"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("变更时间"))
    source = models.CharField(_("来源"), max_length=120)
    level = models.CharField(_("核验等级"), max_length=2)

    class Meta:
        ordering = ("-changed_at", "-pk")
        constraints = [
            # An event that is delivered twice changes nothing twice.
            models.UniqueConstraint(fields=["source", "entry", "field"], name="archive_change_once")
        ]


class MachineHeld(models.Model):
    """A lifting machine as its registry last told of it."""

    machine_id = models.BigIntegerField(primary_key=True)
    number = models.CharField(_("备案编号"), max_length=60)
    kind = models.CharField(_("机械种类"), max_length=40)
    model = models.CharField(_("型号"), max_length=200)
    owner_uscc = models.CharField(max_length=18, db_index=True)
    user_uscc = models.CharField(max_length=18, blank=True, db_index=True)
    site_number = models.CharField(max_length=60, blank=True)
    inspected_until = models.DateField(_("检验有效期至"), null=True)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("machine_id",)


class WageMonth(models.Model):
    """A payroll of an enterprise's site and month as labour last told of it. Money in fen."""

    payroll_id = models.BigIntegerField(primary_key=True)
    uscc = models.CharField(max_length=18, db_index=True)
    month = models.CharField(_("工资月份"), max_length=7)
    workers = models.PositiveIntegerField(_("人数"))
    total_fen = models.BigIntegerField(_("应发工资（元）"))
    # confirmed, paid or overdue; what is paid late was overdue first.
    state = models.CharField(max_length=12)
    was_overdue = models.BooleanField(default=False)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("-month", "payroll_id")
