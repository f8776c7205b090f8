"""Adjustment and payment of contract prices: worked by hand, and what holds for any numbers."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import money
from kernel.errors import Refused
from procurement.cost import adjustments, payments
from procurement.cost.adjustments import Factor, QuantityOption

GOLDEN = tomllib.loads(
    (Path(__file__).parent / "golden/arithmetic.toml").read_text("utf-8"), parse_float=Decimal
)
FEN = st.integers(0, 10**12)
PERCENT = st.decimals(0, 50, places=2)
INDEX = st.decimals("0.01", 1000, places=2)


def cases(name):
    return [pytest.param(case, id=case["why"][:40]) for case in GOLDEN[name]]


@pytest.mark.parametrize("case", cases("index"))
def test_index_adjustment_as_worked_by_hand(case):
    factors = [Factor(*map(Decimal, row)) for row in case["factors"]]
    found = adjustments.index_adjustment_fen(case["work_done"], Decimal(case["constant"]), factors)
    assert found == case["change"]


@pytest.mark.parametrize("case", cases("information"))
def test_information_adjustment_as_worked_by_hand(case):
    found = adjustments.information_adjustment_fen(
        case["base"], case["bid"], case["current"], Decimal(case["risk"])
    )
    assert found == case["change"]


@pytest.mark.parametrize("case", cases("quantity"))
def test_quantity_settlement_as_worked_by_hand(case):
    found = adjustments.quantity_settlement_fen(
        Decimal(case["planned"]),
        Decimal(case["done"]),
        case["price"],
        case["new_price"],
        Decimal(15),
        QuantityOption(case["option"]),
    )
    assert found == case["sum"]


@pytest.mark.parametrize("case", cases("bounds"))
def test_bounds_of_a_new_price_as_worked_by_hand(case):
    bounds = adjustments.new_price_bounds_fen(
        case["ceiling"], Decimal(case["discount"]), Decimal(15)
    )
    assert bounds == (case["low"], case["high"])
    assert adjustments.new_price_fen(case["low"] - 1, bounds) == case["low"]
    assert adjustments.new_price_fen(case["high"] + 1, bounds) == case["high"]
    assert adjustments.new_price_fen(case["low"] + 1, bounds) == case["low"] + 1


@pytest.mark.parametrize("case", cases("payment"))
def test_progress_payment_as_worked_by_hand(case):
    period = payments.Period(
        work_done_fen=case["work"],
        variations_fen=case["variations"],
        price_adjustment_fen=case["adjustment"],
        prepayment_recovery_fen=case["prepayment"],
        owner_supplied_fen=case["owner_supplied"],
        retention_fen=case["retention"],
        penalties_fen=case["penalties"],
    )
    assert payments.progress_payment_fen(Decimal(case["rate"]), period) == case["due"]


def refused_as(work):
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.refusals[0].code


def test_weights_that_are_not_one_are_refused():
    factor = Factor(Decimal("0.6"), Decimal(1), Decimal(1))
    assert (
        refused_as(lambda: adjustments.index_adjustment_fen(1, Decimal("0.3"), [factor]))
        == "procurement.price.weights_not_one"
    )


def test_an_index_of_zero_is_refused():
    factor = Factor(Decimal("0.7"), Decimal(1), Decimal(0))
    assert (
        refused_as(lambda: adjustments.index_adjustment_fen(1, Decimal("0.3"), [factor]))
        == "procurement.price.index_not_positive"
    )


def test_the_option_has_no_default_and_is_asked_for_only_where_it_matters():
    def settled(done):
        return adjustments.quantity_settlement_fen(
            Decimal(100), Decimal(done), 100, 90, Decimal(15), None
        )

    assert settled(115) == 11_500
    assert settled(84) == 84 * 90
    assert refused_as(lambda: settled(116)) == "procurement.price.option_missing"


def test_what_is_taken_off_is_never_below_zero():
    period = payments.Period(100, retention_fen=-1)
    assert (
        refused_as(lambda: payments.progress_payment_fen(Decimal(80), period))
        == "procurement.price.negative"
    )


def test_floats_are_no_money():
    with pytest.raises(TypeError):
        adjustments.information_adjustment_fen(1, 1, 1, 0.05)  # type: ignore[arg-type]


@given(FEN, INDEX, st.decimals(0, 1, places=4))
def test_unmoved_indices_move_no_price(work, index, constant):
    factors = [Factor(1 - constant, index, index)]
    assert adjustments.index_adjustment_fen(work, constant, factors) == 0


@given(FEN, INDEX, INDEX, st.decimals(0, 1, places=4))
def test_a_price_follows_its_index(work, current, base, constant):
    change = adjustments.index_adjustment_fen(work, constant, [Factor(1 - constant, current, base)])
    assert change * (current - base) >= 0
    assert change >= -work


@given(FEN, FEN, FEN, PERCENT)
def test_the_adjusted_price_never_passes_the_current_one(base, bid, current, risk):
    change = adjustments.information_adjustment_fen(base, bid, current, risk)
    if change > 0:
        assert current > max(base, bid)
        assert max(base, bid) + change <= current + 1
    if change < 0:
        assert current < min(base, bid)
        assert min(base, bid) + change >= current - 1


@given(FEN, FEN, FEN, PERCENT, PERCENT)
def test_more_risk_means_less_adjustment(base, bid, current, one, other):
    low, high = sorted((one, other))
    little, much = (
        abs(adjustments.information_adjustment_fen(base, bid, current, risk))
        for risk in (high, low)
    )
    assert little <= much


@given(st.decimals(1, 10**6, places=3), st.decimals(0, 10**6, places=3), st.integers(1, 10**8))
def test_without_a_new_price_the_quantity_is_all_that_counts(planned, done, price):
    for option in QuantityOption:
        found = adjustments.quantity_settlement_fen(
            planned, done, price, price, Decimal(15), option
        )
        assert found == money.round_fen(done * money.to_yuan(price))


@given(
    st.decimals(1, 10**6, places=3), st.decimals(0, 10**6, places=3),
    st.integers(1, 10**8), st.integers(1, 10**8),
)  # fmt: skip
def test_by_segments_no_step_is_deeper_than_in_full(planned, done, price, new_price):
    segment, full = (
        adjustments.quantity_settlement_fen(planned, done, price, new_price, Decimal(15), option)
        for option in (QuantityOption.SEGMENT, QuantityOption.FULL)
    )
    flat = money.round_fen(done * money.to_yuan(price))
    assert min(full, flat) - 1 <= segment <= max(full, flat) + 1


@given(st.lists(FEN, min_size=1, max_size=12), PERCENT)
def test_progress_payments_together_stay_below_the_agreed_share(works, rate):
    paid = sum(payments.progress_payment_fen(rate, payments.Period(work)) for work in works)
    most = payments.most_payable_fen(rate, sum(works))
    # Each period is rounded by itself: half a fen a period is all that can gather.
    assert paid <= most + len(works)
    assert most <= rate * sum(works) / 100
