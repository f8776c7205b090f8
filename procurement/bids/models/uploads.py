"""Uploads under way, in one piece and in parts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.bids.models.base import hash_field
from procurement.bids.models.bids import BidVersion


class PendingUpload(models.Model):
    """An upload under way. The time of its last byte is written before anything is checked."""

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("传输中")
        WHOLE = "whole", _("已传完")
        SETTLED = "settled", _("已处理")
        VOID = "void", _("作废")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    lot_number = models.CharField(max_length=80)
    bidder_uscc = models.CharField(max_length=18)
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    role = models.CharField(max_length=40)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    # Legal time, and technical time by which a closing counts how long it has waited.
    started_at = models.DateTimeField()
    started_really_at = models.DateTimeField()
    last_byte_at = models.DateTimeField(null=True)
    file_sha256 = hash_field("")
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["lot_number", "status"], name="upload_of_lot")]

    # Not kept: what the checks found, and the policy under which the upload began.
    found: Mapping[str, Any] = MappingProxyType({})
    policy: Any = None
    accepted: Any = None
    became: BidVersion | None = None


class ResumableUpload(models.Model):
    """A bid that comes in parts. Its file lies in the vault under this number from the first part.

    While its last part comes, and from then on, a :class:`PendingUpload` of the same number stands
    beside it, for which a closing waits. ``offset`` is never more than what is on the disk.
    """

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("传输中")
        WHOLE = "whole", _("已传完")
        RECEIVED = "received", _("已出具回执")
        REFUSED = "refused", _("未被接收")
        VOID = "void", _("作废")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    lot_number = models.CharField(max_length=80)
    bidder_uscc = models.CharField(max_length=18)
    organisation_id = models.BigIntegerField()
    # The person at the supervisor's counter who brings it; none where its bidder does.
    brought_by = models.BigIntegerField(null=True)
    # The Idempotency-Key under which it was begun; empty where none was given.
    key = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    # Whether manifest and signature have come and were found good.
    judged = models.BooleanField(default=False)
    # Legal time, and technical time by which it expires.
    started_at = models.DateTimeField()
    touched_really_at = models.DateTimeField()
    # Who writes at this moment, and until when (technical time) nobody else may.
    holder = models.CharField(max_length=32, blank=True)
    held_until_at = models.DateTimeField(null=True)
    acknowledgement = models.TextField(blank=True)
    acknowledgement_p7s = models.BinaryField(default=bytes)
    version = models.ForeignKey(BidVersion, on_delete=models.PROTECT, null=True, related_name="+")
    # [{"code", "facts", "article", "field"}], also of an upload that is void.
    reasons = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    refusal_p7s = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("started_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["bidder_uscc", "lot_number", "key"],
                condition=~models.Q(key=""),
                name="resumable_upload_one_a_key",
            ),
        ]
        indexes = [
            models.Index(fields=["lot_number", "status"], name="resumable_upload_of_lot"),
            models.Index(fields=["status", "touched_really_at"], name="resumable_upload_stale"),
        ]
