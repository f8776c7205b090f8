"""A grade that may not build works of the size that the tender states bars from its lot."""

from __future__ import annotations

import pytest

from kernel import clock
from procurement.bids import credit, lots, needs
from tests.credit.conduct import samples as conduct
from tests.credit.enterprises import samples
from tests.procurement.tendering import samples as tender

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def holding(grade):
    people = conduct.officers()
    samples.licence(people, grade=grade)
    number = "(黑)JZ安许证字[2024]000001"
    samples.licence(people, kind="safety", number=number, trade="", grade="")


def refused(**sizes):
    lot = lots.Lot(
        pk=1, number="L", title="L", state="published", project_number="", region="230102",
        owner_uscc="", agency_uscc="", bid_deadline_at=None, trade="building", grade="third",
        ceiling_fen=7_900_000_00, sizes=sizes,
    )  # fmt: skip
    found = credit.barred(samples.FIRM, lot, clock.now())
    return {(one.code, one.facts.get("measure")) for one in found}


def test_a_second_grade_does_not_bid_for_a_tower_of_180_metres():
    holding("second")
    beyond = ("credit.enterprise.beyond_scope", "building_height_m")
    assert refused(building_height_m=180) == {beyond}
    assert refused(building_height_m=100) == set()
    assert refused() == set()


def test_a_first_grade_does():
    holding("first")
    assert refused(building_height_m=180, span_m=30) == set()


def test_bids_are_held_against_what_the_tender_states():
    people = tender.market()
    lot = tender.opened(people, building_height_m=180, area_m2=38_000)
    found = lots.find(lot.number)
    assert found is not None
    assert found.sizes == {"building_height_m": 180, "area_m2": 38_000}


def test_what_no_limit_is_held_of_is_told_to_the_bidder_and_refuses_nothing():
    holding("grade_b")
    lot = lots.Lot(
        pk=1, number="L", title="L", state="published", project_number="", region="230102",
        owner_uscc="", agency_uscc="", bid_deadline_at=None, trade="building", grade="third",
        ceiling_fen=7_900_000_00, sizes={"span_m": 30},
    )  # fmt: skip
    found = needs.left_to_judge(samples.FIRM, lot, clock.now())
    assert {one.facts["measure"] for one in found} == {"price_fen", "span_m"}
    assert refused(span_m=30) == set()
