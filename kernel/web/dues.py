"""Deadlines in words: how long is left, until when, by which article, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import calendars
from kernel.regulation.due import due
from kernel.web import formats
from kernel.web.viewmodels import DueView
from kernel.web.words import cited
from kernel.workflow.machines import Machine
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
        article=(row.article_en if _in_english() else "") or cited(row.article),
        mark=MARKS.get(row.source, ""),
    )


def clock_label(machine: Machine, row: Deadline) -> str:
    """What has to be done by the end of a clock, as its machine says; its key where none does."""
    rule = machine.clock(row.state, row.period_key)
    return str(rule.label) if rule else row.period_key


def leading(machine: Machine, clocks: Iterable[Deadline]) -> list[Deadline]:
    """Clocks in their order, those that run aside last: the first one stands for the case."""
    return sorted(clocks, key=lambda row: machine.is_aside(row.state, row.period_key))


def _in_english() -> bool:
    return (get_language() or "zh").startswith("en")


def due_of_period(start: datetime, period_key: str, role: str, now: datetime) -> DueView:
    """A clock that no case keeps, such as a document's that waits for its signature."""
    when = due(start, period_key, provisional=True)
    return due_view(
        Deadline(
            role=role,
            started_at=start,
            due_at=when.at,
            last_day=when.last_day,
            unit=when.unit,
            calendar_version=when.calendar_version,
            article=when.article,
            article_en=when.article_en,
            source=when.source,
            provisional=when.provisional,
        ),
        now,
    )


def _tone(row: Deadline, now: datetime) -> Literal["overdue", "soon", "none"]:
    if row.due_at <= now:
        return "overdue"
    return "soon" if row.due_at - now <= SOON else "none"


def words(row: Deadline, now: datetime) -> str:
    """The whole sentence: relative time never without the absolute one."""
    text = _left(row, now)
    if row.provisional:
        return _("%(time)s（该年放假安排尚未公布，暂计）") % {"time": text}
    return text


def _left(row: Deadline, now: datetime) -> str:
    until = formats.deadline(row.due_at)
    if row.last_day.year == clock.legal_date(now).year:
        until = until[5:]
    if row.due_at <= now:
        return _overdue(row, now)
    working = _working_days(row, now) if row.unit == "working_day" else None
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


def _overdue(row: Deadline, now: datetime) -> str:
    """Since when it is late: in whole days after the last one, from the first on."""
    until = formats.deadline(row.due_at)
    days = (clock.legal_date(now) - row.last_day).days
    if days < 1:
        return _("已逾期，应于 %(until)s 前办结") % {"until": until}
    return ngettext(
        "已逾期 %(number)d 天，应于 %(until)s 前办结",
        "已逾期 %(number)d 天，应于 %(until)s 前办结",
        days,
    ) % {"number": days, "until": until}


def _working_days(row: Deadline, now: datetime) -> int | None:
    """Working days left after today up to the last day; None where no table says.

    A provisional clock is told by the table that it was counted by.
    """
    table = calendars.calendar(assume=row.provisional)
    day, left = clock.legal_date(now), 0
    try:
        while day < row.last_day:
            day += timedelta(days=1)
            left += table.working_day(day)
    except Refused:
        return None
    return left
