"""What of the register waits for an officer's confirmation, on desks and for the supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from credit.enterprises.national import selectors
from kernel.access.actors import Actor
from kernel.web import desk_parts
from kernel.web.viewmodels import DeskRow

SHOWN = 50


def rows(actor: Actor, _now: datetime) -> Iterator[DeskRow]:
    """Files that this officer may bring into force."""
    if actor.role != "credit_officer":
        return
    for job in selectors.waiting(actor)[:SHOWN]:
        yield DeskRow(
            act=_("确认导入全国平台数据表"),
            reference=job.table,
            title=job.file_name,
            url=reverse("credit:national-report", args=[job.pk]),
        )


desk_parts.add(rows=rows)
