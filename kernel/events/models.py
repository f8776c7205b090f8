"""An event row for what happened and a delivery row per subscriber, which is the job."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Delivery", "Event"]


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    case = models.CharField(max_length=100, blank=True)
    # Legal time of what happened; a deadline's event is dated with the deadline.
    occurred_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="event_name")]

    def __str__(self) -> str:
        return f"{self.name}#{self.pk}"


class Delivery(models.Model):
    """One event for one subscriber: leased, retried, done once, or a dead letter.

    All its times are technical time: the sandbox's clock moves none of them.
    """

    class State(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending", _("待处理")
        LEASED = "leased", _("处理中")
        DONE = "done", _("已完成")
        DEAD = "dead", _("死信")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "leased", "done", "dead"]),
                name="delivery_state",
            ),
        ]
        indexes = [
            # What the sweep asks every second: a partial index keeps it small for ever.
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_open",
                condition=models.Q(state__in=["pending", "leased"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}←{self.event_id}"
