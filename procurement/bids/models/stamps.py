"""What comes after a receipt: a token from outside, what a later revocation list says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.bids.models.bids import BidVersion
from procurement.bids.models.openings import Opening
from procurement.bids.models.policies import PolicyVersion


class BidStamp(models.Model):
    """What was made known of a received version since, and the receipt that says so."""

    class Certificate(models.TextChoices):
        """What the first list after receipt says of the certificate, where none was there."""

        UNKNOWN = "", _("无需核对")
        GOOD = "good", _("未吊销")
        REVOKED = "revoked", _("收到前已吊销")

    version = models.OneToOneField(BidVersion, on_delete=models.PROTECT, related_name="stamp")
    authority = models.CharField(_("时间戳机构"), max_length=80, blank=True)
    token = models.BinaryField(default=bytes)
    gen_time = models.DateTimeField(_("时间戳时间"), null=True)
    log_index = models.BigIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    # [{"authority", "code"}]: who was asked in vain the last time.
    failures = models.JSONField(default=list)
    # The code why the token does not complete the receipt, where it does not.
    reason = models.CharField(max_length=120, blank=True)
    certificate = models.CharField(max_length=8, choices=Certificate.choices, blank=True)
    certificate_index = models.BigIntegerField(null=True)
    # The receipt that carries all this, made and signed when it is first asked for.
    receipt = models.TextField(blank=True)
    receipt_p7s = models.BinaryField(default=bytes)
    refusal = models.TextField(blank=True)
    refusal_p7s = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("pk",)


class ListToken(models.Model):
    """A time-stamp over a closing list, made after the deadline by somebody else's clock."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="tokens")
    # Of the list that is stamped: a corrected one asks for a token of its own.
    list_sha256 = models.CharField(max_length=64)
    authority = models.CharField(_("时间戳机构"), max_length=80)
    token = models.BinaryField()
    gen_time = models.DateTimeField(_("时间戳时间"))

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("opening", "list_sha256"), name="procurement_one_token_of_a_list"
            ),
        )


class PolicyStamp(models.Model):
    """A time-stamp over a policy in force and all of its signatures, or who was asked for it."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="stamp")
    # What the token is over: ``zhuxin-policy-proof/1``.
    text = models.TextField(blank=True)
    authority = models.CharField(_("时间戳机构"), max_length=80, blank=True)
    token = models.BinaryField(default=bytes)
    gen_time = models.DateTimeField(_("时间戳时间"), null=True)
    attempts = models.PositiveIntegerField(default=0)
    # [{"authority", "code"}]: who was asked in vain the last time.
    failures = models.JSONField(default=list)
    # Technical time of the next attempt, none where there will be none.
    due_at = models.DateTimeField(null=True, db_index=True)
    # When the first of the signers' certificates expires, and whether the last lists that speak
    # of it are kept.
    expires_at = models.DateTimeField(null=True)
    lists_kept = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
