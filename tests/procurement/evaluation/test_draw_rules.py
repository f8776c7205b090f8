"""When experts are drawn: up to the hour of the opening, whether or not its bids are open yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from procurement.evaluation import desk
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.refusing import refused

pytestmark = pytest.mark.django_db


def supervisor():
    return member("supervisor", "tender_supervisor", region="230102", serial=5, authority="county")


def at_the_hour(walk):
    opens = walk.market.terms.opens_at
    sandbox.move_to(opens, actor=member("op", "operator", serial=6))


def test_the_hour_of_the_opening_ends_the_time_to_draw_though_no_bid_is_open_yet(walk):
    """Order 12, art. 8: from that hour on some know who has bid."""
    walk.open()
    keeper = supervisor()
    at_the_hour(walk)
    with pytest.raises(Refused) as caught:
        walk.draw()
    (refusal,) = caught.value.refusals
    assert refusal.code == "procurement.evaluation.draw_late"
    assert "第八条" in refusal.article
    (row,) = desk.late(keeper, clock.now())
    assert row.url.endswith("/allow_late_draw/")
    said = {"document": "哈里招监〔2025〕9 号", "reason": "专家库系统故障"}
    walk.act("allow_late_draw", keeper, said)
    walk.draw()
    assert walk.case.state == "ready"


def test_nobody_is_drawn_nor_asked_for_leave_for_a_lot_that_goes_on_no_more(walk):
    walk.open()
    keeper = supervisor()
    walk.market.terms = replace(walk.market.terms, live=False)
    assert refused(walk.draw) == {"lot_over"}
    at_the_hour(walk)
    assert list(desk.late(keeper, clock.now())) == []
    said = {"document": "哈里招监〔2025〕9 号", "reason": "专家库系统故障"}
    assert refused(walk.act, "allow_late_draw", keeper, said) == {"lot_over"}
    assert "lot_over" in refused(walk.open, late_reason="专家库系统故障")


def test_committees_that_never_come_together_push_none_off_the_desk(walk, monkeypatch):
    monkeypatch.setattr(desk, "_MOST", 1)
    walk.open()
    walk.market.terms = replace(walk.market.terms, live=False)
    with samples.market(number="2301022509010101-SG-77") as goes_on:
        later = samples.Walk(goes_on, walk.clerk, walk.bank)
        later.open(lot_number=goes_on.terms.number)
        keeper = supervisor()
        at_the_hour(later)
        (row,) = desk.late(keeper, clock.now())
        assert row.reference == later.case.reference
