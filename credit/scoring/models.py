"""The ledger of points, which only grows, and the certificates that were drawn from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = [
    "CreditStanding",
    "CreditStudy",
    "PointEntry",
    "ScoreCertificate",
    "StandingDay",
]


class PointEntry(models.Model):
    """A fact that weighs, or that one no longer does. Rows are never changed or removed.

    What a fact weighs is the scheme's business: here stands only what happened, since when, and
    when the ledger learnt of it.
    """

    uscc = models.CharField(max_length=18, db_index=True)
    item = models.CharField(_("评价项"), max_length=60)
    # The same fact, however often recorded, counts once.
    group = models.CharField(max_length=200)
    effective_on = models.DateField(_("起算日期"))
    recorded_at = models.DateTimeField(_("入账时间"))
    # Hundredths of a point and days of term, where the deciding document states them: schemes that
    # hold no table of points weigh by these.
    points = models.IntegerField(_("决定载明的分值"), default=0)
    days = models.IntegerField(_("决定载明的期限"), default=0)
    # The contract section that it happened on and that section's price, where they are known:
    # schemes that score by sections ask for them.
    section = models.CharField(_("合同段"), max_length=60, blank=True)
    price_fen = models.BigIntegerField(_("合同价（元）"), default=0)
    # The day from which it weighs no more, whatever its scheme says: it is shown no longer.
    until = models.DateField(_("停止计分日期"), null=True)
    revokes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    # The event that caused it: the same event twice is one row.
    cause = models.CharField(max_length=60, unique=True)
    record_id = models.BigIntegerField()
    article = models.CharField(_("依据"), max_length=200, blank=True)
    document_number = models.CharField(_("文书编号"), max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(points__gte=0, days__gte=0), name="point_entry_not_negative"
            ),
        )


class ScoreCertificate(models.Model):
    """A score as it was on a day, as known at an instant, for one purpose; replayable for ever."""

    number = models.CharField(_("编号"), max_length=60, unique=True)
    uscc = models.CharField(max_length=18, db_index=True)
    purpose = models.CharField(_("用途"), max_length=200)
    valid_on = models.DateField(_("评价日"))
    known_at = models.DateTimeField(_("已知时点"))
    score_millionths = models.BigIntegerField(_("信用分"))
    grade = models.CharField(_("等级"), max_length=10)
    scheme_code = models.CharField(max_length=60)
    scheme_version = models.CharField(max_length=40)
    scheme_sha256 = models.CharField(max_length=64)
    # SHA-256 of the canonical JSON of every fact that weighed.
    entries_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    # What it says, as canonical JSON, and the platform's detached CMS signature over it (DER).
    # Empty of those from before certificates were signed: their log entry alone proves them.
    statement = models.TextField(blank=True)
    signature = models.BinaryField(default=b"")
    issued_at = models.DateTimeField(_("出具时间"))
    log_index = models.BigIntegerField()

    class Meta:
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=["uscc", "purpose"], name="certificate_once")]

    @property
    def millionths(self) -> int | None:
        """The score that it certifies; None where it certifies that there is none (no grade)."""
        return self.score_millionths if self.grade else None


class CreditStudy(models.Model):
    """Everybody's scores on a day, by one scheme or by two: asked for at a desk, made by a worker.

    Nothing follows from it by law; it shows what is, and what a switch of schemes would do.
    """

    asked_by = models.BigIntegerField(_("提出人"))
    asked_at = models.DateTimeField(_("提出时间"))
    valid_on = models.DateField(_("评价日"))
    first = models.CharField(_("评分方案"), max_length=60)
    # The scheme to compare with: a code, or a draft's own text; both empty where none is.
    second = models.CharField(_("比较方案"), max_length=60, blank=True)
    draft = models.TextField(_("方案草稿"), blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)


class CreditStanding(models.Model):
    """An enterprise's grade of today, for searching only: what is shown is always computed.

    Who has no row has no fact in the ledger, and with it the base's grade.
    """

    uscc = models.CharField(max_length=18, primary_key=True)
    grade = models.CharField(_("等级"), max_length=10, db_index=True)


class StandingDay(models.Model):
    """That everybody's standing was renewed for a legal day under a scheme."""

    day = models.DateField(_("评价日"))
    scheme_sha256 = models.CharField(max_length=64)
    done_at = models.DateTimeField(_("完成时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "scheme_sha256"], name="standing_day_once")
        ]
