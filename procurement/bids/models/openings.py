"""Openings of a lot's stages: closing lists, what the parties said, what was decrypted."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import Machine
from procurement.bids.machines import OPENING
from procurement.bids.models.base import LotCase, hash_field
from procurement.bids.models.bids import BidVersion
from procurement.bids.models.policies import OpeningPolicy


class OpeningSession(models.Model):
    """The key to which trustees seal what they release; made for one opening."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Emptied with the record: what trustees sealed to it is then readable by nobody.
    private = models.BinaryField()
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)


class Opening(LotCase):
    """The opening of a stage of a lot: closing list, draw, marks, releases, record."""

    machine: ClassVar[Machine] = OPENING

    policy = models.ForeignKey(OpeningPolicy, on_delete=models.PROTECT, related_name="openings")
    session = models.ForeignKey(OpeningSession, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标段名称"), max_length=300, blank=True)
    stage = models.CharField(_("开标阶段"), max_length=80, default="opening")
    # The opening of the stage before; none of a lot's first.
    before = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later"
    )
    closed_at = models.DateTimeField(_("截标时间"))
    # Each is empty until k trustees have signed the list, marked, released: it begins then.
    reveal_until_at = models.DateTimeField(_("公开随机数截止"), null=True, blank=True)
    cure_until_at = models.DateTimeField(_("补救截止"), null=True, blank=True)
    window_ends_at = models.DateTimeField(_("解密截止"), null=True, blank=True)
    list_text = models.TextField()
    list_p7s = models.TextField()
    list_sha256 = hash_field(_("截标名单摘要"))
    draw_text = models.TextField(blank=True)
    record_text = models.TextField(blank=True)
    record_p7s = models.TextField(blank=True)
    unsealed_at = models.DateTimeField(_("开标时间"), null=True, blank=True)
    # Which bids go on to the next stage, signed by the procuring entity, and where it is logged.
    result_text = models.TextField(blank=True)
    result_p7s = models.TextField(blank=True)
    result_index = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField(_("停止的理由"), blank=True)

    class Meta:
        ordering = ("-closed_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["lot_number", "stage"], name="opening_one_of_a_stage")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.lot_number}".strip()

    @property
    def reference(self) -> str:
        """How the opening is called."""
        return f"KB-{self.lot_number}" + (f"-{self.stage}" if self.before_id else "")


class ReplacedList(models.Model):
    """A closing list that a founded protest made wrong; nothing was released under it."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="replaced_lists")
    text = models.TextField()
    p7s = models.TextField()
    sha256 = hash_field("")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)


class StageRehearsal(models.Model):
    """A trustee's challenge before a later stage: it shows again that its key can open."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="rehearsals")
    uscc = models.CharField(max_length=18)
    challenge = models.TextField()
    # What only the key can tell; proves nothing to anybody but us, opens nothing.
    secret = models.BinaryField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["opening", "uscc"], name="stage_rehearsal_once")
        ]


class OpeningStatement(models.Model):
    """What a party said in an opening: signature of the list, nonce, marks, release."""

    class Kind(models.TextChoices):
        """What it is."""

        SIGNATURE = "signature", _("签署名单")
        NONCE = "nonce", _("随机数")
        MARKS = "marks", _("核对")
        RELEASE = "release", _("释放")
        CURE = "cure", _("补发份额")
        CURED = "cured", _("核对补发份额")
        PROTEST = "protest", _("异议")
        REHEARSAL = "rehearsal", _("阶段演练")
        MOMENT = "moment", _("起算时刻")

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="statements")
    uscc = models.CharField(max_length=18)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What it is about, where a party says several of a kind: an envelope, a protested bid.
    subject = models.CharField(max_length=100, blank=True)
    # The replaced list that it was about (hash); empty for what stands.
    of_list = hash_field("")
    text = models.TextField(blank=True)
    p7s = models.BinaryField(default=bytes)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "uscc", "kind", "subject", "of_list"], name="opening_said_once"
            ),
        ]


class OpenedEnvelope(models.Model):
    """An envelope that the opening decrypted, or why not. Only the sheet's key becomes public."""

    version = models.ForeignKey(BidVersion, on_delete=models.PROTECT, related_name="envelopes")
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    failure = models.CharField(max_length=120, blank=True)
    identity = models.BinaryField(default=bytes)
    # The good shares that were there for its key, base64 by the trustee's place: what they were
    # sealed to is destroyed with the record, and the dossier shows them.
    shares = models.JSONField(default=dict)
    # [{"name", "size", "sha256"}]
    files = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="opened_envelope_once"),
        ]
