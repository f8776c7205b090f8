"""C03 and C10: each difference between a tender's bill and a bid's is named, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from procurement.cost import checking
from tests.procurement.cost.samples import (
    bid,
    first_item,
    found,
    rates,
    tender,
    with_item,
    with_items,
)


def test_prices_are_no_difference():
    assert checking.differences(tender(), bid(), rates()) == ()


@pytest.mark.parametrize(
    ("changes", "what", "field"),
    [
        ({"name": "别的名称"}, "name_differs", "name"),
        ({"features": "别的特征"}, "features_differs", "features"),
        ({"measure_unit": "樘"}, "measure_unit_differs", "measure_unit"),
        ({"quantity": Decimal("0.0001")}, "quantity_differs", "quantity"),
        ({"code": "010101099001"}, "code_differs", "code"),
    ],
)
def test_each_difference_is_told_with_both_values(changes, what, field):
    [refusal] = checking.differences(tender(), with_item(bid(), **changes), rates())
    item = first_item(tender())
    assert refusal.code == f"procurement.bill.{what}"
    assert refusal.field == f"1.1/{item.code}.{field}"
    assert refusal.facts["bid"] == str(changes[field])
    if field != "code":
        assert refusal.facts["tender"] == str(getattr(item, field))
    assert refusal.article


def test_missing_and_added_items():
    items = bid().works[0].units[0].sections[0].items
    less = with_items(bid(), *items[1:])
    assert found("C03", less, tender=tender()) == [("item_missing", f"1.1/{items[0].code}")]
    strange = replace(items[0], code="010101099001", name="凭空而来")
    more = with_items(bid(), *items, strange)
    assert found("C03", more, tender=tender()) == [("item_added", "1.1/010101099001")]


def test_an_item_in_another_unit_works_is_missing_here_and_added_there():
    single, *others = bid().works
    first, second = single.units
    item = first.sections[0].items[0]
    here = replace(first.sections[0], items=first.sections[0].items[1:])
    there = replace(second.sections[0], items=(*second.sections[0].items, item))
    units = (
        replace(first, sections=(here, *first.sections[1:])),
        replace(second, sections=(there, *second.sections[1:])),
    )
    moved = replace(bid(), works=(replace(single, units=units), *others))
    assert {what for what, _ in found("C03", moved, tender=tender())} == {
        "item_missing",
        "item_added",
    }


def test_white_space_and_width_are_no_difference():
    item = first_item(bid())
    spaced = item.features.replace("\n", " \n ").replace(":", "：")
    assert found("C03", with_item(bid(), features=spaced), tender=tender()) == []


def test_a_code_twice_in_both_bills_is_compared_in_order():
    def doubled(bill):
        items = bill.works[0].units[0].sections[0].items
        return with_items(bill, items[0], replace(items[0], quantity=Decimal(7)), *items[1:])

    assert found("C03", doubled(bid()), tender=doubled(tender())) == []
    [(what, _)] = found("C03", bid(), tender=doubled(tender()))
    assert what == "item_missing"


def test_another_edition():
    header = replace(bid().header, edition="gb50500-2013")
    assert ("edition_differs", "bill.edition") in found(
        "C03", replace(bid(), header=header), tender=tender()
    )


def test_every_one_of_many_differences_is_named():
    single = bid().works[0]
    unit = single.units[0]
    sections = tuple(
        replace(s, items=tuple(replace(i, quantity=i.quantity + 1) for i in s.items))
        for s in unit.sections
    )
    wrong = replace(
        bid(),
        works=(
            replace(single, units=(replace(unit, sections=sections), *single.units[1:])),
            *bid().works[1:],
        ),
    )
    told = checking.differences(tender(), wrong, rates())
    assert len(told) == sum(len(s.items) for s in unit.sections)


def test_fixed_prices_stand():
    assert found("C10", bid(), tender=tender()) == []
    first, *rest = bid().materials
    cheap = replace(bid(), materials=(replace(first, price_fen=first.price_fen - 1), *rest))
    assert found("C10", cheap, tender=tender()) == [
        ("fixed_price_differs", f"materials/{first.name}")
    ]
    gone = replace(bid(), materials=tuple(rest))
    assert found("C10", gone, tender=tender()) == [
        ("fixed_price_differs", f"materials/{first.name}")
    ]


def test_a_provisional_sum_stands():
    from tests.procurement.cost.samples import with_unit

    first, *rest = bid().works[0].units[0].others
    wrong = with_unit(bid(), others=(replace(first, amount_fen=1), *rest))
    assert found("C10", wrong, tender=tender()) == [("fixed_price_differs", "others/暂列金额")]
