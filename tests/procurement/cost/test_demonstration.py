"""The invented bills are large, sound and the same every time."""

from __future__ import annotations

from decimal import Decimal

from procurement.cost import canonical, checking, demonstration
from tests.procurement.cost.samples import rates


def test_a_whole_tender_and_its_bidders():
    tender = demonstration.tender_bill()
    assert tender.item_count >= 1_200
    assert {unit.trade for unit in tender.units} == {"building", "installation", "municipal"}
    assert checking.check_tender(tender, rates()).errors == ()
    ceiling = demonstration.ceiling_bill(tender, rates())
    totals = set()
    for bidder, factor in (("甲", "0.97"), ("乙", "0.95"), ("丙", "0.92")):
        bill = demonstration.priced_bill(
            tender, rates(), bidder=bidder, factor=Decimal(factor), noise=Decimal("0.02")
        )
        outcome = checking.check(bill, rates(), tender=tender, ceiling=ceiling, unit_ceilings=True)
        assert outcome.errors == outcome.warnings == ()
        totals.add(bill.total_fen)
        assert bill.total_fen < ceiling.total_fen
    assert len(totals) == 3


def test_the_same_seed_gives_the_same_bill():
    one, again, other = (demonstration.tender_bill(seed=seed, items=300) for seed in (1, 1, 2))
    assert canonical.sha256(one) == canonical.sha256(again) != canonical.sha256(other)
