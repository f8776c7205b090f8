"""Under a scheme that gives who is listed no score there is none: no number, but words for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from credit.enterprises.models import Enterprise
from credit.scoring import (
    ahead,
    bulk,
    formulas,
    periods,
    rules,
    selectors,
    services,
    shadow,
    statements,
    studying,
    unscored,
)
from credit.scoring.models import PointEntry
from credit.scoring.points import graded, points
from kernel import clock
from kernel.parties.models import User
from procurement.bids import credit as of_bids
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM
from tests.credit.scoring.test_bulk import DAY, NOW, SCHEME, ledgers
from tests.credit.scoring.test_desks import token

JIANGXI = selectors.scheme(datetime(2027, 3, 2, tzinfo=clock.LEGAL_ZONE), "schemes.jiangxi")
LISTING = replace(SCHEME, unscored=frozenset({rules.LISTED}))
MEANS = replace(LISTING, mean_months=3, lag_days=1)


def listed(number, since, until=None, known=NOW):
    return rules.Entry(number, rules.LISTED, "listed:1", since, known, until=until)


def test_the_published_scheme_says_so_as_data_and_the_one_before_does_not():
    assert JIANGXI.unscored == {rules.LISTED}
    before = selectors.scheme(datetime(2026, 11, 30, tzinfo=clock.LEGAL_ZONE), "schemes.jiangxi")
    assert (before.version, before.unscored) == ("2015.1", frozenset())


def test_who_is_listed_has_no_score_and_its_statement_has_no_number():
    ledger = [listed(1, DAY - timedelta(days=3), known=NOW - timedelta(days=3))]
    found = formulas.score(ledger, LISTING, DAY, NOW)
    assert (found.told, found.grade, found.unscored) == (None, "", rules.LISTED)
    assert found.base + found.cut + sum(c.millionths for c in found.contributions) == 0
    said = statements.said(statements.Asked("U", "P", DAY, NOW, "N"), LISTING, found, ledger)
    assert (said["score_millionths"], said["unscored"], said["facts"]) == (None, "listed", 1)


def test_of_who_is_scored_a_statement_says_what_it_always_said():
    found = formulas.score([], LISTING, DAY, NOW)
    said = statements.said(statements.Asked("U", "P", DAY, NOW, "N"), LISTING, found, [])
    assert "unscored" not in said and said["score_millionths"] == found.millionths


@given(ledger=ledgers(), since=st.integers(0, 400), length=st.integers(1, 400),
       scheme=st.sampled_from([LISTING, MEANS]))  # fmt: skip
def test_columns_and_meaning_agree_on_who_has_none(ledger, since, length, scheme):
    first = next(iter(ledger))
    begins = DAY - timedelta(days=since)
    ledger[first].append(
        listed(10_000, begins, begins + timedelta(days=length), NOW - timedelta(days=since))
    )
    table = bulk.ledger_of(ledger)
    ask = (table, scheme, DAY, NOW)
    places = shadow.grades(*ask, lambda usccs: {uscc: ledger[uscc] for uscc in usccs})
    told = shadow.told(*ask, lambda usccs: {uscc: ledger[uscc] for uscc in usccs})
    for place, facts in enumerate(ledger.values()):
        wanted = formulas.score(facts, scheme, DAY, NOW)
        assert shadow.names_of(scheme)[places[place]] == wanted.grade
        assert told[place] == wanted.millionths


@given(st.integers(0, 200), st.integers(1, 200))
def test_days_on_the_list_are_none_of_a_means_days(since, length):
    begins = DAY - timedelta(days=since)
    facts = [listed(1, begins, begins + timedelta(days=length), NOW - timedelta(days=since))]
    found = periods.score(facts, MEANS, DAY, NOW)
    days = periods.daily_questions(MEANS, DAY, NOW)
    free = [d for d, at in days if not unscored.facts(facts, MEANS, d, at)]
    if free:
        assert found.millionths == SCHEME.base * rules.HUNDREDTH
    else:
        assert found.unscored == rules.LISTED


def test_looking_ahead_tells_the_day_from_which_there_is_a_score_again():
    until = DAY + timedelta(days=30)
    facts = [listed(1, DAY - timedelta(days=5), until, NOW - timedelta(days=5))]
    (turn,) = ahead.turns(facts, LISTING, DAY, NOW)
    assert (turn.day, turn.grade, turn.better) == (
        until,
        formulas.score([], LISTING, until, NOW).grade,
        True,
    )


def test_a_study_counts_who_has_none_and_leaves_them_out_of_points_and_of_the_lowest():
    ledger = {"A": [listed(1, DAY - timedelta(days=5), known=NOW - timedelta(days=5))], "B": []}
    table = bulk.ledger_of(ledger)
    ask = (table, LISTING, DAY, NOW, lambda usccs: {uscc: ledger[uscc] for uscc in usccs})
    told = studying._spread(table, LISTING, shadow.told(*ask), shadow.grades(*ask))
    assert told["grades"][-1] == ["", 1]
    assert sum(count for _place, count in told["points"]) == 1
    assert [row[0] for row in told["lowest"]] == ["B"]
    found = shadow.compare(table, LISTING, SCHEME, DAY, NOW, ledgers=ask[-1])
    assert found.first[-1] == "" and np.array(found.counts).sum() == 2
    assert not shadow.silent(table, SCHEME, NOW)


def test_no_score_is_told_in_words():
    assert points(None) == "—"
    assert graded("") == "不评分（列入失信名单）" and graded("A") == "A"


@pytest.mark.django_db
@pytest.mark.usefixtures("september")
class TestOnAList:
    @pytest.fixture
    def people(self):
        people = samples.officers()
        Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
        return people

    @pytest.fixture
    def record(self, people):
        record = samples.published(people, item="collusion")
        samples.listed(people, record)
        samples.settle()
        return record

    @pytest.fixture
    def strict(self, monkeypatch):
        """The scheme in force gives who is listed no score."""
        real = selectors.scheme

        def scheme(at, code=selectors.SCHEME):
            return replace(real(at, code), unscored=frozenset({rules.LISTED}))

        monkeypatch.setattr(selectors, "scheme", scheme)

    def held(self):
        """The listings that the ledger knows of now: since when and until when."""
        entries = selectors.entries(FIRM)
        rows = unscored.facts(entries, LISTING, date(2099, 1, 1), clock.now())
        return [(row.effective_on, row.until) for row in rows]

    def test_the_ledger_knows_since_when_and_until_when(self, people, record):
        assert self.held() == [(clock.today(), None)]
        since = clock.today()
        samples.later(people, 20)
        samples.unlisted(people["one"], people["two"], record)
        samples.settle()
        assert self.held() == []
        facts = selectors.entries(FIRM)
        for day, without in ((since, True), (clock.today(), False)):
            assert bool(unscored.facts(facts, LISTING, day, clock.now())) == without
        assert PointEntry.objects.filter(item=rules.LISTED, until=clock.today()).count() == 1

    def test_a_record_that_is_revoked_later_never_held_anybody_on_it(self, people, record):
        since = clock.today()
        samples.later(people, 20)
        record = samples.unlisted(people["one"], people["two"], record)
        samples.settle()
        facts = selectors.entries(FIRM)
        assert unscored.facts(facts, LISTING, since, clock.now())
        samples.revoked(people, record)
        samples.settle()
        facts = selectors.entries(FIRM)
        assert not unscored.facts(facts, LISTING, since, clock.now())

    def test_certificate_api_pages_and_bids_say_it_in_words(self, people, record, strict):
        held = services.certificate(FIRM, at=clock.now(), purpose="test:1")
        assert (held.grade, held.millionths) == ("", None)
        assert json.loads(held.statement)["score_millionths"] is None
        assert services.replay(held.number).unscored == rules.LISTED
        answer = Client().get(f"/api/v1/credit/scores/{FIRM}", **token(people["firm"])).json()
        assert (answer["score_millionths"], answer["unscored"]) == (None, rules.LISTED)
        told = Client().get(f"/api/v1/credit/certificates/{held.number}", **token(people["firm"]))
        assert (told.json()["score_millionths"], told.json()["grade"]) == (None, "")
        browser = Client(headers={"Accept-Language": "zh-hans"})
        browser.force_login(User.objects.get(person_id=people["firm"].person_id))
        for address in (
            "/credit/mine/", f"/credit/certificates/{held.number}/",
            f"/credit/enterprises/{FIRM}/", "/credit/enterprises/",
        ):  # fmt: skip
            page = browser.get(address)
            assert page.status_code == 200, address
            assert "不评分" in page.content.decode(), address
        given = of_bids.certified(FIRM, "L-1", clock.now())
        assert given.value is None

    def test_in_force_here_it_changes_nothing(self, people, record):
        assert selectors.score(FIRM, clock.today(), clock.now()).told is not None
