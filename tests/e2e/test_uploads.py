"""A bid goes up in parts by the page: pause, a line that breaks, a closed tab, and the receipt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from procurement.bids import upload_views
from procurement.bids.models import Bid, BidVersion, ResumableUpload
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")
ADDRESS = "**/uploads/*"
AT_A_TIME = 1024 * 1024
GO_ON = re.compile("继续|Go on")


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_closed_tab_costs_nothing_that_was_kept(
    visit: Arrive,
    play: Play,
    lot: str,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    size: dict[str, int],
) -> None:
    monkeypatch.setattr(upload_views, "PARTS_FROM", AT_A_TIME)
    monkeypatch.setattr(upload_views, "PART_SIZE", AT_A_TIME)
    bids.seal(play, "bidder1", lot, "bid")
    file = Path(bids.desk(play, "bidder1").path("bid.zxb"))
    bidder = visit("uploader", language, viewport=size)
    bidder.log_in("bidder1")
    _is_paused_and_breaks_off(bidder, lot, file)
    kept = ResumableUpload.objects.get().offset
    assert AT_A_TIME <= kept < file.stat().st_size
    _comes_back(bidder, lot, file, kept)
    _is_refused_with_every_reason(bidder, play, lot)


def _choose(page: Any, lot: str, file: Path) -> None:
    page.goto(f"/bids/mine/{lot}/")
    page.set_input_files("[name=file]", file)
    page.click("#bid-upload button")


def _is_paused_and_breaks_off(bidder: Visitor, lot: str, file: Path) -> None:
    page, sent = bidder.page, []

    def two_only(route: Any) -> None:
        sent.append(route.request)
        if len(sent) > 2:
            route.abort()
        else:
            route.continue_()

    page.route(ADDRESS, two_only)
    _choose(page, lot, file)
    page.locator("span[data-kept]", has_text="MB").wait_for()
    page.click("button[data-pause]")
    page.locator("button[data-pause]", has_text=GO_ON).wait_for()
    assert "MB" in page.inner_text("span[data-far]")
    page.wait_for_timeout(300)
    bidder.wrong.clear()  # the browser grumbles about the lines that were cut
    bidder.look("paused")
    page.click("button[data-pause]")  # goes on, and finds no line
    page.locator("button[data-pause]", has_not_text=GO_ON).wait_for()
    bidder.page = page.context.new_page()
    page.close()
    bidder.wrong.clear()


def _comes_back(bidder: Visitor, lot: str, file: Path, kept: int) -> None:
    page, offsets = bidder.page, []
    page.set_default_timeout(15_000)
    page.goto(f"/bids/mine/{lot}/")
    assert page.locator("[data-give-up]").is_visible()
    bidder.look("unfinished")

    def note(request: Any) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    _choose(page, lot, file)
    page.wait_for_url("**?upload=*")
    assert offsets[0] == kept
    bidder.look("received")
    assert BidVersion.objects.get().size == file.stat().st_size
    assert page.locator("main a[href$='/receipt.json']").count() == 1
    assert page.locator("[data-give-up]").count() == 0


def _is_refused_with_every_reason(bidder: Visitor, play: Play, lot: str) -> None:
    bids.seal(play, "bidder2", lot, "bid")
    others = Path(bids.desk(play, "bidder2").path("bid.zxb"))
    _choose(bidder.page, lot, others)
    bidder.page.wait_for_url("**?upload=*")
    bidder.wrong.clear()  # the 422 of the part
    bidder.look("refused")
    reasons = bidder.page.locator(".zx-refusals > li")
    assert reasons.filter(has=bidder.page.locator("dl > div")).count() == reasons.count() >= 1
    assert Bid.objects.get().bid_version == 1
