"""When something falls due: the one place where a deadline is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import calendars, selectors
from kernel.regulation.rows import Row, RuleSet
from kernel.regulation.rules import Calendar, Count, add_hours, count_backward, count_forward

NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Due:
    """The end (or, of ``earliest_allowed``, the beginning) of what is allowed, and why.

    at: aware instant in UTC. It is the first instant after the last day (24:00 in UTC+8), or to
    the second for hours; at ``at`` itself it is too late. last_day: the legal day it falls on.
    limit: ``at_most`` or ``at_least``. calendar_version: tables that the count rests on, empty
    if on none. source: a word of ``schemas.SOURCES``. provisional: it rests on a year whose
    table is not confirmed and is to be computed again when it is.
    """

    at: datetime
    last_day: date
    period_key: str
    amount: int
    unit: str
    limit: str
    rule_code: str
    rule_version: str
    rule_sha256: str
    calendar_version: str
    article: str
    article_en: str
    source: str
    provisional: bool = False

    def missed(self, moment: datetime) -> bool:
        """Whether it is too late at this moment."""
        return moment >= self.at


def _period(
    key: str, at: datetime, region: str, subject: Mapping[str, str], direction: str
) -> tuple[RuleSet, Row]:
    rule_set, row = selectors.find_period(key, at, region, subject)
    if row["direction"] != direction:
        raise Refused.because(
            "regulation.period.wrong_direction", key=key, direction=row["direction"]
        )
    return rule_set, row


def _due(rule_set: RuleSet, row: Row, at: datetime, count: Count, calendar: Calendar) -> Due:
    version = count.calendar_version(calendar)
    return Due(
        at=at,
        last_day=count.last_day,
        period_key=row.key,
        amount=row["amount"],
        unit=row["unit"],
        limit=row["limit"],
        rule_code=rule_set.code,
        rule_version=rule_set.version,
        rule_sha256=rule_set.sha256,
        calendar_version=version,
        article=row.article,
        article_en=row.article_en,
        source=row.source,
        provisional="?" in version,
    )


def _hours(moved: datetime) -> Count:
    # An end at 24:00 belongs to the day that ends.
    return Count(clock.legal_date(moved - timedelta(microseconds=1)), None)


def due(
    start: datetime,
    period_key: str,
    *,
    region: str = "",
    subject: Mapping[str, str] = NOBODY,
    moment: datetime | None = None,
    provisional: bool = False,
) -> Due:
    """When a period that begins with an event at ``start`` has run out.

    start: aware instant; for days its legal day is not counted (民法典 201). moment: the case's
    legal moment, which decides the version of the law; ``start`` if not given. provisional: a
    year without a confirmed calendar is assumed and the result marked, instead of refused.
    Refuses ``regulation.calendar.year_not_confirmed``, ``regulation.period.wrong_direction`` and
    what ``selectors.find`` refuses.
    """
    rule_set, row = _period(period_key, moment or start, region, subject, "after")
    calendar = calendars.calendar(assume=provisional)
    if row["unit"] == "hour":
        end = add_hours(start, row["amount"])
        return _due(rule_set, row, end, _hours(end), calendar)
    day = clock.legal_date(start)
    count = count_forward(day, row["amount"], row["unit"], calendar, row["rolls"])
    return _due(rule_set, row, clock.end_of(count.last_day), count, calendar)


def earliest_allowed(
    start: datetime,
    period_key: str,
    *,
    region: str = "",
    subject: Mapping[str, str] = NOBODY,
    moment: datetime | None = None,
    provisional: bool = False,
) -> Due:
    """From when on the next act is allowed, where the law sets a shortest time (``at_least``).

    ``at`` is 00:00 of the last day (the difference of the dates is the amount), or 24:00 where
    the row says that the days must have passed whole (``full_days``). Refuses as ``due`` does,
    and ``regulation.period.not_a_minimum``.
    """
    end = due(
        start, period_key, region=region, subject=subject, moment=moment, provisional=provisional
    )
    _, row = selectors.find_period(period_key, moment or start, region, subject)
    if row["limit"] != "at_least":
        raise Refused.because("regulation.period.not_a_minimum", key=period_key)
    if row["full_days"] or row["unit"] == "hour":
        return end
    return replace(end, at=clock.start_of(end.last_day))


def latest_before(
    deadline: datetime,
    period_key: str,
    *,
    region: str = "",
    subject: Mapping[str, str] = NOBODY,
    moment: datetime | None = None,
    provisional: bool = False,
) -> Due:
    """Until when something must be done that is due some time before ``deadline``.

    Calendar units: the difference of the dates is at least the amount; working days: so many lie
    after the latest day and up to the deadline's day. It never moves to another day because of a
    holiday. moment: the case's legal moment; ``deadline`` if not given. Refuses as ``due`` does.
    """
    rule_set, row = _period(period_key, moment or deadline, region, subject, "before")
    calendar = calendars.calendar(assume=provisional)
    if row["unit"] == "hour":
        end = deadline - timedelta(hours=row["amount"])
        return _due(rule_set, row, end, _hours(end), calendar)
    count = count_backward(clock.legal_date(deadline), row["amount"], row["unit"], calendar)
    return _due(rule_set, row, clock.end_of(count.last_day), count, calendar)
