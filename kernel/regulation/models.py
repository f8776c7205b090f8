"""What was published of the law, and may never change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.errors import Conflict, Refusal

__all__ = ["PublishedRuleSet"]


class PublishedRuleSet(models.Model):
    """One version of a rule set as it came into use. Inserted once; triggers refuse the rest."""

    code = models.CharField(_("规则集"), max_length=80)
    version = models.CharField(_("版本"), max_length=40)
    region = models.CharField(_("行政区划"), max_length=6, blank=True)
    supersedes = models.CharField(_("取代版本"), max_length=40, blank=True)
    valid_from = models.DateField(_("有效期自"))
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256 摘要"), max_length=64, unique=True)
    text = models.TextField(_("全文"))
    published_at = models.DateTimeField(_("发布时间"))

    class Meta:
        ordering = ("code", "valid_from", "version")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_set_version_unique"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="rule_set_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only; refuses ``regulation.rule_set.frozen``."""
        if not self._state.adding:
            raise self._frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse ``regulation.rule_set.frozen``."""
        raise self._frozen()

    def _frozen(self) -> Conflict:
        facts = {"rule_set": self.code, "version": self.version}
        return Conflict(Refusal("regulation.rule_set.frozen", facts))
