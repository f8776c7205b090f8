"""The draw: everybody gets the same order out of the same numbers, and nobody who is barred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from procurement.evaluation import draw
from procurement.evaluation.draw import Candidate, Employment, Filters

FILTERS = Filters("2025-09-01", ("building",), "23", ("OWNER", "AGENCY"), "OWNER", 3, 30, 4, 30)
GOOD = Candidate("ZJ1", ("building",), "230102", "")

candidates = st.builds(
    Candidate,
    code=st.integers(1, 10**6).map(lambda n: f"ZJ{n}"),
    specialties=st.sampled_from([("building",), ("cost",), ("building", "cost")]),
    region=st.sampled_from(["230102", "230602", "110101"]),
    valid_until=st.sampled_from(["", "2025-08-31", "2025-09-01"]),
    employments=st.sampled_from(
        [(), (Employment("OWNER"),), (Employment("OWNER", "2020-01-01"),), (Employment("X"),)]
    ).map(tuple),
    served=st.sampled_from([(), (("OWNER", "2025-08-20"),), (("X", "2025-08-20"),) * 4]),
)
pools = st.lists(candidates, max_size=20, unique_by=lambda one: one.code)
seeds = st.binary(min_size=1, max_size=32).map(bytes.hex)


@given(pool=pools, seed=seeds, data=st.data())
def test_the_order_of_the_pool_does_not_matter(pool, seed, data):
    shuffled = data.draw(st.permutations(pool))
    assert draw.draw(pool, FILTERS, seed) == draw.draw(shuffled, FILTERS, seed)
    assert draw.pool_sha256(pool) == draw.pool_sha256(shuffled)


@given(pool=pools, seed=seeds)
def test_all_who_are_free_are_in_the_order_once_and_nobody_else(pool, seed):
    order = draw.draw(pool, FILTERS, seed)
    assert sorted(order) == sorted(c.code for c in pool if not draw.barred(c, FILTERS))


@given(pool=pools, seed=seeds)
def test_who_falls_out_leaves_the_order_of_the_others_as_it_was(pool, seed):
    order = draw.draw(pool, FILTERS, seed)
    for gone in order:
        rest = [one for one in pool if one.code != gone]
        assert draw.draw(rest, FILTERS, seed) == tuple(c for c in order if c != gone)


def test_either_nonce_alone_turns_the_order_round():
    pool = [replace(GOOD, code=f"ZJ{n}") for n in range(30)]
    known = draw.pool_sha256(pool)
    orders = {
        draw.draw(pool, FILTERS, draw.seed_of(platform, owner, known))
        for platform in ("aa", "bb")
        for owner in ("甲", "乙")
    }
    assert len(orders) == 4


def test_a_draw_worked_once_comes_out_for_ever():
    pool = [replace(GOOD, code=f"ZJ{n}") for n in range(1, 6)]
    assert draw.draw(pool, FILTERS, "00") == draw.draw(list(reversed(pool)), FILTERS, "00")
    assert draw.from_json(draw.to_json(GOOD)) == GOOD


def test_each_filter_bars_and_names_itself():
    assert draw.barred(GOOD, FILTERS) == ""
    cases = {
        "expired": replace(GOOD, valid_until="2025-08-31"),
        "specialty": replace(GOOD, specialties=("cost",)),
        "region": replace(GOOD, region="110101"),
        "employer": replace(GOOD, employments=(Employment("AGENCY"),)),
        "cooling": replace(GOOD, served=(("OWNER", "2025-08-03"),)),
        "load": replace(GOOD, served=(("X", "2025-08-20"),) * 4),
    }
    assert {draw.barred(one, FILTERS): one for one in cases.values()} == cases
    assert draw.barred(replace(GOOD, valid_until="2025-09-01"), FILTERS) == ""
    assert draw.barred(replace(GOOD, served=(("OWNER", "2025-08-02"),)), FILTERS) == ""
    assert draw.barred(replace(GOOD, served=(("X", "2025-08-20"),) * 3), FILTERS) == ""


def test_an_employer_of_three_years_ago_to_the_day_still_counts():
    def kept(until: str) -> tuple[str, ...]:
        return draw.conflicting([Employment("X", until)], ["X"], date(2025, 9, 1), 3)

    assert kept("2022-09-01") == ("X",)
    assert kept("2022-08-31") == ()
    assert draw.conflicting([Employment("X", "2021-02-28")], ["X"], date(2024, 2, 29), 3) == ("X",)
