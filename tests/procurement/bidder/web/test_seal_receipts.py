"""Receipts are checked at the page as at the command line, line by line, without a network."""

from __future__ import annotations

import json

import pytest

from kernel.sealing import demo_tsa
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import BIDDERS, NOW
from tests.procurement.bidder.web.driving import told
from tests.procurement.bidder.web.test_looks import SIZES, looked

LINES = ["bid", "policy", "form", "signature", "time", "hashes", "entry", "named", "log", "stamp",
         "witnesses"]  # fmt: skip


@pytest.fixture
def desk(world):
    """A bidder's folder with a bid, its first receipt and the one with a time-stamp."""
    make = world.lot.make_draft
    world.lot.make_draft = lambda **changes: make(timestamp_authorities=(demo_tsa.NAME,), **changes)
    world.policy()
    made = world.desks[BIDDERS[0]]
    made.does(*made.sealing("bid.zxb"))
    made.does(*made.submitting("bid.zxb"))
    world.lot.tsa = demo_tsa.issue(world.stage.authority, NOW)
    made.does(*made.submitting("bid.zxb")[:-1], "5")
    made.write("policy.json", json.dumps(world.lot.policy_answer()).encode())
    return made


def judged(page):
    """(verdict, line → state) of each receipt."""
    found = []
    for box in page.part("check-results").locator("> div").all():
        rows = {
            row.get_attribute("data-line"): row.get_attribute("data-state")
            for row in box.locator("tr").all()
        }
        assert list(rows) == LINES
        found.append((box.locator(".notice").get_attribute("data-verdict"), rows))
    return found


@SIZES
def test_receipts_dropped_with_their_bid_are_checked_line_by_line(desk, bidder, locale, size):
    page = bidder(locale=locale, viewport=size)
    files = [desk.folder / name for name in ("bid.zxb", "bid.zxb.receipt.json",
                                             "bid.zxb.completed.json", "policy.json")]  # fmt: skip
    page.choose("check-files", *files)
    page.press("check")
    # Nobody was named who vouches for the operator's certificate.
    ((first, rows), (second, _rows)) = judged(page)
    assert (first, second, rows["signature"]) == ("partly", "partly", "unchecked")
    assert rows["hashes"] == rows["log"] == "passed"
    page.part("accept-demonstration").check()
    page.press("check")
    ((first, rows), (second, stamped)) = judged(page)
    assert (first, second) == ("provisional", "whole")
    assert (rows["stamp"], stamped["stamp"], stamped["witnesses"]) == (
        "unchecked", "passed", "unchecked",
    )  # fmt: skip
    looked(page, locale)
    words = {"zh": "尚无可信的时间戳", "en": "no time-stamp that somebody vouches for yet"}
    assert words[locale[:2]] in page.part("check-results").inner_text()
    page.press("language")
    looked(page, "en" if locale == "zh-CN" else "zh")
    assert words["en" if locale == "zh-CN" else "zh"] in page.part("check-results").inner_text()
    assert page.strangers() == []


def test_a_receipt_of_another_bid_says_which_lines_fail(desk, world, bidder):
    other = world.desks[BIDDERS[1]]
    other.does(*other.sealing("bid.zxb"))
    other.does(*other.submitting("bid.zxb"))
    page = bidder()
    page.choose("policy-file", desk.folder / "policy.json")
    page.choose("roots-file", told("roots.pem", pem([world.stage.authority.root.certificate])))
    page.part("accept-demonstration").check()
    page.choose("check-files", desk.folder / "bid.zxb", other.folder / "bid.zxb.receipt.json")
    page.press("check")
    ((verdict, rows),) = judged(page)
    failed = {name for name, state in rows.items() if state == "failed"}
    assert (verdict, failed) == ("failed", {"hashes", "named"})
    reasons = page.part("check-results").locator("[data-code]").all()
    assert {each.get_attribute("data-code") for each in reasons} == {"sealing.receipt.other"}
    page.press("check-clear")
    page.press("check")
    assert page.codes("check-error") == ["bidder.program.choose"]


def test_what_is_dropped_on_the_box_is_taken_as_if_it_was_chosen(desk, bidder):
    page = bidder()
    text = (desk.folder / "bid.zxb.receipt.json").read_text("utf-8")
    page.page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "x.receipt.json"));
          document.querySelector('[data-part="check-drop"]').dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    page.part("check-list").locator("li").wait_for()
    page.press("check")
    ((verdict, rows),) = judged(page)
    assert (verdict, rows["entry"], rows["bid"]) == ("partly", "passed", "unchecked")
