"""A population's totals are the ledger's own scores, bit for bit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

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


@given(ledger=ledgers(), days=st.integers(-400, 400), hours=st.integers(-9000, 100))
def test_every_total_is_the_reference_to_the_last_bit(ledger, days, hours):
    day, known = DAY + timedelta(days=days), NOW + timedelta(hours=hours)
    table = bulk.ledger_of(ledger)
    found = bulk.score(table, bulk.Weights(SCHEME, table.items), day, known)
    for place, facts in enumerate(ledger.values()):
        wanted = rules.score(facts, SCHEME, day, known)
        assert found.millionths[place] == wanted.millionths
        assert SCHEME.bands[found.band[place]][0] == wanted.grade
        assert bool(found.vetoed[place]) == wanted.vetoed


def test_nobody_known_is_an_empty_population():
    table = bulk.ledger_of({})
    assert len(bulk.score(table, bulk.Weights(SCHEME, table.items), DAY, NOW).millionths) == 0
