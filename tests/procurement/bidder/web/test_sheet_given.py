"""What the lot's page knows of the sheet is proposed; a price above the ceiling is confirmed."""

from __future__ import annotations

import pytest

from kernel.sealing import canonical
from tests.kernel.sealing.bids.support import BIDDERS
from tests.procurement.bidder.web.conftest import GIVEN, PIN, keyfile, policy_answer, prepared
from tests.procurement.bidder.web.driving import told

OWN, OTHER = BIDDERS[0], BIDDERS[1]
OVER = 123_456_788


def facts(stage, uscc=OWN, **changes):
    return canonical.encode(
        {
            "format": "zhuxin-sheet-facts/2", "lot": stage.policy.lot, "bidder": uscc,
            "ceiling_fen": OVER, "security_fen": 0, "bill": False, "managers": ["王五"],
            "securities": ["BH-1"], **changes,
        }
    )  # fmt: skip


def fields(page):
    return [page.part(name).input_value() for name in ("manager", "security")]


def ready(page, stage):
    page.load_policy(policy_answer(stage))
    page.open_key(keyfile(stage, OWN), PIN)
    return page


def test_a_file_of_the_lots_page_fills_in_what_nobody_has_written_yet(bidder, stage):
    page = ready(bidder(), stage)
    page.part("manager").fill("赵六")
    page.choose("sheet-file", told("lot.sheet.json", facts(stage)))
    page.part("sheet-given").wait_for()
    assert fields(page) == ["赵六", "BH-1"]
    assert "1,234,567.88" in page.part("ceiling").inner_text()
    assert page.strangers() == [] and page.complaints == []


def test_among_several_the_bidder_chooses(bidder, stage):
    page = ready(bidder(), stage)
    said = facts(stage, managers=["王五", "赵六"], securities=[])
    page.choose("sheet-file", told("lot.sheet.json", said))
    page.part("sheet-given").wait_for()
    assert fields(page) == ["", ""]
    offered = page.part("manager-list").locator("option")
    assert [each.get_attribute("value") for each in offered.all()] == ["王五", "赵六"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uscc": OTHER}, "bidder.program.sheet"),
        ({"lot": "2301022509010101-02"}, "bidder.program.sheet"),
        ({"ceiling_fen": "1"}, "sealing.format.field"),
    ],
)
def test_a_file_of_another_lot_or_bidder_fills_in_nothing(bidder, stage, changes, code):
    page = ready(bidder(), stage)
    page.choose("sheet-file", told("lot.sheet.json", facts(stage, **changes)))
    page.part("sheet-error").wait_for()
    assert page.codes("sheet-error") == [code]
    assert fields(page) == ["", ""]


def test_the_page_that_opened_the_program_gives_them_with_the_policy(child, stage):
    child.give([], sheet=facts(stage).decode())
    child.accept_policy()
    child.open_key(keyfile(stage, OWN), PIN)
    assert fields(child) == ["王五", "BH-1"]
    child.load_policy(policy_answer(stage))
    assert fields(child) == ["", ""]  # they went with what they came with


@pytest.mark.parametrize("sheet", [5, "", "{}", "<!doctype html>"])
def test_what_is_no_such_file_is_no_fault_of_the_readers(child, stage, sheet):
    child.give([], sheet=sheet)
    child.accept_policy()
    child.open_key(keyfile(stage, OWN), PIN)
    assert fields(child) == ["", ""] and child.codes("signer-error") == []


@pytest.mark.parametrize("ceiling", [None, 0, -1, "100", 1.5, OVER])
def test_a_price_above_the_ceiling_is_sealed_only_where_it_is_confirmed(
    child,
    stage,
    ceiling,
):
    child.give([], ceiling_fen=ceiling)
    prepared(child, stage, policy=GIVEN)  # 1,234,567.89 yuan
    over = ceiling == OVER
    assert child.part("over").is_visible() == over
    assert child.part("ceiling").is_visible() == over
    assert ("1,234,567.88" in child.part("summary").inner_text()) == over
    child.seal()
    if over:
        assert child.codes("seal-error") == ["bidder.program.over"]
        assert child.part("result").is_hidden()
        child.part("over-meant").check()
        child.press("seal")
    assert child.codes("seal-error") == []
    assert child.part("result").is_visible()


