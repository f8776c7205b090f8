"""A grade that rises by one step a year, and falls at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import formulas, inertia, rules
from kernel import clock

NOW = datetime(2029, 12, 1, 9, tzinfo=clock.LEGAL_ZONE)
START = date(2024, 2, 29)
BANDS = st.lists(st.integers(0, 4), min_size=1, max_size=60)
GAPS = st.integers(1, 120)


@st.composite
def grades(draw):
    day, found = START, []
    for band in draw(BANDS):
        found.append((day, band))
        day += timedelta(days=draw(GAPS))
    return found


@given(points=grades(), steps=st.integers(1, 2))
def test_a_grade_never_rises_faster_and_is_never_better_than_its_points(points, steps):
    found = inertia.held(points, steps, 12)
    for place, (day, band) in enumerate(points):
        assert found[place] >= band
        since = inertia.months_before(day, 12)
        before = [found[p] for p in range(place) if points[p + 1][0] > since]
        if before:
            assert found[place] == max(band, max(before) - steps)


@given(points=grades())
def test_a_fall_counts_at_once(points):
    found = inertia.held(points, 1, 12)
    for place in range(1, len(points)):
        if points[place][1] >= found[place - 1]:
            assert found[place] == points[place][1]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
    ],
)
def test_the_same_day_so_many_months_before(day, months, before):
    assert inertia.months_before(day, months) == before


SCHEME = rules.Scheme(
    "schemes.x", "1", "0" * 64, base=10_000, lower=None, upper=None, good_cap=None, veto_cap=0,
    caps={}, floors={}, bands=(("A", 9000), ("B", 8000), ("C", 7000), ("D", -100_000)),
    items={"bad": rules.Item("bad", -3000, "bad", 100)}, inertia_steps=1, inertia_months=12,
)  # fmt: skip
FACT = rules.Entry(1, "bad", "g", date(2025, 1, 10), clock.start_of(date(2025, 1, 10)))


@pytest.mark.parametrize(
    ("day", "grade", "held_back"),
    [
        (date(2025, 1, 9), "A", ""),
        (date(2025, 1, 10), "C", ""),
        (date(2025, 4, 19), "C", ""),
        (date(2025, 4, 20), "B", "A"),
        (date(2026, 4, 19), "B", "A"),
        (date(2026, 4, 20), "A", ""),
    ],
)
def test_a_grade_comes_back_one_step_a_year(day, grade, held_back):
    found = formulas.score([FACT], SCHEME, day, NOW)
    assert (found.grade, found.held_back) == (grade, held_back)
    points = sum(one.millionths for one in found.contributions)
    assert found.base + points + found.cut == found.millionths


def test_what_is_ahead_tells_every_step():
    from credit.scoring import ahead

    turns = ahead.turns([FACT], SCHEME, date(2025, 2, 1), NOW)
    assert [(turn.day, turn.grade, turn.better) for turn in turns] == [
        (date(2025, 4, 20), "B", True),
        (date(2026, 4, 20), "A", True),
    ]
