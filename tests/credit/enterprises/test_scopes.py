"""What a grade may build is law by measure; what is not held, nobody invents."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.enterprises import selectors
from credit.enterprises.bidding import Held, Wanted, left_to_judge, may_bid
from credit.enterprises.scopes import Limit, may_build
from kernel import clock
from kernel.errors import catalogue
from kernel.regulation import marks
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

CASES = tomllib.loads((Path(__file__).parent / "golden/scopes.qualification.toml").read_text())
ARTICLES = dict.fromkeys(("qualification", "safety", "barred"), "第一条")
DAY = datetime(2025, 9, 1, 9, tzinfo=clock.LEGAL_ZONE).date()


@pytest.mark.parametrize("case", CASES["case"])
def test_the_law_as_held_says_what_a_grade_builds(case):
    works = {case["measure"]: case["value"]}
    found = may_build(case["trade"], case["grade"], works, selectors.limits(DAY, "zh"))
    said = "no" if found.refusals else "unknown" if found.unknown else "yes"
    assert said == case["may"]


def test_every_limit_names_its_article_and_says_that_it_is_remembered():
    word = str(marks.mark("remembered_uncertain"))
    assert all(word in limit.article for limit in selectors.limits(DAY, "zh").values())


@given(
    most=st.integers(1, 10**17),
    value=st.integers(0, 10**17),
    others=st.dictionaries(st.sampled_from(["span_m", "area_m2"]), st.integers(0, 10**6)),
)
def test_only_what_exceeds_its_own_limit_is_refused(most, value, others):
    limits = {("bridge", "second", "length_m"): Limit(most, "第一条")}
    found = may_build("bridge", "second", {"length_m": value, **others}, limits)
    assert bool(found.refusals) == (value > most)
    assert set(found.unknown) == set(others)


def bid(trade, grade, works):
    return selectors.refusals_to_bid(
        samples.FIRM, trade=trade, grade=grade, at=clock.now(), works=works
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("september")
class TestBids:
    @pytest.fixture
    def people(self):
        people = officers.officers()
        samples.licence(
            people, kind="safety", number="(黑)JZ安许证字[2024]900001", trade="", grade=""
        )
        return people

    def test_a_bid_beyond_the_scope_is_refused_with_scope_and_article(self, people):
        samples.licence(people, trade="decoration", grade="second")
        assert bid("decoration", "", {"price_fen": 20_000_000_00}) == []
        (reason,) = bid("decoration", "", {"price_fen": 20_000_000_01})
        assert reason.code == "credit.enterprise.beyond_scope"
        assert "159号" in reason.article
        assert "20,000,000.00" in catalogue.message(reason)

    def test_a_limit_that_is_not_held_refuses_nobody(self, people):
        samples.licence(people, trade="municipal", grade="second")
        assert bid("municipal", "second", {"price_fen": 10**15}) == []

    def test_the_best_of_two_certificates_counts(self, people):
        samples.licence(people, trade="decoration", grade="second")
        samples.licence(people, trade="decoration", grade="first")
        assert bid("decoration", "second", {"price_fen": 10**15}) == []

    def test_a_comprehensive_qualification_stands_for_every_general_trade(self, people):
        samples.licence(people, trade="comprehensive", grade="ungraded")
        assert bid("railway", "first", {"price_fen": 10**15}) == []
        assert [r.code for r in bid("decoration", "", {})] == ["credit.enterprise.not_qualified"]

    def test_the_reformed_grade_meets_the_one_that_it_was_exchanged_for(self, people):
        samples.licence(people, trade="building", grade="grade_a")
        assert bid("building", "first", {"building_height_m": 400}) == []
        assert [r.code for r in bid("building", "special", {})]

    def test_what_no_limit_is_held_of_is_left_to_people_with_the_standards_name(self, people):
        samples.licence(people, trade="municipal", grade="second")
        (one,) = left("municipal", "second", {"price_fen": 1_000_00, "span_m": 40})
        assert (one.code, one.facts["measure"]) == (
            "credit.enterprise.scope_not_held", "price_fen",
        )  # fmt: skip
        assert "159号" in one.article
        told = catalogue.message(one)
        assert "须由人判断" in told and "1,000.00" in told and "市政公用工程" in told

    def test_the_reformed_second_grade_is_left_to_people_and_names_the_reform(self, people):
        samples.licence(people, trade="building", grade="grade_b")
        works = {"building_height_m": 60, "price_fen": 1}
        assert bid("building", "third", works) == []
        found = left("building", "third", works)
        assert {one.facts["measure"] for one in found} == set(works)
        assert all("94号" in one.article for one in found)

    def test_a_certificate_whose_limits_are_held_leaves_nothing_to_judge(self, people):
        samples.licence(people, trade="building", grade="grade_b")
        samples.licence(people, trade="building", grade="grade_a")
        assert left("building", "third", {"building_height_m": 60}) == []

    def test_nothing_is_left_to_judge_where_nothing_is_asked_or_nothing_fits(self, people):
        samples.licence(people, trade="municipal", grade="second")
        assert left("municipal", "second", {}) == []
        assert left("", "", {"price_fen": 1}) == []
        assert left("railway", "second", {"price_fen": 1}) == []


def left(trade, grade, works):
    return selectors.left_to_judge(
        samples.FIRM, trade=trade, grade=grade, at=clock.now(), works=works
    )


@given(
    limited=st.dictionaries(st.sampled_from(["span_m", "area_m2", "length_m"]), st.integers(1, 50)),
    works=st.dictionaries(st.sampled_from(["span_m", "area_m2", "length_m"]), st.integers(1, 99)),
)
def test_every_measure_is_judged_or_left_to_people_and_never_silent(limited, works):
    day = DAY
    limits = {("bridge", "second", name): Limit(most, "第一条") for name, most in limited.items()}
    wanted = Wanted("bridge", "second", {"second": 2}, ARTICLES, works=works, limits=limits)
    held = [Held("qualification", "bridge", "second", "1", day, day)]
    refused = {
        one.facts["measure"] for one in may_bid(held, wanted, (), day) if one.facts.get("measure")
    }
    left_over = {one.facts["measure"] for one in left_to_judge(held, wanted, day)}
    assert left_over == works.keys() - limited.keys()
    assert refused == {
        name for name in works.keys() & limited.keys() if works[name] > limited[name]
    }
