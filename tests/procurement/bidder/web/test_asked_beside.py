"""A policy's file chosen by hand: what the lot asks stands beside it, or is said to be unknown."""

from __future__ import annotations

import pytest

from tests.kernel.sealing.bids.support import BIDDERS
from tests.procurement.bidder.web.conftest import PIN, keyfile, policy_answer
from tests.procurement.bidder.web.driving import told
from tests.procurement.bidder.web.test_sheet_given import facts

ASKS = {"ceiling_fen": 123_456_788, "security_fen": 8_000_000, "bill": True}


def filled(page, stage, code=BIDDERS[0], **changes):
    """All of a bid in its place, without security or bill."""
    page.load_policy(policy_answer(stage, **changes))
    page.open_key(keyfile(stage, code), PIN)
    for envelope in ("qualification", "technical", "price"):
        page.put(envelope, told("文件.txt", b"1"))
    page.fill_sheet()  # 1,234,567.89 yuan
    page.part("security").fill("")
    return page


def test_a_chosen_policy_file_warns_of_what_the_lot_asks(bidder, stage):
    page = filled(bidder(), stage, asks=ASKS)
    assert "1,234,567.88" in page.part("ceiling").inner_text()
    assert "80,000.00" in page.part("security-asked").inner_text()
    assert page.part("untold").is_hidden()
    for meant, code in [("over", "over"), ("unsecured", "unsecured"), ("unbilled", "unbilled")]:
        assert page.part(meant).is_visible()
        page.seal()
        assert page.codes("seal-error") == [f"bidder.program.{code}"]
        page.part(f"{meant}-meant").check()
    page.press("seal")
    assert page.codes("seal-error") == []
    assert page.part("result").is_visible()


def test_what_the_lot_asks_stays_with_another_certificate_and_goes_with_another_policy(
    bidder, stage
):
    page = filled(bidder(), stage, asks=ASKS)
    page.open_key(keyfile(stage, BIDDERS[1]), PIN)
    assert page.part("unsecured").is_visible() and page.part("over").is_visible()
    page.load_policy(
        policy_answer(stage, asks={"ceiling_fen": 0, "security_fen": 0, "bill": False})
    )
    page.open_key(keyfile(stage, BIDDERS[0]), PIN)
    for name in ("over", "unsecured", "unbilled", "untold", "ceiling", "security-asked"):
        assert page.part(name).is_hidden()


@pytest.mark.parametrize("asks", [None, "all", []], ids=["null", "text", "list"])
def test_a_policy_file_that_does_not_say_what_is_asked_is_told_to_be_unchecked(bidder, stage, asks):
    page = filled(bidder(), stage, asks=asks)
    assert "没有核对" in page.part("untold").inner_text()
    assert "没有核对" in page.part("summary").inner_text()
    page.press("language")
    assert ".sheet.json" in page.part("untold").inner_text()
    page.choose("sheet-file", told("lot.sheet.json", facts(stage)))
    page.part("sheet-given").wait_for()
    assert page.part("untold").is_hidden()
    assert "Not checked" not in page.part("summary").inner_text()


def test_nothing_is_called_unchecked_before_there_is_a_policy(bidder):
    assert bidder().part("untold").get_attribute("hidden") is not None


def test_nonsense_beside_a_policy_asks_for_nothing(bidder, stage):
    page = filled(bidder(), stage, asks={"ceiling_fen": "1", "security_fen": 1.5, "bill": "yes"})
    for name in ("over", "unsecured", "unbilled", "untold"):
        assert page.part(name).is_hidden()
