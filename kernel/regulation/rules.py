"""How days are counted and which row applies: pure functions over plain values.

Sources: 民法典 arts. 201-203 (event day excluded; same-numbered day or the month's last day; a last
day that is a rest day moves to the day after it; a day ends at 24:00), 行政许可法 art. 82
(working days). "Rest day" is every day that is not a working day by the State Council's table.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from kernel.errors import Refused

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# On fixed days by 全国年节及纪念日放假办法 art. 2 (2024 text); used only to assume a year.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """A confirmed stretch of the calendar, usually one year, both ends included.

    off: rest days; work: Saturdays and Sundays that are worked. Other days follow the week.
    """

    first: date
    last: date
    version: str
    off: frozenset[date]
    work: frozenset[date]


class Calendar:
    """Working days within confirmed spans.

    assume: take a day outside every span by the week and the fixed holidays instead of refusing
    it. What rests on such a day is provisional and is marked ``?`` in the version.
    """

    def __init__(self, spans: Iterable[CalendarSpan], *, assume: bool = False) -> None:
        self.spans = tuple(sorted(spans, key=lambda span: span.first))
        self.assume = assume
        self._firsts = [span.first for span in self.spans]

    def _span(self, day: date) -> CalendarSpan | None:
        at = bisect_right(self._firsts, day) - 1
        return self.spans[at] if at >= 0 and day <= self.spans[at].last else None

    def confirmed(self, day: date) -> bool:
        """Whether the State Council's table for this day is known."""
        return self._span(day) is not None

    def working_day(self, day: date) -> bool:
        """Whether it is worked; refuses ``regulation.calendar.year_not_confirmed``."""
        if (span := self._span(day)) is not None:
            return day in span.work or (day.weekday() < _SATURDAY and day not in span.off)
        if self.assume:
            return day.weekday() < _SATURDAY and (day.month, day.day) not in _FIXED_HOLIDAYS
        raise Refused.because("regulation.calendar.year_not_confirmed", year=day.year)

    def on_or_after(self, day: date) -> date:
        """This day if it is worked, else the next that is."""
        while not self.working_day(day):
            day += _ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """This day if it is worked, else the last before it that is."""
        while not self.working_day(day):
            day -= _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it if negative); 0 is the day itself.

        ``day`` is not counted and need not be worked.
        """
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.working_day(day)
        return day

    def version(self, first: date, last: date) -> str:
        """Versions of the tables for these days, e.g. ``2026.1+2027?`` (``?``: assumed)."""
        named = [s.version for s in self.spans if s.first <= last and s.last >= first]
        for year in range(first.year, last.year + 1):
            ends = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
            if not all(self.confirmed(day) for day in ends):
                named.append(f"{year}?")
        return "+".join(named)


def add_months(day: date, months: int) -> date:
    """The same-numbered day, or that month's last day if it has none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift(day: date, amount: int, unit: str, calendar: Calendar) -> date:
    """``day`` moved by ``amount`` (may be negative) of a day-based unit, not rolled."""
    match unit:
        case "working_day":
            return calendar.add_working_days(day, amount)
        case "calendar_day":
            return day + timedelta(days=amount)
        case "month":
            return add_months(day, amount)
        case "year":
            return add_months(day, 12 * amount)
    raise ValueError(f"not counted in days: {unit}")


@dataclass(frozen=True, slots=True)
class Count:
    """Last day of a period, and the first day whose being worked or not it rests on (or None)."""

    last_day: date
    looked_from: date | None

    def calendar_version(self, calendar: Calendar) -> str:
        """Which calendar tables the count rests on, empty if on none."""
        if self.looked_from is None:
            return ""
        return calendar.version(*sorted((self.looked_from, self.last_day)))


def count_forward(day: date, amount: int, unit: str, calendar: Calendar, rolls: bool) -> Count:
    """Last day of a period that begins with an event on ``day`` (the event day is not counted).

    rolls: a last day that is a rest day moves to the next working day (民法典 203).
    """
    if unit == "working_day":
        return Count(calendar.add_working_days(day, amount), day + _ONE_DAY)
    plain = shift(day, amount, unit, calendar)
    return Count(calendar.on_or_after(plain), plain) if rolls else Count(plain, None)


def count_backward(day: date, amount: int, unit: str, calendar: Calendar) -> Count:
    """Latest day for what must be done ``amount`` before ``day``; it never rolls.

    Calendar units: the difference of the dates is at least ``amount``. Working days: so many lie
    after the latest day and up to ``day``, so that from a rest day one goes back to a worked day
    before counting.
    """
    if unit == "working_day":
        last = calendar.on_or_before(day)
        return Count(calendar.add_working_days(last, -amount), day)
    return Count(shift(day, -amount, unit, calendar), None)


def add_hours(start: datetime, hours: int) -> datetime:
    """Hours run from the event itself (民法典 201), to the second, in favour of who must act."""
    moved = start + timedelta(hours=hours)
    return moved.replace(microsecond=0) + timedelta(seconds=bool(moved.microsecond))


def region_chain(region: str) -> tuple[str, ...]:
    """A region and everything it lies in, narrowest first: county, city, province, the State."""
    wider = (region, region[:4] + "00", region[:2] + "0000") if region else ()
    return (*dict.fromkeys(wider), "")


class Conditional(Protocol):
    """A row that holds in a region and for a subject."""

    @property
    def region(self) -> str:
        """Six digits; empty for the State."""

    @property
    def subject(self) -> Mapping[str, str]:
        """Facts that must be equal."""


R = TypeVar("R", bound="Conditional")


def applies(row: Conditional, subject: Mapping[str, str]) -> bool:
    """Whether every condition of the row equals the subject's fact."""
    return all(subject.get(name) == value for name, value in row.subject.items())


def best(rows: Iterable[R], region: str, subject: Mapping[str, str]) -> R | None:
    """The applicable row: narrowest region first, then most conditions; None if none applies."""
    chain = region_chain(region)
    candidates = [row for row in rows if row.region in chain and applies(row, subject)]
    order = [(chain.index(row.region), -len(row.subject)) for row in candidates]
    return candidates[order.index(min(order))] if candidates else None


def ambiguous(one: Conditional, other: Conditional) -> bool:
    """Whether some subject would be met by both and neither is narrower than the other."""
    if one.region != other.region or len(one.subject) != len(other.subject):
        return False
    shared = one.subject.keys() & other.subject.keys()
    return all(one.subject[name] == other.subject[name] for name in shared)
