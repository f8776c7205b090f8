"""Deadlines in words: how long is left, until when, by which article, how sure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import calendars
from kernel.web import formats
from kernel.web.viewmodels import DueView
from kernel.workflow.models import Deadline

SOON = timedelta(hours=48)
# The marks that pages know (kernel.web.words), by a row's source (kernel.regulation.schemas).
MARKS = {
    "secondary": "secondary",
    "public_code": "secondary",
    "remembered": "memory",
    "remembered_uncertain": "memory",
    "own_default": "default",
}


def due_view(row: Deadline, now: datetime) -> DueView:
    """A clock as pages show it."""
    return DueView(
        at=row.due_at,
        words=words(row, now),
        tone=_tone(row, now),
        last_day=row.last_day,
        article=row.article,
        mark=MARKS.get(row.source, ""),
    )


def _tone(row: Deadline, now: datetime) -> Literal["overdue", "soon", "none"]:
    if row.due_at <= now:
        return "overdue"
    return "soon" if row.due_at - now <= SOON else "none"


def words(row: Deadline, now: datetime) -> str:
    """The whole sentence: relative time never without the absolute one."""
    until = formats.deadline(row.due_at)[5:]
    if row.due_at <= now:
        return _("已逾期，应于 %(until)s 前办结") % {"until": formats.deadline(row.due_at)}
    working = _working_days(row, now) if row.calendar_version else None
    if working is not None:
        return ngettext(
            "还剩 %(number)d 个工作日，截至 %(until)s",
            "还剩 %(number)d 个工作日，截至 %(until)s",
            working,
        ) % {"number": working, "until": until}
    days = (row.last_day - clock.legal_date(now)).days
    if days == 0:
        return _("今天截止（%(until)s）") % {"until": until}
    return ngettext(
        "还剩 %(number)d 天，截至 %(until)s", "还剩 %(number)d 天，截至 %(until)s", days
    ) % {"number": days, "until": until}


def _working_days(row: Deadline, now: datetime) -> int | None:
    """Working days left after today up to the last day; None where no table says."""
    day, left = clock.legal_date(now), 0
    try:
        while day < row.last_day:
            day += timedelta(days=1)
            left += calendars.working_day(day)
    except Refused:
        return None
    return left
