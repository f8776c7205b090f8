"""When experts are drawn: up to the hour of the opening, whether or not its bids are open yet."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from procurement.evaluation import desk
from tests.conftest import member

pytestmark = pytest.mark.django_db


def test_the_hour_of_the_opening_ends_the_time_to_draw_though_no_bid_is_open_yet(walk):
    """Order 12, art. 8: from that hour on some know who has bid."""
    walk.open()
    keeper = member(
        "supervisor", "tender_supervisor", region="230102", serial=5, authority="county"
    )
    opens = walk.market.terms.opens_at
    sandbox.move_to(opens, actor=member("op", "operator", serial=6))
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
