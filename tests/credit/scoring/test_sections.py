"""The formula by contract sections: as worked by hand, exact, in any order of facts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import formulas, rules, selectors
from kernel import clock

NOW = datetime(2029, 12, 1, 9, tzinfo=clock.LEGAL_ZONE)
SCHEME = selectors.scheme(NOW, "schemes.highway")
DAY = date(2026, 5, 10)


def fact(number, item, day, section="", points=0, price=0):
    recorded = clock.start_of(day)
    return rules.Entry(
        number,
        item,
        f"文书{number}",
        day,
        recorded,
        0,
        points,
        0 if not points else 366,
        section,
        price,
    )


_SECTION = st.sampled_from(["S1", "S2", "S3"])
_DAY = st.dates(date(2024, 6, 1), date(2026, 6, 30))
FACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["section_bid", "section_completed"]), _DAY, _SECTION),
        st.tuples(
            st.just("section_contract"), _DAY, _SECTION, st.just(0), st.integers(1, 10**12)
        ),
        st.tuples(
            st.sampled_from(["bidding_stated", "performance_stated", "other_stated"]),
            _DAY, _SECTION, st.integers(1, 12_000),
        ),
        st.tuples(st.just("serious"), _DAY),
    ),
    max_size=12,
).map(lambda rows: [fact(n, *row) for n, row in enumerate(rows, start=1)])  # fmt: skip


@given(facts=FACTS, day=st.dates(date(2025, 1, 1), date(2027, 6, 30)))
def test_base_and_contributions_and_cut_are_the_score(facts, day):
    found = formulas.score(facts, SCHEME, day, NOW)
    parts = sum(one.millionths for one in found.contributions)
    assert found.base + parts + found.cut == found.millionths
    assert 0 <= found.millionths <= 100 * 100 * rules.HUNDREDTH


@given(facts=FACTS, day=st.dates(date(2025, 1, 1), date(2027, 6, 30)), order=st.randoms())
def test_the_order_of_facts_does_not_matter(facts, day, order):
    mixed = list(facts)
    order.shuffle(mixed)
    assert formulas.score(mixed, SCHEME, day, NOW) == formulas.score(facts, SCHEME, day, NOW)


@given(facts=FACTS, later=FACTS, day=st.dates(date(2025, 1, 1), date(2027, 6, 30)))
def test_what_is_learnt_later_changes_nothing_known_before(facts, later, day):
    known = datetime(2027, 1, 1, tzinfo=clock.LEGAL_ZONE)
    facts = [f for f in facts if f.recorded_at <= known]
    after = [
        rules.Entry(100 + f.id, f.item, f.group, f.effective_on, known + timedelta(days=1), 0,
                    f.points, f.days, f.section, f.price_fen)
        for f in later
    ]  # fmt: skip
    assert formulas.score([*facts, *after], SCHEME, day, known) == formulas.score(
        facts, SCHEME, day, known
    )


@given(facts=FACTS, day=st.dates(date(2025, 1, 1), date(2027, 6, 30)), factor=st.integers(2, 1000))
def test_multiplying_every_price_changes_no_score(facts, day, factor):
    dearer = [
        rules.Entry(f.id, f.item, f.group, f.effective_on, f.recorded_at, 0, f.points, f.days,
                    f.section, f.price_fen * factor)
        for f in facts
    ]  # fmt: skip
    assert formulas.score(dearer, SCHEME, day, NOW) == formulas.score(facts, SCHEME, day, NOW)


def test_a_section_loses_no_more_than_it_has():
    facts = [
        fact(1, "section_bid", date(2025, 3, 1), "S1"),
        fact(2, "section_bid", date(2025, 3, 1), "S2"),
        fact(3, "bidding_stated", date(2025, 3, 2), "S1", 9000),
        fact(4, "bidding_stated", date(2025, 3, 3), "S1", 9000),
    ]
    found = formulas.score(facts, SCHEME, DAY, NOW)
    assert found.hundredths == 5000
    assert [one.millionths for one in found.contributions] == [-25_000_000, -25_000_000]


def test_performing_a_section_whose_contract_is_unknown_still_loses():
    facts = [fact(1, "performance_stated", date(2025, 3, 2), "S9", 1500)]
    assert formulas.score(facts, SCHEME, DAY, NOW).hundredths == 8500
