"""Files of the national platform that were brought in, and the lines that they held."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["NationalImport", "NationalRecord"]


class NationalImport(models.Model):
    """One file that an officer brought, and what becomes of each of its lines.

    Until another officer confirms it nothing of it counts; the numbers and the report say what
    would become of the lines. ``person_id`` is nought while no officer stands behind the file.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        IN_FORCE = "in_force", _("已生效")
        DECLINED = "declined", _("不予导入")

    table = models.CharField(_("数据表"), max_length=60)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    region = models.CharField(max_length=6)
    imported_at = models.DateTimeField(_("导入时间"))
    added = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)
    refused = models.PositiveIntegerField(_("未导入"), default=0)
    # Values that differ from an accepted correction and wait for an officer.
    held = models.PositiveIntegerField(_("待处理"), default=0)
    # What was brought before a second officer was asked for is in force.
    state = models.CharField(
        _("状态"), max_length=12, choices=State.choices, default=State.IN_FORCE
    )
    decided_by = models.BigIntegerField(_("确认人"), default=0)
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    reason = models.CharField(_("处理理由"), max_length=2000, blank=True)
    # [{"line", "reasons": [{"code", "facts", "article", "column"}]}] of the lines refused or held.
    report = models.JSONField(default=list)
    # Columns of the file that nobody here reads.
    ignored = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["region", "table", "file_sha256"],
                condition=~models.Q(state="declined"),
                name="national_file_once",
            )
        ]


class NationalRecord(models.Model):
    """A line of a table as it is known now; earlier contents stand in the change log."""

    table = models.CharField(max_length=60)
    # The table's own key (RecordNum, TenderNum …).
    key = models.CharField(max_length=120)
    project_number = models.CharField(max_length=40, blank=True, db_index=True)
    # The enterprise that the line is about, empty where it is about none of the market's.
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    # Field of ours -> value as JSON: fen, square metres, dates in ISO form, texts.
    facts = models.JSONField()
    imported = models.ForeignKey(NationalImport, on_delete=models.PROTECT, related_name="records")

    class Meta:
        ordering = ("table", "key")
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="national_record_once")
        ]
