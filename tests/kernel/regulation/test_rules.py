"""Counting of days and choice of rows, as pure functions."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.regulation import calendars, rules

CALENDAR = calendars.calendar()
days = st.dates(date(2016, 1, 1), date(2023, 12, 31))
day_units = st.sampled_from(["working_day", "calendar_day", "month", "year"])
amounts = st.integers(1, 24)


def _amount(unit: str, amount: int) -> int:
    return min(amount, 2) if unit == "year" else amount


@given(days, day_units, amounts)
def test_a_rolled_last_day_is_never_a_rest_day(day: date, unit: str, amount: int) -> None:
    count = rules.count_forward(day, _amount(unit, amount), unit, CALENDAR, rolls=True)
    assert CALENDAR.working_day(count.last_day)


@given(days, day_units, amounts, st.booleans(), st.integers(0, 40))
def test_a_later_event_never_falls_due_earlier(
    day: date, unit: str, amount: int, rolls: bool, later: int
) -> None:
    amount = _amount(unit, amount)
    first = rules.count_forward(day, amount, unit, CALENDAR, rolls)
    second = rules.count_forward(day + timedelta(days=later), amount, unit, CALENDAR, rolls)
    assert second.last_day >= first.last_day


@given(days, day_units, amounts)
def test_rolling_moves_over_rest_days_only(day: date, unit: str, amount: int) -> None:
    amount = _amount(unit, amount)
    plain = rules.shift(day, amount, unit, CALENDAR)
    rolled = rules.count_forward(day, amount, unit, CALENDAR, rolls=True).last_day
    between = [plain + timedelta(days=n) for n in range((rolled - plain).days)]
    assert not any(CALENDAR.working_day(other) for other in between)


@given(days, day_units, amounts)
def test_what_is_done_on_the_latest_day_has_run_out_by_the_event(
    day: date, unit: str, amount: int
) -> None:
    amount = _amount(unit, amount)
    latest = rules.count_backward(day, amount, unit, CALENDAR).last_day
    assert rules.shift(latest, amount, unit, CALENDAR) <= day
    if unit == "calendar_day":
        assert (day - latest).days == amount


@given(days, st.integers(-60, 60))
def test_months_end_on_the_same_numbered_day_or_the_last(day: date, months: int) -> None:
    end = rules.add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == min(day.day, monthrange(end.year, end.month)[1])


def test_a_leap_day_has_its_anniversary_on_the_28th() -> None:
    assert rules.add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_hours_run_to_the_second_and_never_short() -> None:
    start = datetime(2026, 2, 14, 9, 30, 15, 250, tzinfo=UTC)
    assert rules.add_hours(start, 48) == datetime(2026, 2, 16, 9, 30, 16, tzinfo=UTC)
    whole = start.replace(microsecond=0)
    assert rules.add_hours(whole, 1) - whole == timedelta(hours=1)


@pytest.mark.parametrize(
    ("region", "chain"),
    [
        ("", ("",)),
        ("230000", ("230000", "")),
        ("230100", ("230100", "230000", "")),
        ("230103", ("230103", "230100", "230000", "")),
    ],
)
def test_a_region_lies_in_wider_ones(region: str, chain: tuple[str, ...]) -> None:
    assert rules.region_chain(region) == chain


@dataclass(frozen=True)
class _Row:
    name: str
    region: str = ""
    subject: Mapping[str, str] = field(default_factory=dict)


NATIONAL, LARGE = _Row("national"), _Row("large", subject={"kind": "large"})
PROVINCE = _Row("province", region="230000")


@pytest.mark.parametrize(
    ("region", "subject", "expected"),
    [
        ("", {}, NATIONAL),
        ("", {"kind": "large"}, LARGE),
        ("110000", {"kind": "large", "other": "x"}, LARGE),
        ("230103", {"kind": "large"}, PROVINCE),
    ],
)
def test_the_narrowest_region_wins_then_the_most_conditions(
    region: str, subject: dict[str, str], expected: _Row
) -> None:
    assert rules.best([NATIONAL, LARGE, PROVINCE], region, subject) is expected


def test_no_row_applies_where_its_conditions_are_unmet() -> None:
    assert rules.best([LARGE], "", {"kind": "small"}) is None
    assert rules.best([PROVINCE], "110000", {}) is None


def test_two_rows_that_one_subject_could_meet_are_ambiguous() -> None:
    assert rules.ambiguous(LARGE, _Row("b", subject={"grade": "a"}))
    assert not rules.ambiguous(LARGE, _Row("c", subject={"kind": "small"}))
    assert not rules.ambiguous(LARGE, NATIONAL)
