"""Opening policies: who holds a lot's keys, its versions and who signed them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from procurement.bids.machines import POLICY
from procurement.bids.models.base import LotCase, hash_field


class OpeningPolicy(LotCase):
    """Who holds the opening keys of a lot, how many open, and under which rules."""

    machine: ClassVar[Machine] = POLICY

    title = models.CharField(_("标段名称"), max_length=300, blank=True)
    supervisor_uscc = models.CharField(_("监督部门"), max_length=18)
    threshold = models.PositiveSmallIntegerField(_("开启所需份额"))
    decrypt_window_minutes = models.PositiveIntegerField(_("解密时限（分钟）"))
    # [{"name", "choices": […]}]
    draws = models.JSONField(_("抽取项"), default=list, blank=True)
    # [{"name", "envelopes": […]}] in the order in which they are opened.
    stages = models.JSONField(_("开标阶段"), default=list, blank=True)
    padding_minimum = models.BigIntegerField(_("信封最小字节数"))
    maximum_size = models.BigIntegerField(_("投标文件最大字节数"))
    deadline_at = models.DateTimeField(_("投标截止时间"))

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["lot_number"],
                condition=~models.Q(state="superseded"),
                name="policy_one_of_a_lot",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.lot_number}".strip()

    @property
    def reference(self) -> str:
        """How the policy is called."""
        return f"KQ-{self.lot_number}"


class PolicyParty(models.Model):
    """The procuring entity or a trustee: its key, its rehearsal."""

    policy = models.ForeignKey(OpeningPolicy, on_delete=models.PROTECT, related_name="parties")
    uscc = models.CharField(max_length=18)
    name = models.CharField(_("名称"), max_length=200)
    # Who controls it in the end: parties of one body count once.
    body = models.CharField(max_length=18)
    # Place among the trustees; none where the procuring entity holds no share.
    place = models.PositiveSmallIntegerField(null=True)
    is_entity = models.BooleanField(default=False)
    announcement = models.TextField(blank=True)
    announcement_p7s = models.BinaryField(default=bytes)
    key_sha256 = hash_field("")
    challenge = models.TextField(blank=True)
    # What only the key can tell; proves nothing to anybody but us, opens nothing.
    secret = models.BinaryField(default=bytes)
    answer = models.TextField(blank=True)
    answer_p7s = models.BinaryField(default=bytes)
    rehearsed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("policy", "place", "pk")
        constraints = [
            models.UniqueConstraint(fields=["policy", "uscc"], name="policy_party_once"),
        ]


class PolicyVersion(models.Model):
    """A version of a policy as it was signed; in force once everybody has."""

    policy = models.ForeignKey(OpeningPolicy, on_delete=models.PROTECT, related_name="versions")
    lot_number = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = hash_field("")
    deadline_at = models.DateTimeField()
    made_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    # Since when the closing list is being made, and nothing comes or goes any more.
    listing_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("policy", "number")
        indexes = [models.Index(fields=["lot_number", "number"], name="policy_version_lot")]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
        ]


class PolicySignature(models.Model):
    """A party's signature over a version."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="signatures")
    uscc = models.CharField(max_length=18)
    p7s = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["version", "uscc"], name="policy_signature_once"),
        ]
