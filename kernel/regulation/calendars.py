"""The working-day calendar: the State Council's yearly tables, and nothing that they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from kernel.errors import Refusal
from kernel.regulation.rows import RuleSet
from kernel.regulation.rule_sets import Library, library
from kernel.regulation.rules import Calendar, CalendarSpan

CODE = "workdays.cn"
# The notice for the next year has come between 25 October and 16 December.
_NOTICE_MONTH = 11


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _span(rule_set: RuleSet, last: date) -> CalendarSpan:
    return CalendarSpan(
        first=rule_set.valid_from,
        last=last,
        version=rule_set.version,
        off=frozenset(d for row in rule_set.rows for d in _days(row["from"], row["to"])),
        work=frozenset(d for row in rule_set.rows for d in row["work"]),
    )


_built: dict[tuple[int, bool], tuple[tuple[RuleSet, ...], Calendar]] = {}


def calendar(*, assume: bool = False, source: Library = library) -> Calendar:
    """The calendar of all confirmed years.

    assume: days of other years are taken by the week and the fixed holidays, provisionally,
    instead of being refused.
    """
    held = _built.get((id(source), assume))
    if held is not None and held[0] is source.sets:
        return held[1]
    spans = [
        _span(rule_set, last)
        for rule_set in source.sets
        if rule_set.code == CODE
        if (last := source.last_valid_day(rule_set)) is not None
    ]
    made = Calendar(spans, assume=assume)
    _built[id(source), assume] = (source.sets, made)
    return made


def working_day(day: date) -> bool:
    """Whether a day is worked; refuses ``regulation.calendar.year_not_confirmed``."""
    return calendar().working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, before it if negative (``day`` not counted)."""
    return calendar().add_working_days(day, count)


def version(first: date, last: date) -> str:
    """Versions of the tables that hold for these days, e.g. ``2025.1+2026.1``."""
    return calendar().version(first, last)


def last_confirmed_day() -> date | None:
    """The last day that a table is known for."""
    return max((span.last for span in calendar().spans), default=None)


def calendar_warning(today: date) -> Refusal | None:
    """What health pages say of the calendar, by code, or None if all is well.

    From November until the notice is entered it warns that the next year is not confirmed; in a
    year that is itself not confirmed it always does.
    """
    if not calendar().confirmed(today):
        return Refusal("regulation.calendar.year_not_confirmed", {"year": today.year})
    if today.month >= _NOTICE_MONTH and not calendar().confirmed(date(today.year + 1, 1, 1)):
        return Refusal("regulation.calendar.next_year_unconfirmed", {"year": today.year + 1})
    return None
