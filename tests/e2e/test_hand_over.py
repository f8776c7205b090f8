"""From the sealing program, opened by the bidder's page, straight into the upload."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from procurement.bids import upload_views
from procurement.bids.models import Bid, BidVersion, ResumableUpload
from procurement.demonstration.play import Play
from procurement.tendering.models import Lot
from tests.e2e import sealed
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive, Visitor
from tests.procurement.bidder.web.driving import Bidder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")
AT_A_TIME = 1024 * 1024
SIZES = pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
# What a page that is not the program says to the bidder's page.
SAYS = """(name) => window.opener.postMessage(
    {type: "zhuxin-bid", name, bid: new Blob(["not sealed"])}, "*")"""


def opened(bidder: Visitor, lot: str) -> Bidder:
    """The program, opened by the lot's page, which has given it the policy."""
    page = bidder.page
    page.goto(f"/bids/mine/{lot}/")
    with page.expect_popup() as popup:
        page.click("[data-sealing] button")
    program = Bidder(page.context, popup.value.url, page=popup.value)
    program.part("parties").wait_for()
    page.locator("[data-said]", has_text=re.compile("已交给|has the opening policy")).wait_for()
    return program


@SIZES
def test_a_bid_sealed_at_the_program_is_sent_on_by_the_page_that_opened_it(
    visit: Arrive, play: Play, lot: str, tmp_path: Path, language: str, size: dict[str, int]
) -> None:
    bidder = visit("hand-over", language, viewport=size)
    bidder.log_in("bidder1")
    program = opened(bidder, lot)
    bidder.look("given")
    program.accept_policy()
    program.open_key(*sealed.keys_of(play, "bidder1"))
    _warns_above_the_ceiling(program, lot)
    # What the archive has stands in the envelope already, as the page of the archive gives it.
    given = program.page.locator("[data-envelope=qualification] td.code").all_inner_texts()
    assert given == ["archive.html", "archive.json"]
    assert program.part("files-archive").is_visible()
    sealed.fill_and_seal(program, play, "bidder1", "6543210.98")
    saved = program.saved("save-bid", tmp_path)
    # The recovery file is nowhere but here: nothing goes before it was saved.
    program.press("hand-over")
    assert program.codes("seal-error") == ["bidder.program.recovery"]
    assert program.part("handed").is_hidden()
    assert program.saved("save-recovery", tmp_path).stat().st_size
    program.press("hand-over")
    assert program.part("handed").is_visible()
    bidder.page.wait_for_url("**?upload=*")
    bidder.look("received")
    assert BidVersion.objects.get().size == saved.stat().st_size
    # The page was loaded anew since: the program's window is still the one that it opened.
    _replaces(bidder, program)
    assert program.complaints == []


def _warns_above_the_ceiling(program: Bidder, lot: str) -> None:
    """The page of the lot told the ceiling; above it the program warns, at it and below not."""
    ceiling = Lot.objects.get(number=lot).ceiling_price_fen
    assert f"{ceiling // 100:,}.{ceiling % 100:02d}" in program.part("ceiling").inner_text()
    for fen, warned in ((ceiling, False), (ceiling + 1, True), (ceiling - 1, False)):
        program.part("price").fill(f"{fen // 100}.{fen % 100:02d}")
        assert program.part("over").is_visible() == warned


def _replaces(bidder: Visitor, program: Bidder) -> None:
    with bidder.page.expect_download() as download:
        bidder.page.click("main a[href$='/receipt.json']")
    program.choose("before-file", download.value.path())
    program.part("price").fill("6500000.00")
    program.seal()
    assert program.codes("seal-error") == []
    # Saved was the last version's; of this one the bidder says that it is kept elsewhere.
    program.press("hand-over")
    assert program.codes("seal-error") == ["bidder.program.recovery"]
    program.part("kept-otherwise").check()
    program.press("hand-over")
    bidder.page.locator("[role=status] h2", has_text=re.compile("第 2 版|[Vv]ersion 2")).wait_for()
    bidder.look("replaced")
    assert Bid.objects.get().bid_version == 2


def test_what_was_handed_over_goes_on_from_the_saved_file_after_a_closed_tab(
    visit: Arrive, play: Play, lot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_views, "PARTS_FROM", AT_A_TIME)
    monkeypatch.setattr(upload_views, "PART_SIZE", AT_A_TIME)
    bidder = visit("hand-over-closed", viewport=DESK)
    bidder.log_in("bidder1")
    program = opened(bidder, lot)
    program.accept_policy()
    sealed.fill_and_seal(program, play, "bidder1", "6543210.98")
    saved = program.saved("save-bid", tmp_path)
    program.saved("save-recovery", tmp_path)
    sealed.Line(bidder.page).carries(2)
    program.press("hand-over")
    bidder.page.locator("span[data-kept]", has_text="2.0").wait_for()
    page = sealed.next_tab(bidder)
    # Nobody is there to take it: the program says so, and what to do.
    program.press("hand-over")
    assert program.codes("seal-error") == ["bidder.program.opener"]
    line = sealed.Line(page)
    sealed.choose(page, lot, saved)
    page.wait_for_url("**?upload=*")
    assert line.offsets[0] == 2 * AT_A_TIME
    bidder.look("received")


def test_nobody_but_the_program_hands_a_bid_to_the_page(
    visit: Arrive, play: Play, lot: str, site: str, tmp_path: Path
) -> None:
    """Neither another page of this site, nor another site in a window that the page opened."""
    bidder = visit("strangers", viewport=DESK)
    bidder.log_in("bidder1")
    page = bidder.page
    page.goto(f"/bids/mine/{lot}/")
    name = f"{lot}-1.zxb"
    for address in (
        "/notices/",
        site.replace("127.0.0.1", "localhost") + "/bids/programs/seal.html",
    ):
        with page.expect_popup() as popup:
            page.evaluate("(url) => { window.open(url); }", address)
        popup.value.wait_for_load_state()
        if popup.value.evaluate("window.opener !== null"):
            popup.value.evaluate(SAYS, name)
        popup.value.close()
    page.evaluate(SAYS.replace("window.opener", "window"), name)
    program = opened(bidder, lot)
    program.page.evaluate(SAYS, "2301000000000000-01-1.zxb")
    page.locator("[data-said]", has_text="不是本标段的").wait_for()
    assert page.locator("[data-upload]").is_hidden()
    assert not ResumableUpload.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "another firm"])
def test_what_is_handed_over_is_the_archive_of_the_pages_own_bidder_or_none(
    visit: Arrive, play: Play, lot: str, who: str
) -> None:
    """The session ended, or another firm logged in by another tab, since the page was loaded."""
    bidder = visit(f"stale-{who[0]}", viewport=DESK)
    bidder.log_in("bidder1")
    page = bidder.page
    page.goto(f"/bids/mine/{lot}/")
    page.context.clear_cookies()
    if who == "another firm":
        other = visit("other-firm", viewport=DESK)
        other.log_in("bidder2")
        page.context.add_cookies([*other.page.context.cookies()])
    with page.expect_popup() as popup:
        page.click("[data-sealing] button")
    program = Bidder(page.context, popup.value.url, page=popup.value)
    program.part("parties").wait_for()
    page.locator("[data-said]", has_text="开启方案已交给封装程序").wait_for()
    program.accept_policy()
    assert program.page.locator("[data-envelope=qualification] td.code").count() == 0
    bidder.wrong.clear()  # that nobody is logged in is told to the page, as it should be
