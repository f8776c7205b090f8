"""Each check of a bill finds what it is for, names it, and is silent about a right bill."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import money
from kernel.errors import catalogue
from procurement.cost import checking, frames
from procurement.cost.schemas import Composition
from tests.procurement.cost.samples import (
    bid,
    ceiling,
    first_item,
    found,
    rates,
    tender,
    with_item,
    with_items,
    with_unit,
)


def test_a_right_bill_passes_every_check():
    outcome = checking.check(
        bid(),
        rates(),
        tender=tender(),
        ceiling=ceiling(),
        opening_total_fen=bid().total_fen,
        unit_ceilings=True,
    )
    assert outcome.errors == outcome.warnings == ()
    assert outcome.ran == tuple(f"C{number:02d}" for number in range(1, 15))


def test_what_was_not_asked_is_not_said_to_have_run():
    assert not {"C03", "C08", "C10"} & set(checking.check(bid(), rates()).ran)


def test_a_right_tenders_bill_passes():
    outcome = checking.check_tender(tender(), rates())
    assert (outcome.errors, outcome.warnings, outcome.ran) == ((), (), ("C01", "C02"))


def test_severity_is_data():
    wrong = with_item(bid(), price_fen=-5)
    hard = checking.check(wrong, rates())
    soft = checking.check(
        wrong, replace(rates(), severities=dict.fromkeys(rates().severities, "warning"))
    )
    assert hard.errors and not soft.errors
    assert {r.code for r in hard.errors} <= {r.code for r in soft.warnings}


def test_c01_an_unknown_version_of_the_format():
    header = replace(bid().header, format_version="9.9")
    assert found("C01", replace(bid(), header=header)) == [
        ("format_unknown", "bill.format_version")
    ]


def test_c01_an_edition_that_is_no_longer_in_force():
    header = replace(bid().header, edition="gb50500-2013")
    assert ("edition_old", "bill.edition") in found("C01", replace(bid(), header=header))


@pytest.mark.parametrize("code", ["0105020010", "010502001000", "990502001001", "01B000", "abc"])
def test_c02_a_code_that_is_none(code):
    [(what, field)] = found("C02", with_item(bid(), code=code))
    assert field == f"1.1/{code}.code"
    assert f"identifiers.boq_code.{what.rpartition('.')[2]}" in catalogue


def test_c02_a_supplement_code_is_sound():
    assert found("C02", with_item(bid(), code="01B001")) == []


def test_c02_a_code_twice_is_told_with_both_unit_works():
    other = bid().works[0].units[1].sections[0].items[0].code
    wrong = with_item(bid(), code=other)
    assert found("C02", wrong) == [("code_twice", f"1.1/{other}.code")]
    [refusal] = [r for r in checking.check(wrong, rates()).errors if r.code.endswith("twice")]
    assert refusal.facts["units"] == "1.1 / 1.2"


@pytest.mark.parametrize(("off", "wrong"), [(0, False), (1, False), (-1, False), (2, True)])
def test_c04_an_amount_may_be_out_by_one_fen(off, wrong):
    item = first_item(bid())
    assert bool(found("C04", with_item(bid(), amount_fen=item.amount_fen + off))) is wrong


def test_c04_a_measure_and_an_other_item_are_rate_times_base():
    measure, *rest = bid().works[0].units[0].measures
    wrong = replace(measure, amount_fen=measure.amount_fen + 2)
    assert found("C04", with_unit(bid(), measures=(wrong, *rest))) == [
        ("amount_differs", f"1.1/{measure.number}.amount")
    ]
    *rest, other = bid().works[0].units[0].others
    wrong = replace(other, amount_fen=other.amount_fen + 2)
    assert found("C04", with_unit(bid(), others=(*rest, wrong))) == [
        ("amount_differs", f"1.1/{other.number}.amount")
    ]


def test_c05_every_sum_of_the_tree_is_checked():
    assert found("C05", with_unit(bid(), items_fen=1)) == [
        ("sum_differs.items", "1.1.items"),
        ("sum_differs.total", "1.1.total"),
    ]
    assert found("C05", replace(bid(), total_fen=1)) == [("sum_differs.total", "bill.total")]
    assert ("sum_differs.others", "1.1.others") in found("C05", with_unit(bid(), others_fen=1))
    single = replace(bid().works[0], total_fen=bid().works[0].total_fen + 1)
    assert found("C05", replace(bid(), works=(single, *bid().works[1:]))) == [
        ("sum_differs.total", "1.total"),
        ("sum_differs.total", "bill.total"),
    ]
    less = first_item(bid()).amount_fen - 100
    assert [field for _what, field in found("C05", with_item(bid(), amount_fen=less))] == [
        "1.1/1.1.1.total",
        "1.1.items",
    ]


def test_c05_statutory_fees_are_not_listed_any_more():
    unit = bid().works[0].units[0]
    wrong = with_unit(bid(), fees_fen=100, total_fen=unit.total_fen + 100)
    assert ("fees_abolished", "1.1.fees") in found("C05", wrong)
    old = replace(wrong, header=replace(wrong.header, edition="gb50500-2013"))
    assert "fees_abolished" not in {what for what, _ in found("C05", old)}


def test_c06_the_total_in_words():
    assert found("C06", replace(bid(), total_words="壹元整")) == [
        ("words_differ", "bill.total_words")
    ]
    spelled = bid().total_words.replace("元", "圆")
    assert found("C06", replace(bid(), total_words=spelled)) == []


def test_c06_a_priced_bill_states_its_total():
    assert found("C06", replace(bid(), total_fen=None)) == [("total_missing", "bill.total_fen")]


def test_c06_the_total_of_the_opening():
    assert found("C06", bid(), opening_total_fen=bid().total_fen) == []
    assert found("C06", bid(), opening_total_fen=bid().total_fen + 1) == [
        ("opening_differs", "bill.total_fen")
    ]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"price_fen": 0}, "price_not_positive"),
        ({"price_fen": -1}, "price_not_positive"),
        ({"price_fen": None}, "price_missing"),
        ({"amount_fen": None}, "price_missing"),
    ],
)
def test_c07_every_item_is_priced_above_zero(changes, what):
    code = first_item(bid()).code
    assert found("C07", with_item(bid(), **changes)) == [(what, f"1.1/{code}.price")]


def test_c07_no_measure_lowers_the_price():
    measure, *rest = bid().works[0].units[0].measures
    wrong = with_unit(bid(), measures=(replace(measure, amount_fen=-1), *rest))
    assert found("C07", wrong) == [("amount_negative", f"1.1/{measure.number}.amount")]


def test_c08_the_total_is_not_above_the_ceiling():
    low = replace(ceiling(), total_fen=bid().total_fen - 1)
    assert found("C08", bid(), ceiling=low) == [("total_above_ceiling", "bill.total_fen")]
    assert found("C08", bid(), ceiling=replace(low, total_fen=bid().total_fen)) == []


def test_c08_the_ceiling_price_of_the_documents_binds_without_a_bill_of_its_own():
    total = bid().total_fen
    assert total is not None
    assert found("C08", bid(), ceiling_fen=total - 1) == [("total_above_ceiling", "bill.total_fen")]
    assert found("C08", bid(), ceiling_fen=total) == []
    assert "C08" in checking.check(bid(), rates(), ceiling_fen=total).ran


def test_c08_unit_prices_bind_only_where_the_documents_say_so():
    dear = with_item(bid(), price_fen=first_item(ceiling()).price_fen + 1)
    assert found("C08", dear, ceiling=ceiling()) == []
    assert found("C08", dear, ceiling=ceiling(), unit_ceilings=True) == [
        ("price_above_ceiling", f"1.1/{first_item(bid()).code}.price")
    ]


def test_c09_the_safety_fee_is_not_competitive():
    measures = bid().works[0].units[0].measures
    safety, *rest = measures
    assert safety.category == "safety"
    assert found("C09", with_unit(bid(), measures=tuple(rest))) == [
        ("safety_missing", "1.1.measures")
    ]
    cheap = replace(safety, rate=Decimal("1.2"), amount_fen=safety.amount_fen // 2)
    assert [what for what, _ in found("C09", with_unit(bid(), measures=(cheap, *rest)))] == [
        "safety_rate_differs",
        "safety_differs",
    ]


def test_c11_rate_base_and_tax():
    unit = bid().works[0].units[0]
    assert found("C11", with_unit(bid(), vat_rate=Decimal(3))) == [
        ("vat_rate_differs", "1.1.vat_rate")
    ]
    specialist = sum(o.amount_fen for o in unit.others if o.kind == "specialist")
    whole = with_unit(bid(), vat_base_fen=unit.vat_base_fen + specialist)
    assert [what for what, _ in found("C11", whole)] == ["vat_base_differs", "vat_differs"]
    assert found("C11", with_unit(bid(), vat_fen=unit.vat_fen + 2)) == [("vat_differs", "1.1.vat")]


def test_c11_simple_taxation_has_its_own_rate():
    assert {what for what, _ in found("C11", replace(bid(), taxation="simple"))} == {
        "vat_rate_differs",
        "vat_differs",
    }


def test_c12_a_unit_price_is_the_sum_of_its_parts():
    item = first_item(bid())
    parts = replace(item.composition, labour_fen=item.composition.labour_fen + 5)
    assert found("C12", with_item(bid(), composition=parts)) == [
        ("parts_differ", f"1.1/{item.code}.price")
    ]
    assert found("C12", with_item(bid(), composition=None)) == []
    whole = Composition(item.price_fen - 5, 0, 0, 0, 0, 5)
    assert found("C12", with_item(bid(), composition=whole)) == []


def test_c13_a_material_has_one_price():
    last = bid().materials[-1]
    again = replace(last, number="C99", price_fen=last.price_fen + 100)
    wrong = replace(bid(), materials=(*bid().materials, again))
    assert found("C13", wrong) == [("material_prices", "materials")]


def test_c14_the_same_work_has_one_price():
    item, *rest = bid().works[0].units[0].sections[0].items
    twin = replace(item, code=item.code[:9] + "999", price_fen=item.price_fen + 100)
    assert found("C14", with_items(bid(), item, twin, *rest)) == [
        ("item_prices", f"{item.code[:9]}.price")
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**13 - 1), st.integers(-(10**14) + 1, 10**14 - 1)), max_size=8
    )
)
def test_products_are_rounded_as_money_is(pairs):
    import pandas as pd

    quantity = pd.Series([q for q, _ in pairs], dtype="int64")
    price = pd.Series([p for _, p in pairs], dtype="int64")
    exact = [(2 * abs(q * p) + 10_000) // 20_000 * (1 if p >= 0 else -1) for q, p in pairs]
    assert [int(v) for v in frames.product_fen(quantity, price)] == exact
    for (q, p), due in zip(pairs, exact, strict=True):
        if abs(due) < money.LIMIT_FEN:
            assert money.round_fen(Decimal(q * p).scaleb(-6)) == due


def test_every_finding_has_words():
    wrong = with_item(bid(), price_fen=-3, quantity=Decimal(1), features="别的")
    wrong = replace(wrong, total_words="", total_fen=5)
    outcome = checking.check(wrong, rates(), tender=tender(), ceiling=ceiling())
    assert len(outcome.errors) >= 5 and outcome.warnings
    for refusal in (*outcome.errors, *outcome.warnings):
        assert refusal.code in catalogue
        assert "%(" not in catalogue.message(refusal)
        assert refusal.article and refusal.field
