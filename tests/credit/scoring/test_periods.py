"""A quarter's score is the mean of its days, exact to the last unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import bulk, engines, periods, rules, selectors
from kernel import clock

NOW = datetime(2026, 12, 1, 9, tzinfo=clock.LEGAL_ZONE)
SCHEME = selectors.scheme(NOW, "schemes.jiangxi")


def fact(number: int, item: str, day: date, points: int, days: int) -> rules.Entry:
    recorded = clock.start_of(day)
    return rules.Entry(number, item, f"文书{number}", day, recorded, 0, points, days)


FACTS = st.lists(
    st.tuples(
        st.sampled_from(["good_stated", "bad_stated"]),
        st.dates(date(2024, 1, 1), date(2026, 11, 30)),
        st.integers(0, 4000),
        st.integers(0, 1500),
    ),
    max_size=8,
).map(lambda rows: [fact(n, *row) for n, row in enumerate(rows, start=1)])


@given(facts=FACTS, day=st.dates(date(2025, 1, 1), date(2026, 11, 30)))
def test_a_mean_and_its_parts_are_exact(facts, day):
    found = periods.score(facts, SCHEME, day, NOW)
    parts = sum(one.millionths for one in found.contributions)
    assert found.base + parts + found.cut == found.millionths
    days = periods.period_before(day, 3)
    asked = [each - timedelta(days=1) for each in days]
    daily = [rules.score(facts, SCHEME, each, clock.end_of(each)).millionths for each in asked]
    assert found.millionths == sum(daily) // len(daily)


@given(facts=FACTS, late=FACTS, day=st.dates(date(2025, 1, 1), date(2026, 11, 30)))
def test_what_is_learnt_or_revoked_after_a_period_changes_no_day_of_it(facts, late, day):
    end = clock.end_of(periods.period_before(day, 3)[-1])
    known = [each for each in facts if each.recorded_at < end]
    later = [replace(each, id=each.id + 100, recorded_at=end) for each in late]
    gone = [replace(each, id=each.id + 200, recorded_at=end, revokes=each.id) for each in known]
    before = periods.score(known, SCHEME, day, NOW)
    assert periods.score([*known, *later, *gone], SCHEME, day, NOW) == before
    # Every fact that moves the mean is among those that a certificate would hash.
    assert {c.entry for c in before.contributions} <= {
        e.id for e in periods.weighed([*known, *gone], SCHEME, day, NOW)
    }


def test_the_second_engine_took_every_day_as_known_when_it_was_asked():
    wrong = fact(1, "bad_stated", date(2026, 1, 1), 1000, 365)
    gone = replace(wrong, id=2, recorded_at=clock.start_of(date(2026, 4, 10)), revokes=1)
    former = engines.as_of(SCHEME, "2")
    told = [
        periods.score([wrong, gone], scheme, date(2026, 4, 20), NOW).hundredths
        for scheme in (SCHEME, former)
    ]
    assert told == [6011, 7000]


@given(facts=FACTS, day=st.dates(date(2025, 1, 1), date(2026, 11, 30)))
def test_stated_points_weigh_the_same_in_columns(facts, day):
    ledger = bulk.ledger_of({"x": facts})
    total = bulk.score(ledger, bulk.Weights(SCHEME, ledger.items), day, NOW)
    assert total.millionths[0] == rules.score(facts, SCHEME, day, NOW).millionths


@pytest.mark.parametrize(
    ("day", "first", "last", "count"),
    [
        (date(2026, 5, 10), date(2026, 1, 1), date(2026, 3, 31), 90),
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31), 92),
        (date(2024, 6, 30), date(2024, 1, 1), date(2024, 3, 31), 91),
    ],
)
def test_the_period_is_the_last_whole_quarter(day, first, last, count):
    days = periods.period_before(day, 3)
    assert (days[0], days[-1], len(days)) == (first, last, count)
