"""Formulas and results: worked by hand, and whatever comes, counted the same again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sealing import canonical
from procurement.evaluation import counting, formulas
from procurement.evaluation.counting import Score, Vote

PRICES = (100_00, 102_00, 104_00, 110_00)


def inputs(prices=PRICES, **changes):
    """Bids at these prices, all scored alike by five members."""
    return {
        "formula": "trimmed_mean",
        "trim_above": 3,
        "factor": None,
        "price_marks": 50_00,
        "rise": 1_00,
        "fall": 50,
        "credit_marks": 10_00,
        "credit_full": 100_00,
        "seed": "ab",
        "bids": [
            {
                "bid_id": number,
                "uscc": f"U{number:03d}",
                "price_fen": price,
                "credit": 80_00,
                "scores": [
                    {"seat": seat, "technical": 20_00, "commercial": 5_00} for seat in range(1, 6)
                ],
            }
            for number, price in enumerate(prices, start=1)
        ],
        "rejected": [],
    } | changes


def test_the_example_of_the_reference_m1():
    # F=50, up 1, down 0.5: B = 103.00; 48.545 and 49.515 are rounded up.
    found = counting.price_result(inputs())
    assert found["benchmark_fen"] == 103_00
    assert [row["deviation"] for row in found["bids"]] == [-291, -97, 97, 680]
    assert [row["price_points"] for row in found["bids"]] == [48_55, 49_52, 49_03, 43_20]


def test_m2_takes_the_drawn_share_off():
    made = inputs(formula="trimmed_mean_less_factor", factor=50)
    found = counting.price_result(made)
    assert found["benchmark"] == ["20497", "2"]  # 103.00 * 0.995 = 102.485 yuan
    assert [row["price_points"] for row in found["bids"]] == [48_79, 49_77, 48_52, 42_67]
    with pytest.raises(ValueError, match="not drawn"):
        counting.price_result(inputs(formula="trimmed_mean_less_factor"))


@pytest.mark.parametrize(
    ("prices", "mean"),
    [((100,), 100), ((100, 110), 105), ((90, 100, 140), 110), ((90, 100, 110, 400), 105)],
)
def test_three_bids_are_all_used_and_of_four_the_ends_are_dropped(prices, mean):
    assert formulas.trimmed_mean(prices, 3) == mean


def test_points_are_held_between_nothing_and_full_marks():
    assert formulas.price_points(0, 50_00, 1_00, 50) == 50_00
    assert formulas.price_points(9000, 50_00, 1_00, 50) == 0
    assert formulas.credit_points(80_00, 100_00, 10_00) == 8_00
    assert formulas.credit_points(120_00, 100_00, 10_00) == 10_00
    assert formulas.parse_points(Decimal("18.5")) == 18_50
    with pytest.raises(ValueError, match="decimals"):
        formulas.parse_points(Decimal("18.555"))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_rounding_is_half_away_from_zero(numerator, denominator):
    exact = Fraction(numerator, denominator)
    off = abs(formulas.hundredths(exact) - exact * 100)
    assert off <= Fraction(1, 2)
    assert formulas.hundredths(-exact) == -formulas.hundredths(exact)


prices = st.lists(st.integers(1, 10**12), min_size=1, max_size=9)


@given(prices, st.data())
def test_the_order_of_bidders_changes_no_byte(given_prices, data):
    made = inputs(given_prices)
    bids = [one | {"scores": list(reversed(one["scores"]))} for one in made["bids"]]
    shuffled = made | {"bids": data.draw(st.permutations(bids))}
    first, second = counting.result(made), counting.result(shuffled)
    assert canonical.encode(first) == canonical.encode(second)
    assert counting.sha256(first) == counting.sha256(second)


@given(prices, st.integers(2, 1000), st.sampled_from([None, 25, 50, 150]))
def test_prices_in_another_unit_give_the_same_points(given_prices, unit, factor):
    name = "trimmed_mean" if factor is None else "trimmed_mean_less_factor"
    one = counting.price_result(inputs(given_prices, formula=name, factor=factor))
    many = counting.price_result(
        inputs([price * unit for price in given_prices], formula=name, factor=factor)
    )
    assert one["bids"] == many["bids"]


@given(prices)
def test_a_frozen_benchmark_gives_the_result_that_it_came_from(given_prices):
    made = inputs(given_prices)
    found = counting.result(made)
    assert counting.result(made, found["benchmark"]) == found
    # Another bid does not move what is frozen.
    more = counting.result(inputs([*given_prices, 1]), found["benchmark"])
    assert more["benchmark"] == found["benchmark"]


def test_of_equal_totals_the_lower_price_then_more_technical_points_then_the_drawn_lot():
    made = inputs((100_00, 100_00))
    first = counting.result(made)["ranking"]
    other = counting.result(made | {"seed": "ac"})["ranking"]
    again = counting.result(made | {"seed": "ab"})["ranking"]
    assert first == again
    assert {row["bid_id"] for row in other} == {1, 2}
    seeds = {counting.result(made | {"seed": f"{n:02x}"})["ranking"][0]["bid_id"] for n in range(9)}
    assert seeds == {1, 2}
    # One point of technical against one of commercial: the total is equal.
    better = made["bids"][1] | {
        "scores": [{"seat": s, "technical": 21_00, "commercial": 4_00} for s in range(1, 6)]
    }
    assert counting.result(made | {"bids": [made["bids"][0], better]})["ranking"][0]["bid_id"] == 2


def test_a_bid_is_rejected_by_more_than_half_on_one_ground():
    votes = [Vote(seat, 1, ("price",) if seat <= 3 else ()) for seat in range(1, 6)]
    assert counting.rejected_for(votes, 1, 5) == ("price",)
    assert counting.rejected_for(votes[1:], 1, 5) == ()
    assert counting.valid_bids(votes, [1, 2], 5) == (2,)
    split = [Vote(s, 1, ("price",) if s <= 2 else ("unsigned",)) for s in range(1, 5)]
    assert counting.undecided(split, [1], 5) == (1,)
    assert counting.undecided(votes, [1], 5) == ()


def test_who_is_far_off_the_mean_is_named_until_they_say_why():
    scores = [Score(s, 1, 20_00, 0) for s in range(1, 5)] + [Score(5, 1, 5_00, 0)]
    assert counting.deviating(scores, [1], 30) == ((5, 1),)
    said = [*scores[:4], Score(5, 1, 5_00, 0, "方案照抄")]
    assert counting.unexplained(said, [1], 30) == ()
    assert counting.missing(scores, range(1, 7), [1]) == ((6, 1),)
