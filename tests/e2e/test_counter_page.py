"""A bidder's file at the supervisor's counter: chosen from a stick, taken in, receipt given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kernel.sealing.bids.receipts import read_receipt
from procurement.bids import upload_views
from procurement.bids.models import BidVersion
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_file_from_a_stick_is_taken_in_in_parts_and_its_receipt_handed_over(
    visit: Arrive,
    play: Play,
    lot: str,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    size: dict[str, int],
) -> None:
    monkeypatch.setattr(upload_views, "PART_SIZE", 1024 * 1024)
    bids.seal(play, "bidder1", lot, "bid")
    file = Path(bids.desk(play, "bidder1").path("bid.zxb"))
    uscc = play.actors["bidder1"].uscc
    counter = visit("counter", language, viewport=size)
    counter.log_in("supervisor1")
    page = counter.page
    with page.expect_navigation():
        page.locator("main a[href='/bids/counter/']").click()
    counter.look("lots")
    assert lot in page.inner_text("main")
    page.fill("#lot", lot)
    page.fill("#bidder", "91230100MA1B2C3D4X")
    with page.expect_navigation():
        page.click(".zx-filters button")
    counter.look("nobody")
    page.fill("#bidder", uscc)
    with page.expect_navigation():
        page.click(".zx-filters button")
    counter.look("bidder")
    page.set_input_files("[name=file]", file)
    page.click("#bid-upload button")
    page.wait_for_url("**?upload=*")
    counter.look("received")
    with page.expect_download() as kept:
        page.click("main a[href$='/receipt.json']")
    told = json.loads(Path(kept.value.path()).read_text())
    version = BidVersion.objects.get()
    assert read_receipt(told["receipt"].encode()).manifest_sha256 == version.manifest_sha256
    assert version.bid.bidder_uscc == uscc
    bids.seal(play, "bidder2", lot, "bid")
    page.goto(f"/bids/counter/{lot}/{uscc}/")
    page.set_input_files("[name=file]", bids.desk(play, "bidder2").path("bid.zxb"))
    with counter.refused(422):
        page.click("#bid-upload button")
        page.wait_for_url("**?upload=*")
    counter.look("refused")
    assert page.locator("main a[download$='.refusal.json']").count() == 1
    assert BidVersion.objects.count() == 1
