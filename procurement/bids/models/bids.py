"""Bids and their receipted versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.evidence.services import Placed
from kernel.workflow.machines import Machine
from procurement.bids.bid_machine import BID
from procurement.bids.models.base import LotCase, hash_field


class Bid(LotCase):
    """A bidder's bid for a lot. Its content is sealed; the columns below stay empty till then."""

    machine: ClassVar[Machine] = BID

    bidder_uscc = models.CharField(_("投标人"), max_length=18, db_index=True)
    bidder_name = models.CharField(_("投标人名称"), max_length=200, blank=True)
    bid_version = models.PositiveIntegerField(_("投标文件版本"), default=0)
    manifest_sha256 = hash_field(_("投标文件摘要"))
    policy_sha256 = hash_field(_("开启方案摘要"))
    received_at = models.DateTimeField(_("收到时间"))
    certificate_serial = models.CharField(_("证书序列号"), max_length=40, blank=True)
    unsealed_at = models.DateTimeField(_("开启时间"), null=True, blank=True)
    price_fen = models.BigIntegerField(_("投标报价（元）"), null=True, blank=True)
    period_days = models.PositiveIntegerField(_("工期（日历天）"), null=True, blank=True)
    quality = models.CharField(_("质量目标"), max_length=200, blank=True)
    project_manager = models.CharField(_("项目经理"), max_length=200, blank=True)
    bid_security = models.CharField(_("投标保证编号"), max_length=200, blank=True)
    bill_sha256 = hash_field(_("已标价清单摘要"))
    failure = models.CharField(_("未能开启的原因"), max_length=120, blank=True)
    # The credit certificate of the deadline, as schemas.CreditLine.
    credit = models.JSONField(_("信用评价"), default=dict, blank=True)
    reason = models.TextField(_("否决或无效的理由"), blank=True)
    # {"ground", "document_number", "file_sha256", "by", "on"}: by which a bid was found void.
    decision = models.JSONField(_("认定投标无效的决定"), default=dict, blank=True)
    score = models.PositiveIntegerField(_("得分（百分之一分）"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("名次"), null=True, blank=True)

    class Meta:
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(fields=["lot_number", "bidder_uscc"], name="bid_one_a_bidder"),
            models.CheckConstraint(
                condition=models.Q(price_fen__isnull=True) | models.Q(price_fen__gt=0),
                name="bid_price_positive",
            ),
        ]
        indexes = [models.Index(fields=["bidder_uscc", "state"], name="bid_of_bidder")]

    def __str__(self) -> str:
        return f"{self.lot_number} {self.bidder_name}".strip()

    @property
    def reference(self) -> str:
        """How the bid is called; the number says nothing about others."""
        return f"TB{self.pk:016d}"


class BidVersion(models.Model):
    """A version that got its receipt. Manifest, signature and receipt stay; the file may go."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    manifest = models.TextField()
    signature = models.BinaryField()
    manifest_sha256 = hash_field("")
    signature_sha256 = hash_field("")
    policy_sha256 = hash_field("")
    file_sha256 = hash_field("")
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    certificate_sha256 = hash_field("")
    certificate_serial = models.CharField(max_length=40)
    provisional = models.JSONField(default=list)
    # {envelope: [sealed share of each trustee, base64]}; emptied with the file.
    shares = models.JSONField(default=dict)
    # The file's name in the vault; empty once deleted.
    vault = models.CharField(max_length=32, blank=True)
    # Its name at the second keeper's, once it was copied there and compared hash for hash.
    keeper = models.CharField(max_length=160, blank=True)
    # Where the log has the receipt's entry; the receipt follows from it and is signed once.
    log_index = models.BigIntegerField()
    receipt = models.TextField(blank=True)
    receipt_p7s = models.BinaryField(default=bytes)
    withdrawal = models.TextField(blank=True)
    withdrawal_p7s = models.BinaryField(default=bytes)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_index = models.BigIntegerField(null=True)
    withdrawn_receipt = models.TextField(blank=True)
    withdrawn_receipt_p7s = models.BinaryField(default=bytes)
    # When the worker looks next at what the receipt still lacks (technical time); None: nothing.
    follow_up_at = models.DateTimeField(null=True)
    # Lot and bidder as its manifest has them, where it was just read; no column.
    names: tuple[str, str] | None = None
    # Its entry of the log with its proof, where it was just written; no column.
    placed: Placed | None = None

    class Meta:
        ordering = ("bid", "number")
        constraints = [models.UniqueConstraint(fields=["bid", "number"], name="bid_version_once")]
        indexes = [
            models.Index(fields=["bid", "file_sha256"], name="bid_version_file"),
            models.Index(
                fields=["follow_up_at"],
                name="bid_version_follow_up",
                condition=models.Q(follow_up_at__isnull=False),
            ),
        ]
