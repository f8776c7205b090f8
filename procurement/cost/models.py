"""Stored bills: what was stated, by identity, and its items, which contracts measure against."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Bill", "BillItem"]


class Bill(models.Model):
    """A bill of quantities as it was read; never changed. Totals in fen, null where not stated.

    sha256: identity of the content, and the address of its canonical JSON in the file storage.
    file_sha256: the file that it came in, empty where it came in none.
    """

    class Kind(models.TextChoices):
        """Whose bill it is, and what for."""

        TENDER = "tender", _("招标工程量清单")
        CEILING = "ceiling", _("最高投标限价")
        BID = "bid", _("已标价工程量清单")
        CONTRACT = "contract", _("合同工程量清单")

    kind = models.CharField(_("清单类别"), max_length=8, choices=Kind.choices)
    standard = models.CharField(_("计价标准"), max_length=20)
    sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    project_name = models.CharField(_("项目名称"), max_length=200)
    taxation = models.CharField(_("计税方法"), max_length=8)
    # schemas.Header as JSON: tool, lock serial, machine ids, file uid, as the file states them.
    header = models.JSONField(default=dict)
    item_count = models.PositiveIntegerField(_("清单项目数"))
    items_fen = models.BigIntegerField(_("分部分项合计（元）"), null=True)
    measures_fen = models.BigIntegerField(_("措施合计（元）"), null=True)
    others_fen = models.BigIntegerField(_("其他合计（元）"), null=True)
    vat_fen = models.BigIntegerField(_("增值税（元）"), null=True)
    total_fen = models.BigIntegerField(_("总价（元）"), null=True)
    created_at = models.DateTimeField(_("入库时间"))

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["sha256", "kind"], name="bill_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["tender", "ceiling", "bid", "contract"]),
                name="bill_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(standard__in=["gbt50500-2024", "gb50500-2013"]),
                name="bill_standard_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:12]}"


class BillItem(models.Model):
    """An item of a stored bill. quantity_e4: ten-thousandths; money in fen, null where unstated."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveIntegerField()
    unit_number = models.CharField(_("单位工程编号"), max_length=200)
    unit_name = models.CharField(_("单位工程"), max_length=200)
    trade = models.CharField(_("专业"), max_length=12)
    section_number = models.CharField(_("分部编号"), max_length=200)
    code = models.CharField(_("项目编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=200)
    features = models.TextField(_("项目特征"), blank=True)
    measure_unit = models.CharField(_("计量单位"), max_length=200)
    quantity_e4 = models.BigIntegerField(_("工程量"))
    price_fen = models.BigIntegerField(_("综合单价（元）"), null=True)
    amount_fen = models.BigIntegerField(_("合价（元）"), null=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["bill", "place"], name="bill_item_place"),
            models.CheckConstraint(
                condition=models.Q(quantity_e4__gte=0), name="bill_item_quantity"
            ),
        ]
        indexes = [models.Index(fields=["bill", "code"], name="bill_item_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
