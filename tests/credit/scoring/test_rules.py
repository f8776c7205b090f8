"""The engine is exact, ordered by nothing, explained to the last unit, and never looks ahead."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import bulk, rules, selectors
from kernel import clock

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=clock.LEGAL_ZONE)
SCHEME = selectors.scheme(NOW)


def entry(number: int, item: str, age: int = 0, **changes: object) -> rules.Entry:
    found = {
        "id": number,
        "item": item,
        "group": f"文书{number}",
        "effective_on": DAY - timedelta(days=age),
        "recorded_at": NOW - timedelta(days=age),
    }
    return rules.Entry(**(found | changes))  # type: ignore[arg-type]


ENTRIES = st.lists(
    st.builds(
        entry,
        st.just(0),
        st.sampled_from(sorted(SCHEME.items)),
        st.integers(-30, 1200),
    ),
    max_size=25,
).map(
    lambda facts: [
        rules.Entry(n, f.item, f"文书{n % 7}", f.effective_on, f.recorded_at)
        for n, f in enumerate(facts, start=1)
    ]
)


@given(facts=ENTRIES, seed=st.integers())
def test_order_changes_nothing(facts, seed):
    mixed = facts[:]
    random.Random(seed).shuffle(mixed)
    assert rules.score(mixed, SCHEME, DAY, NOW) == rules.score(facts, SCHEME, DAY, NOW)


@given(facts=ENTRIES)
def test_base_contributions_and_cut_sum_to_the_score_exactly(facts):
    found = rules.score(facts, SCHEME, DAY, NOW)
    total = found.base + sum(one.millionths for one in found.contributions) + found.cut
    assert total == found.millionths
    assert SCHEME.lower * rules.HUNDREDTH <= found.millionths <= SCHEME.upper * rules.HUNDREDTH


@given(facts=ENTRIES, late=ENTRIES)
def test_what_is_recorded_later_changes_no_score_of_before(facts, late):
    later = [
        rules.Entry(f.id + 100, f.item, f.group, f.effective_on, NOW + timedelta(seconds=1))
        for f in late
    ]
    before = rules.score(facts, SCHEME, DAY, NOW)
    assert rules.score([*facts, *later], SCHEME, DAY, NOW) == before


@given(facts=ENTRIES.filter(bool))
def test_a_revoked_fact_weighs_nothing_from_then_on_and_did_before(facts):
    gone = facts[0]
    row = rules.Entry(999, gone.item, gone.group, gone.effective_on, NOW, revokes=gone.id)
    assert rules.score([*facts, row], SCHEME, DAY, NOW) == rules.score(facts[1:], SCHEME, DAY, NOW)
    earlier = NOW - timedelta(seconds=1)
    assert rules.score([*facts, row], SCHEME, DAY, earlier) == rules.score(
        facts, SCHEME, DAY, earlier
    )


@given(facts=ENTRIES.filter(bool), after=st.integers(-40, 1300))
def test_a_fact_with_an_end_weighs_before_it_and_no_more_from_it_on(facts, after):
    whole, rest = facts[0], facts[1:]
    until = whole.effective_on + timedelta(days=after)
    ended = replace(whole, until=until)
    wanted = [*rest, whole] if until > DAY else rest
    assert rules.score([*rest, ended], SCHEME, DAY, NOW).millionths == (
        rules.score(wanted, SCHEME, DAY, NOW).millionths
    )
    item = SCHEME.items[whole.item]
    assert rules.ends_on(item, ended) <= rules.ends_on(item, whole)


def test_the_same_fact_counts_once_and_the_gravest_of_it():
    facts = [
        entry(1, "hazard_general", group="同一文书"),
        entry(2, "hazard_major", group="同一文书"),
        entry(3, "hazard_general", group="同一文书"),
    ]
    assert rules.score(facts, SCHEME, DAY, NOW).hundredths == 6000 - 800


def test_caps_and_floors_are_shared_out_to_the_last_millionth():
    facts = [entry(n, "performance_excellent", n * 37) for n in range(1, 8)]
    found = rules.score(facts, SCHEME, DAY, NOW)
    assert sum(one.millionths for one in found.contributions) == 1500 * rules.HUNDREDTH


@given(age=st.integers(0, 4000), half_life=st.integers(1, 900))
def test_half_life_halves_and_falls(age, half_life):
    item = rules.Item("x", 100, "c", 5000, "half_life", half_life)
    found = rules.decay(item, age)
    assert found >= rules.decay(item, age + 1)
    # Within half a ten-thousandth, by whole numbers: (2n-1)^h 2^a <= (2 10^4)^h < (2n+1)^h 2^a
    whole = (2 * 10_000) ** half_life
    assert (2 * found + 1) ** half_life << age > whole
    assert not found or (2 * found - 1) ** half_life << age <= whole


@pytest.mark.parametrize(
    ("age", "half_life", "factor"),
    [(0, 30, 10_000), (1, 30, 9772), (30, 30, 5000), (15, 30, 7071), (5, 1, 313), (29, 30, 5117)],
)
def test_half_life_is_rounded_and_half_goes_up(age, half_life, factor):
    item = rules.Item("x", 100, "c", 5000, "half_life", half_life)
    assert rules.decay(item, age) == factor


@given(facts=ENTRIES, half_life=st.integers(1, 400))
def test_contributions_by_half_life_sum_to_the_score_in_rows_and_columns(facts, half_life):
    items = {
        code: replace(item, decay="half_life", half_life_days=half_life)
        for code, item in SCHEME.items.items()
    }
    scheme = replace(SCHEME, items=items)
    found = rules.score(facts, scheme, DAY, NOW)
    assert found.base + sum(c.millionths for c in found.contributions) + found.cut == (
        found.millionths
    )
    ledger = bulk.ledger_of({"x": facts})
    total = bulk.score(ledger, bulk.Weights(scheme, ledger.items), DAY, NOW).millionths[0]
    assert total == found.millionths


def test_no_item_of_a_scheme_asks_where_a_firm_is_registered():
    assert not any("region" in code or "local" in code for code in SCHEME.items)
