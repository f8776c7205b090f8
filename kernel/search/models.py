"""The table of what can be found; its index stands beside it (``kernel.search.index``)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["SearchEntry"]


class SearchEntry(models.Model):
    """One public thing. Written by ``kernel.search.services`` only: the index must follow."""

    kind = models.CharField(_("类别"), max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(_("标题"), max_length=500)
    number = models.CharField(_("编号"), max_length=80, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    published_at = models.DateTimeField(_("公开时间"))
    region = models.CharField(_("区划"), max_length=6, blank=True)
    # Title, number and text as they are compared: one folded run a line.
    folded = models.TextField()
    # Seconds of published_at, then the key: newest first is one descent of one index.
    position = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("检索条目")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
