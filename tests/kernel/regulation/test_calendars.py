"""Working days are the State Council's, every one of them, and no year is guessed."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.regulation import calendars

FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKED = {day for day in DAYS if calendars.working_day(day)}
inner_days = st.dates(date(2016, 1, 1), date(2025, 12, 31))
counts = st.integers(1, 200)


def test_every_day_of_twelve_years_agrees_with_an_independent_table() -> None:
    china = holidays.country_holidays("CN", years=range(2015, 2027))
    assert [day for day in DAYS if china.is_working_day(day) != (day in WORKED)] == []


@given(inner_days, counts)
def test_working_days_added_are_the_working_days_between(day: date, count: int) -> None:
    end = calendars.add_working_days(day, count)
    assert sum(day < other <= end for other in WORKED) == count
    assert end in WORKED


@given(inner_days, counts)
def test_backward_counting_undoes_forward_counting(day: date, count: int) -> None:
    forward = calendars.add_working_days(day, count)
    back = calendars.add_working_days(forward, -count)
    if day in WORKED:
        assert back == day
    else:
        assert back < day
        assert not any(back < other <= day for other in WORKED)


@given(inner_days, st.integers(0, 30), counts)
def test_a_later_start_never_ends_earlier(day: date, later: int, count: int) -> None:
    other = day + timedelta(days=later)
    assert calendars.add_working_days(other, count) >= calendars.add_working_days(day, count)


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2027, 1, 1)])
def test_a_year_without_notice_is_refused(day: date) -> None:
    with pytest.raises(Refused) as raised:
        calendars.working_day(day)
    assert raised.value.refusals[0].code == "regulation.calendar.year_not_confirmed"
    assert raised.value.refusals[0].facts == {"year": day.year}


def test_a_walk_that_needs_no_unconfirmed_year_is_answered() -> None:
    assert calendars.add_working_days(date(2026, 12, 28), 3) == LAST
    with pytest.raises(Refused):
        calendars.add_working_days(date(2026, 12, 28), 4)


def test_an_assumed_year_follows_the_week_and_the_fixed_holidays_and_says_so() -> None:
    assumed = calendars.calendar(assume=True)
    assert not assumed.working_day(date(2027, 1, 1))
    assert assumed.working_day(date(2027, 1, 4))
    assert not assumed.working_day(date(2027, 1, 9))
    assert assumed.version(date(2026, 12, 30), date(2027, 1, 4)) == "2026.1+2027?"
    assert not assumed.confirmed(date(2027, 1, 4))


def test_versions_name_only_the_years_that_were_looked_at() -> None:
    assert calendars.version(date(2025, 3, 1), date(2025, 4, 1)) == "2025.1"
    assert calendars.version(date(2024, 12, 31), date(2026, 1, 1)) == "2024.1+2025.1+2026.1"
    assert calendars.last_confirmed_day() == LAST


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), "regulation.calendar.next_year_unconfirmed"),
        (date(2026, 12, 31), "regulation.calendar.next_year_unconfirmed"),
        (date(2027, 1, 1), "regulation.calendar.year_not_confirmed"),
        (date(2025, 12, 1), None),
    ],
)
def test_health_warns_from_november_until_the_notice_is_entered(
    today: date, code: str | None
) -> None:
    warning = calendars.calendar_warning(today)
    assert (warning and warning.code) == code
