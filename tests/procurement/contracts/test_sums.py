"""What payments are due at: never above the cap, exact to the fen, interest only grows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from procurement.contracts.payments import sums
from procurement.contracts.payments.sums import Before, Terms
from procurement.cost.adjustments import rounded
from tests.procurement.contracts.samples import LINES

percents = st.decimals(min_value=0, max_value=100, places=2)
money = st.integers(min_value=0, max_value=10**13)


def terms(progress: Decimal = Decimal(80), wage: Decimal = Decimal(20), **more: int) -> Terms:
    values = {"price_fen": 10**13, "provisional_fen": 0, **more}
    return Terms(
        progress_percent=progress,
        prepayment_percent=Decimal(10),
        retention_percent=Decimal(3),
        performance_percent=Decimal(10),
        wage_percent=wage,
        **values,
    )


def _after(before: Before, made: sums.Sums) -> Before:
    return Before(
        earned_fen=before.earned_fen + made.earned_fen,
        gross_fen=before.gross_fen + made.gross_fen,
        prepaid_fen=before.prepaid_fen,
        recovered_fen=before.recovered_fen + made.recovery_fen,
        due_fen=before.due_fen + made.due_fen,
    )


@given(st.lists(money, min_size=1, max_size=12), percents)
def test_all_payments_together_are_never_above_the_agreed_share(
    works: list[int], share: Decimal
) -> None:
    before = Before()
    for work in works:
        before = _after(
            before, sums.progress(terms(share), before, work=work, variations=0, adjustments=0)
        )
    assert before.due_fen <= Fraction(share) / 100 * sum(works)
    assert before.due_fen > Fraction(share) / 100 * sum(works) - 1


@given(st.lists(money, min_size=1, max_size=12), money)
def test_no_more_prepayment_is_recovered_than_was_paid(works: list[int], prepaid: int) -> None:
    before = Before(prepaid_fen=prepaid, due_fen=prepaid)
    for work in works:
        made = sums.progress(terms(), before, work=work, variations=0, adjustments=0)
        assert made.recovery_fen >= 0
        assert made.due_fen >= 0
        before = _after(before, made)
    assert before.recovered_fen <= prepaid


@given(money, percents, percents)
def test_wages_are_within_what_is_due(work: int, share: Decimal, wage: Decimal) -> None:
    made = sums.progress(terms(share, wage), Before(), work=work, variations=0, adjustments=0)
    assert 0 <= made.wages_fen <= made.due_fen


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(LINES)), st.decimals(min_value=0, max_value=10**5, places=4)
        ),
        max_size=20,
    )
)
def test_the_work_done_is_the_sum_of_its_items(lines: list[tuple[str, Decimal]]) -> None:
    """In one measurement or in many: each item comes to its quantity at its price."""
    whole = sums.work_fen(lines, LINES)
    by_item: dict[str, Decimal] = {}
    many = 0
    for code, quantity in lines:
        many += sums.work_fen([(code, quantity)], LINES, by_item)
        by_item[code] = by_item.get(code, Decimal(0)) + quantity
    items = sum(
        rounded(Fraction(quantity) * LINES[code].price_fen) for code, quantity in by_item.items()
    )
    assert whole == many == items


@given(money, st.integers(0, 2000), st.integers(0, 2000), st.booleans())
def test_interest_only_grows(amount: int, days: int, more: int, sme: bool) -> None:
    def of(number: int) -> int:
        percents_ = sums.daily_percents(
            number,
            agreed_year=None,
            sme=sme,
            sme_daily=Decimal("0.05"),
            prime=[Decimal("3.10")] * number,
            days_of_year=Decimal(365),
        )
        return sums.interest_fen(amount, percents_)

    assert 0 <= of(days) <= of(days + more)
    assert of(0) == 0


def test_interest_by_hand() -> None:
    """1,000,000 yuan ten days late: 0.05 % a day are 5,000; at 3 % a year 821.92."""
    amount = 1_000_000_00
    year, law = Decimal(365), Decimal("0.05")
    sme = sums.daily_percents(
        10, agreed_year=None, sme=True, sme_daily=law, prime=[], days_of_year=year
    )
    assert sums.interest_fen(amount, sme) == 5_000_00
    primed = sums.daily_percents(
        10, agreed_year=None, sme=False, sme_daily=law, prime=[Decimal(3)] * 10, days_of_year=year
    )
    assert sums.interest_fen(amount, primed) == 821_92
    agreed = sums.daily_percents(
        10, agreed_year=Decimal("7.3"), sme=True, sme_daily=Decimal(1), prime=[], days_of_year=year
    )
    assert sums.interest_fen(amount, agreed) == 2_000_00


def test_a_period_by_hand() -> None:
    """1,000,000 of work at 80 %, a tenth of a prepayment of 500,000 recovered."""
    before = Before(prepaid_fen=500_000_00, due_fen=500_000_00)
    made = sums.progress(
        terms(price_fen=10_000_000_00), before, work=1_000_000_00, variations=0, adjustments=0,
        penalties=1_000_00,
    )  # fmt: skip
    assert made.gross_fen == 800_000_00
    assert made.recovery_fen == 50_000_00
    assert made.due_fen == 749_000_00
    assert made.wages_fen == 200_000_00
    assert made.retention_fen == 0


def test_retention_is_held_in_progress_only_without_a_performance_security() -> None:
    bare = Terms(10**12, 0, Decimal(80), Decimal(0), Decimal(3), Decimal(0), Decimal(20))
    made = sums.progress(bare, Before(), work=1_000_000_00, variations=0, adjustments=0)
    assert made.retention_fen == 30_000_00
    assert made.due_fen == 770_000_00


def test_the_final_payment_is_the_settled_price_less_payments_and_retention() -> None:
    settled = terms(settled_fen=1_000_000_00, retention_fen=30_000_00)
    made = sums.settlement(settled, Before(due_fen=800_000_00))
    assert made.due_fen == 170_000_00
    assert sums.ceiling_fen(settled, 0) == 970_000_00
