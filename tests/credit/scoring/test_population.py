"""The ledger in columns is the ledger in rows, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.db import transaction

from credit.scoring import bulk, population, rules, selectors
from credit.scoring.models import PointEntry
from kernel import clock

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=clock.LEGAL_ZONE)
FIRMS = ("91230102PDY0003197", "91230102PDY000343P", "91230103PDY000079T")


def fact(number: int, uscc: str, item: str, age: int, **changes: object) -> PointEntry:
    """A row of the ledger."""
    values = {
        "uscc": uscc, "item": item, "group": f"文书{number}",
        "effective_on": DAY - timedelta(days=age), "recorded_at": NOW - timedelta(days=age),
        "cause": f"test:{number}", "record_id": number,
    }  # fmt: skip
    return PointEntry.objects.create(**(values | changes))


@pytest.fixture
def ledger() -> None:
    first = fact(1, FIRMS[0], "hazard_general", 10)
    fact(2, FIRMS[0], "hazard_major", 5, group="文书1")
    fact(3, FIRMS[1], "performance_excellent", 100)
    fact(8, FIRMS[2], "hazard_major", 9, until=DAY)
    fact(9, FIRMS[2], "late_filing", 9, until=DAY + timedelta(days=1))
    gone = fact(4, FIRMS[1], "late_filing", 30)
    fact(5, FIRMS[2], "collusion", 1)
    fact(6, FIRMS[1], "late_filing", 30, revokes=gone, recorded_at=NOW - timedelta(days=2))
    fact(7, FIRMS[0], "hazard_general", 10, revokes=first, recorded_at=NOW + timedelta(days=2))


@pytest.mark.django_db
@pytest.mark.parametrize("later", [-5, 0, 3])
def test_everybodys_score_is_the_score_of_each(ledger, later):
    known = NOW + timedelta(days=later)
    scheme = selectors.scheme(NOW)
    table = population.load()
    found = bulk.score(table, bulk.Weights(scheme, table.items), DAY, known)
    assert sorted(table.holders) == sorted(FIRMS)
    for place, uscc in enumerate(table.holders):
        wanted = rules.score(selectors.entries(uscc), scheme, DAY, known)
        assert found.millionths[place] == wanted.millionths


@pytest.mark.django_db
def test_an_empty_ledger_is_an_empty_population():
    table = population.load()
    assert (list(table.holders), len(table)) == ([], 0)


def test_two_connections_read_one_moment(committed, ledger, monkeypatch):
    monkeypatch.setattr(population, "_ROWS", 2)
    whole = population.load()
    with transaction.atomic():
        alone = population.load()
    for name in (
        "holders",
        "items",
        "holder",
        "item",
        "fact",
        "effective",
        "recorded",
        "revoked",
        "until",
    ):
        assert list(getattr(whole, name)) == list(getattr(alone, name))


def test_hashes_that_share_their_highest_bits_are_told_apart():
    known = [-5, -(2**63), 1, 2, 3, 2**62, 2**62 + 1, 2**63 - 1]
    names = {each: f"firm {each}" for each in known}
    rows = np.array([*known, 3, 2**62, -5], np.int64)
    told, places = population._places(names, rows)
    assert [told[place] for place in places] == [names[each] for each in rows.tolist()]


@pytest.mark.parametrize("stranger", [4, -(2**63) + 1, 2**63 - 1, -1])
def test_a_row_of_nobody_known_is_nobodys(stranger):
    with pytest.raises(LookupError):
        population._places({1: "one", 2**62: "two"}, np.array([1, stranger], np.int64))
    with pytest.raises(LookupError):
        population._places({}, np.array([stranger], np.int64))
