"""A bidder at the platform: notice, own tool, upload by the page, receipt; refusals in words."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from procurement.bidder.main import PROVISIONAL
from procurement.bids import stamps
from procurement.bids.models import Bid
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e import tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_bid_is_sealed_at_home_and_handed_in_by_the_page(
    visit: Arrive,
    play: Play,
    lot: str,
    tmp_path: Path,
    language: str,
    size: dict[str, int],
) -> None:
    bidder = visit("bidder", language, viewport=size)
    _reads_the_notice(bidder, lot)
    for who in bids.BIDDERS[:2]:
        bids.seal(play, who, lot, "bid")
    bids.seal(play, "bidder1", lot, "late", before="bid", cut=500_000_00)
    _is_refused_what_is_no_bid(bidder, play)
    _hands_in(bidder, play, lot, tmp_path)
    _comes_too_late(bidder, play, lot)


def _reads_the_notice(bidder: Visitor, lot: str) -> None:
    page = bidder.page
    bidder.log_in("bidder1")
    bidder.look("desk")
    page.goto("/notices/")
    bidder.look("notices")
    page.locator("[data-rows] td.zx-first > a").filter(has_text=lot).click()
    bidder.look("notice")
    page.click(f".zx-case-acts a[href$='/bids/mine/{lot}/']")
    bidder.look("lot")
    assert "zhuxin.pyz bidder seal" in page.inner_text("main")


def _upload(bidder: Visitor, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    bidder.page.set_input_files("[name=file]", file)
    bidder.submit("form[action$='/upload/']")


def _is_refused_what_is_no_bid(bidder: Visitor, play: Play) -> None:
    page = bidder.page
    with bidder.refused(422):
        _upload(bidder, "bid.pdf", b"%PDF-1.7 not sealed")
    bidder.look("no-bid")
    others = Path(bids.desk(play, "bidder2").path("bid.zxb")).read_bytes()
    with bidder.refused(422):
        _upload(bidder, "bid.zxb", others)
    bidder.look("not-own")
    reasons = page.locator(".zx-refusals > li")
    assert reasons.count() >= 1
    assert reasons.filter(has=page.locator("dl > div")).count() == reasons.count()
    assert not Bid.objects.exists()


def _receipt(page: Any, path: Path) -> Path:
    with page.expect_download() as download:
        page.click(f"main a[href$='/{path.name}']")
    download.value.save_as(path)
    assert {"receipt", "p7s"} <= set(json.loads(path.read_text()))
    return path


def _hands_in(bidder: Visitor, play: Play, lot: str, folder: Path) -> None:
    page, desk = bidder.page, bids.desk(play, "bidder1")
    _upload(bidder, "bid.zxb", Path(desk.path("bid.zxb")).read_bytes())
    bidder.look("receipt")
    assert Bid.objects.get().bid_version == 1
    kept = _receipt(page, folder / "receipt.json")
    policy = folder / "policy.json"
    answer = page.request.get(f"/bids/policies/{lot}/policy.json")
    policy.write_bytes(answer.body())
    words = ["receipt", "verify", desk.path("bid.zxb"), "--policy", str(policy)]
    status, told = desk.tried(*words, "--receipt", str(kept), *desk.trust([]))
    assert (status, told["provisional"]) == (PROVISIONAL, ["timestamp"])
    stamps.follow_up()  # the worker's part
    page.reload()
    completed = _receipt(page, folder / "completed.json")
    desk.run(*words, "--receipt", str(completed), *desk.trust([]))
    page.goto("/bids/mine/")
    bidder.look("mine")
    page.goto("/desk/")
    bidder.look("desk-bid")


def _comes_too_late(bidder: Visitor, play: Play, lot: str) -> None:
    page = bidder.page
    page.goto(f"/bids/mine/{lot}/")
    deadline = play.case(tendered.LOT, play.store["lot"]).bid_deadline_at
    play.until(deadline + timedelta(seconds=1))
    late = Path(bids.desk(play, "bidder1").path("late.zxb")).read_bytes()
    with bidder.refused(422):
        _upload(bidder, "late.zxb", late)
    bidder.look("late")
    assert page.locator(".zx-refusals > li dl > div").count() >= 1
    assert Bid.objects.get().bid_version == 1
