"""Two persons stop an opening at a browser: one proposes and waits, the other decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kernel.web.case_pages import case_url
from procurement.bids import opening
from procurement.bids.machines import OPENING
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e import tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def listed(play: Play, lot: str, certified: Callable[..., None]) -> str:
    """Three bids are on the closing list."""
    certified(bids.BIDDERS[2])
    for who in bids.BIDDERS[:3]:
        bids.seal(play, who, lot, "bid")
        at = bids.desk(play, who)
        at.run("submit", at.path("bid.zxb"), *at.lot(lot), *at.trust([]), "--wait", "0")
    play.until(play.case(tendered.LOT, play.store["lot"]).bid_deadline_at + timedelta(seconds=1))
    return lot


@pytest.mark.parametrize(
    ("language", "size", "waits"),
    [
        ("zh-hans", DESK, "已提议停止开标，等待本部门另一人复核决定"),
        ("en", PHONE, "Stop proposed; it waits"),
    ],
    ids=["desk-chinese", "phone-english"],
)
def test_a_proposed_stop_waits_on_its_proposers_desk_and_is_decided_on_the_others(
    visit: Arrive, play: Play, listed: str, language: str, size: dict[str, int], waits: str
) -> None:
    case = case_url(opening.of_lot(listed))
    first = visit("proposer", language, viewport=size)
    first.log_in("supervisor1")
    first.look("desk-before")
    first.page.goto(case)
    first.look("case-before")
    first.act_page("propose_stop")
    first.look("propose")
    first.fill({"reason": "投诉涉及开启方案，须先查清"})
    first.act("propose")
    first.page.goto("/desk/")
    first.look("desk-own-proposal")
    assert waits in first.page.inner_text("main") and listed in first.page.inner_text("main")
    assert first.page.locator(".zx-page-head .zx-lead > span").count() == 1  # nothing to do
    first.page.goto(case)
    first.look("case-own-proposal")
    assert first.page.locator(".zx-acts a[href$='/acts/stop/']").count() == 0
    second = visit("decider", language, viewport=size)
    second.log_in("supervisor2")
    second.look("desk-to-decide")
    second.page.goto(case)
    second.look("case-to-decide")
    second.act_page("stop")
    second.fill({"reason": "情况属实"})
    second.act("stop")
    play.expect_state(OPENING.code, opening.of_lot(listed).pk, "stopped")
    first.page.goto("/desk/")
    first.look("desk-after")
    assert waits not in first.page.inner_text("main")
