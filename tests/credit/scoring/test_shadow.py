"""A switch of schemes shows beforehand who would move; no scheme asks where a firm is at home."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from credit.scoring import bulk, formulas, periods, population, selectors, shadow
from kernel import clock
from tests.credit.scoring.test_bulk import DAY, NOW, ledgers
from tests.credit.scoring.test_population import ledger

__all__ = ["ledger"]
FIRST, SECOND = selectors.scheme(NOW), selectors.scheme(NOW, "schemes.jiangxi")


THIRD = selectors.scheme(NOW, "schemes.highway")
HELD_BACK = replace(FIRST, inertia_steps=1, inertia_months=12)


@settings(max_examples=10)
@given(facts=ledgers(), scheme=st.sampled_from([THIRD, HELD_BACK]))
def test_schemes_that_columns_do_not_compute_are_computed_one_by_one(facts, scheme):
    table = bulk.ledger_of(facts)
    places = shadow.grades(table, scheme, DAY, NOW, lambda part: {u: facts[u] for u in part})
    for place, entries in zip(places, facts.values(), strict=True):
        assert scheme.bands[place][0] == formulas.score(entries, scheme, DAY, NOW).grade


@settings(max_examples=40)
@given(facts=ledgers(), turned=st.booleans())
def test_every_enterprise_is_counted_once_where_its_two_scores_are(facts, turned):
    table = bulk.ledger_of(facts)
    one, other = (SECOND, FIRST) if turned else (FIRST, SECOND)
    found = shadow.compare(
        table, one, other, DAY, NOW, ledgers=lambda part: {u: facts[u] for u in part}
    )
    assert sum(map(sum, found.counts)) == len(facts)
    for scheme in (one, other):
        totals = shadow.totals(table, scheme, DAY, NOW)
        for place, entries in enumerate(facts.values()):
            assert totals[place] == periods.score(entries, scheme, DAY, NOW).millionths
    for uscc, before, after in found.moved:
        assert periods.score(facts[uscc], one, DAY, NOW).grade == before != after


@pytest.mark.django_db
def test_the_command_tells_the_matrix(ledger, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    out = StringIO()
    call_command("shadow", "--to", "jiangxi", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert sum(map(sum, told["counts"])) == 3
    assert told["rows"] == [grade for grade, _least in FIRST.bands]
    out = StringIO()
    call_command("shadow", "--to", "jiangxi", stdout=out)
    assert "→ schemes.jiangxi" in out.getvalue()


@pytest.mark.django_db
def test_what_a_scheme_has_no_item_for_is_counted_and_told(ledger, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    table = population.load()
    assert shadow.silent(table, FIRST, NOW) == {}
    told = shadow.silent(table, SECOND, NOW)
    assert set(told) == set(table.items) and sum(told.values()) == 6
    out = StringIO()
    call_command("shadow", "--to", "jiangxi", stdout=out)
    assert "hazard_general 1" in out.getvalue()


def _told(*arguments):
    out = StringIO()
    call_command("shadow", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_a_version_is_tried_before_its_first_day(ledger, monkeypatch, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    told = _told("--to", "heilongjiang@2026.1")
    assert (told["first"]["version"], told["second"]["version"]) == ("2025.1", "2026.1")
    assert sum(map(sum, told["counts"])) == 3
    (path := tmp_path / "next.toml").write_text(
        selectors.text_of(selectors.SCHEME, NOW).replace('"2025.1"', '"2027.1"')
    )
    assert _told("--to", str(path))["second"]["version"] == "2027.1"
    for wrong in ("heilongjiang@1999.1", "nowhere", str(tmp_path / "none.toml")):
        with pytest.raises(CommandError):
            _told("--to", wrong)
