"""The lifting machine: what it is, where it stands, until when it may be used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from equipment.registry.machine import MACHINE
from kernel.identifiers.spelling import folded
from kernel.workflow.machines import Machine
from kernel.workflow.models import Case

__all__ = ["LiftingMachine"]


def plate_key(maker: str, serial: str) -> str:
    """What makes two plates one machine, however they are copied.

    >>> plate_key("示例重工", "S-1 2") == plate_key("示例 重工", "ｓ—12")
    True
    """
    return f"{folded(maker, dashes=False)}|{folded(serial, dashes=False)}"


class _PlateKey(models.CharField):  # type: ignore[type-arg]
    """Written with the row, however that is sent: the plate in the spelling that is compared."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Its own where it has one: two that were one before are kept apart by it."""
        if not getattr(model_instance, self.attname):
            key = plate_key(model_instance.maker, model_instance.serial)
            setattr(model_instance, self.attname, key)
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        """To the database a text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class LiftingMachine(Case):
    """A tower crane or hoist. Capacity in kN·m, rent in fen a day."""

    machine: ClassVar[Machine] = MACHINE

    number = models.CharField(_("备案编号"), max_length=40, blank=True)
    owner_uscc = models.CharField(_("产权单位"), max_length=18, db_index=True)
    owner_name = models.CharField(_("产权单位"), max_length=200)
    region = models.CharField(_("产权单位注册地（区划）"), max_length=6)
    kind = models.CharField(_("设备种类"), max_length=40)
    model = models.CharField(_("型号"), max_length=200)
    maker = models.CharField(_("制造单位"), max_length=200)
    serial = models.CharField(_("出厂编号"), max_length=200)
    # As it is compared: one spelling of the maker and of the serial on the plate.
    plate_key = _PlateKey(max_length=400, default="", editable=False, db_index=True)
    special_licence = models.CharField(_("制造许可证编号"), max_length=200)
    capacity_knm = models.PositiveIntegerField(_("额定起重力矩（千牛·米）"))
    manufactured_on = models.DateField(_("出厂日期"))
    purchased_on = models.DateField(_("购置日期"))
    life_ends_on = models.DateField(_("使用年限至"))
    # The first instant at which its life is over and it leaves the market.
    life_over_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(_("停放地点"), max_length=200, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    papers = models.JSONField(_("备案文件"), default=list, blank=True)
    filed_at = models.DateTimeField(_("备案时间"), null=True, blank=True)
    daily_rent_fen = models.BigIntegerField(_("日租金（元）"), default=0)
    free_from = models.DateField(_("可租日期"), null=True, blank=True)
    # Of the present hire; empty while it stands in its yard.
    hire_id = models.BigIntegerField(null=True, blank=True)
    project_number = models.CharField(_("项目编号"), max_length=20, blank=True, db_index=True)
    site_number = models.CharField(_("工程编号"), max_length=40, blank=True, db_index=True)
    site_region = models.CharField(_("工地（区划）"), max_length=6, blank=True)
    contractor_uscc = models.CharField(_("使用单位"), max_length=18, blank=True)
    supervision_uscc = models.CharField(_("监理单位"), max_length=18, blank=True)
    installer_uscc = models.CharField(_("安装单位"), max_length=18, blank=True)
    hired_until = models.DateField(_("租期至"), null=True, blank=True)
    notified_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    plan_number = models.CharField(_("专项方案编号"), max_length=200, blank=True)
    test_report = models.CharField(_("检验报告编号"), max_length=200, blank=True)
    # The first instant at which the inspection no longer holds.
    inspection_ends_at = models.DateTimeField(_("检验有效期至"), null=True, blank=True)
    acceptance_number = models.CharField(_("联合验收编号"), max_length=200, blank=True)
    use_number = models.CharField(_("使用登记编号"), max_length=40, blank=True)
    operators = models.JSONField(_("作业人员"), default=list, blank=True)
    # The first instant at which a trade that is needed has nobody with a certificate.
    operators_end_at = models.DateTimeField(_("作业人员证书有效期至"), null=True, blank=True)
    # Worn out for ever, deregistered since or not.
    scrapped = models.BooleanField(default=False)
    # What stopped its use: inspection, operators or order.
    blocked_by = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="machine_number_unique"
            ),
            models.UniqueConstraint(
                fields=["plate_key"],
                condition=~models.Q(plate_key="")
                & (~models.Q(state="deregistered") | models.Q(scrapped=True)),
                name="machine_serial_unique",
            ),
            models.UniqueConstraint(
                fields=["use_number"],
                condition=~models.Q(use_number=""),
                name="machine_use_number_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.serial}"

    @property
    def reference(self) -> str:
        """How it is called before and after it has its number."""
        return self.number or f"SB{self.pk:08d}"

    @property
    def project_ref(self) -> str:
        """The project on whose site it stands."""
        return self.project_number

    @property
    def rule_region(self) -> str:
        """Rules of the site where it stands, else of its home."""
        return self.site_region or self.region