def test_what_was_confirmed_of_one_price_is_not_of_the_next(child, stage):
    child.give([], ceiling_fen=OVER)
    prepared(child, stage, policy=GIVEN)
    child.part("over-meant").check()
    child.part("price").fill("2000000")
    child.seal()
    assert child.codes("seal-error") == ["bidder.program.over"]


def test_a_policy_that_is_chosen_by_hand_has_no_ceiling_of_a_page(child, stage):
    child.give([], ceiling_fen=100)
    child.load_policy(policy_answer(stage))
    child.open_key(keyfile(stage, OWN), PIN)
    child.fill_sheet()
    assert child.part("over").is_hidden()


def test_the_passphrase_is_asked_once_until_the_bid_is_handed_over(child, stage):
    child.give([])
    prepared(child, stage, policy=GIVEN)
    child.seal()
    child.part("period").fill("301")
    child.press("seal")
    assert child.codes("seal-error") == [] and child.part("result").is_visible()
    child.part("kept-otherwise").check()
    child.press("hand-over")
    assert [child.part(name).input_value() for name in ("passphrase", "again")] == ["", ""]


def given(child, stage, **changes):
    child.give([], sheet=facts(stage, ceiling_fen=0, **changes).decode())
    return prepared(child, stage, policy=GIVEN)


def test_a_lot_that_asks_for_security_is_sealed_without_one_only_where_that_is_confirmed(
    child, stage
):
    given(child, stage, security_fen=8_000_000, securities=[])
    assert "80,000.00" in child.part("security-asked").inner_text()
    assert child.part("unsecured").is_hidden()  # BH-1 is named
    child.part("security").fill("")
    assert child.part("unsecured").is_visible()
    assert "80,000.00" in child.part("summary").inner_text()
    child.seal()
    assert child.codes("seal-error") == ["bidder.program.unsecured"]
    child.part("unsecured-meant").check()
    child.press("seal")
    assert child.codes("seal-error") == [] and child.part("result").is_visible()


def test_a_lot_with_a_bill_is_sealed_without_one_only_where_that_is_confirmed(child, stage):
    given(child, stage, bill=True)
    child.part("bill").select_option("")
    assert child.part("unbilled").is_visible()
    child.seal()
    assert child.codes("seal-error") == ["bidder.program.unbilled"]
    child.part("unbilled-meant").check()
    child.press("seal")
    assert child.codes("seal-error") == [] and child.part("result").is_visible()


@pytest.mark.parametrize(
    ("bill", "names", "found"),
    [
        (True, ["bill.xml", "letter.pdf"], "bill.xml"),
        (True, ["bill.XLSX"], "bill.XLSX"),
        (True, ["bill.xml", "bill.xlsx"], ""),
        (True, ["letter.pdf"], ""),
        (False, ["bill.xml"], ""),
    ],
)
def test_the_only_file_that_can_be_the_bill_is_proposed(child, stage, bill, names, found):
    child.give([], sheet=facts(stage, bill=bill).decode())
    child.accept_policy()
    child.open_key(keyfile(stage, OWN), PIN)
    child.put("price", *(told(name, b"1") for name in names))
    assert child.part("bill").input_value() == found


@pytest.mark.parametrize(("first", "then", "codes"), [
    ("100", "2000000", ["bidder.program.over"]), ("2000000", "100", []),
])  # fmt: skip
def test_a_click_on_the_button_right_after_typing_the_price_counts(
    child, stage, first, then, codes
):
    child.give([], ceiling_fen=OVER)
    prepared(child, stage, policy=GIVEN)
    for name in ("passphrase", "again"):
        child.part(name).fill("恢复口令-12345")
    child.part("price").fill(first)
    child.part("period").focus()
    child.part("price").fill("")
    child.part("price").press_sequentially(then)
    # By the mouse, where the button stands while the field still has the focus.
    child.part("seal").evaluate("(button) => button.scrollIntoView({ block: 'center' })")
    box = child.part("seal").bounding_box()
    child.page.mouse.click(box["x"] + 10, box["y"] + 5)
    child.part("seal-error" if codes else "result").wait_for()
    assert child.codes("seal-error") == codes
