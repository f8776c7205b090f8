"""A population's totals are the ledger's own scores, bit for bit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import bulk, rules, selectors
from kernel import clock

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=clock.LEGAL_ZONE)
SCHEME = selectors.scheme(NOW)
ITEMS = [*sorted(SCHEME.items), "no_such_item"]


@st.composite
def ledgers(draw: st.DrawFn) -> dict[str, list[rules.Entry]]:
    """Some enterprises' facts, of which some are the same, some late and some revoked."""
    found: dict[str, list[rules.Entry]] = {}
    number = 0
    for holder in range(draw(st.integers(1, 4))):
        facts: list[rules.Entry] = []
        for _ in range(draw(st.integers(0, 14))):
            number += 1
            recorded = NOW - timedelta(hours=draw(st.integers(-48, 24 * 900)))
            day = DAY - timedelta(days=draw(st.integers(-5, 1200)))
            item = draw(st.sampled_from(ITEMS))
            until = draw(
                st.none() | st.integers(-30, 1200).map(lambda n, day=day: day + timedelta(n))
            )
            group = f"文书{draw(st.integers(1, 5))}"
            facts.append(rules.Entry(number, item, group, day, recorded, until=until))
        for fact in list(facts):
            for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
                number += 1
                at = fact.recorded_at + timedelta(hours=draw(st.integers(0, 500)))
                facts.append(
                    rules.Entry(number, fact.item, fact.group, fact.effective_on, at, fact.id)
                )
        found[f"firm{holder}"] = facts
    return found


@given(
    ledger=ledgers(), days=st.integers(-400, 400), hours=st.integers(-9000, 100),
    span=st.sampled_from([1, 2, 5, 2**16]),
)  # fmt: skip
def test_every_total_is_the_reference_to_the_last_bit(ledger, days, hours, span):
    day, known = DAY + timedelta(days=days), NOW + timedelta(hours=hours)
    table = bulk.ledger_of(ledger)
    with mock.patch.object(bulk, "_SPAN", span):
        found = bulk.score(table, bulk.Weights(SCHEME, table.items), day, known)
    for place, facts in enumerate(ledger.values()):
        wanted = rules.score(facts, SCHEME, day, known)
        assert found.millionths[place] == wanted.millionths
        assert SCHEME.bands[found.band[place]][0] == wanted.grade
        assert bool(found.vetoed[place]) == wanted.vetoed


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0, 1, 2**62, -1, -(2**63)]))))
def test_a_fact_that_stands_more_than_once_has_one_number(rows):
    holder = np.array([row[0] for row in rows], np.int32)
    fact = np.array([row[1] for row in rows], np.int64)
    with mock.patch.object(bulk, "_SHIFT", np.uint64(60)):
        few = bulk._again(holder, fact)
    assert few.tolist() == bulk._again(holder, fact).tolist()
    numbers = {}
    for row, number in zip(rows, few.tolist(), strict=True):
        assert (number >= 0) == (rows.count(row) > 1)
        assert numbers.setdefault(row, number) == number
    told = {number for number in numbers.values() if number >= 0}
    assert told == set(range(sum(number >= 0 for number in numbers.values())))


def test_nobody_known_is_an_empty_population():
    table = bulk.ledger_of({})
    assert len(bulk.score(table, bulk.Weights(SCHEME, table.items), DAY, NOW).millionths) == 0
