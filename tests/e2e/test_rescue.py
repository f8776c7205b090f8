"""A bid about to be lost is saved at a browser: fresh shares, a protest, the file given again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from kernel.sealing.bids.fields import b64
from procurement.bids import keeper, opening, stamps, vault
from procurement.bids.machines import OPENING
from procurement.bids.models import Bid, BidVersion
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e import sealed, tendered
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.proofs import downloaded
from tests.e2e.visitor import Arrive, Visitor
from tests.procurement.bidder.web.driving import Bidder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")
WHO = "bidder1"


@pytest.fixture
def closed(play: Play, lot: str, certified: Callable[..., None]) -> str:
    """Three bids are listed, and the operator's rows of the first one's price shares are spoilt."""
    certified(bids.BIDDERS[2])
    for who in bids.BIDDERS[:3]:
        bids.seal(play, who, lot, "bid")
        at = bids.desk(play, who)
        at.run("submit", at.path("bid.zxb"), *at.lot(lot), *at.trust([]), "--wait", "0")
    version = _version(play)
    shares = {**version.shares, "price": [b64(bytes(114)) for _ in version.shares["price"]]}
    BidVersion.objects.filter(pk=version.pk).update(shares=shares)
    play.until(play.case(tendered.LOT, play.store["lot"]).bid_deadline_at + timedelta(seconds=1))
    stamps.stamp_lists()  # the worker's part
    bids.trustee(play, "trustee1", lot, "check")
    bids.trustee(play, "trustee2", lot, "check")
    bids.trustee(play, bids.OWNER, lot, "reveal", share=False)
    for who in bids.TRUSTEES:
        bids.trustee(play, who, lot, *(("check",) if who == "trustee3" else ()), "reveal")
    return lot


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", DESK), ("en", PHONE)], ids=["desk-chinese", "phone-english"]
)
def test_a_bid_with_bad_shares_and_lost_copies_is_opened_all_the_same(
    browser: Any, visit: Arrive, play: Play, closed: str, tmp_path: Path,
    language: str, size: dict[str, int],
) -> None:  # fmt: skip
    bidder = visit("saviour", language, viewport=size)
    bidder.log_in(WHO)
    page = bidder.page
    page.goto(f"/bids/mine/{closed}/")
    bidder.look("before-the-marks")
    for who in ("trustee1", "trustee2"):
        bids.trustee(play, who, closed, "mark")
    page.reload()
    bidder.look("a-cure-is-needed")
    assert page.locator("#cure").count() == 1
    _protests_in_vain(browser, bidder, play, closed, tmp_path)
    _cures(browser, bidder, play, closed, tmp_path)
    for who in ("trustee1", "trustee2"):
        bids.trustee(play, who, closed, "mark-cures")
    _loses_every_copy(play)
    for who in ("trustee1", "trustee2"):
        bids.trustee(play, who, closed, "release")
    play.settle()
    case = opening.of_lot(closed)
    play.expect_state(OPENING.code, case.pk, "released")
    _gives_again(bidder, play, closed)
    play.settle()
    play.expect_state(OPENING.code, case.pk, "opened")
    assert set(Bid.objects.filter(lot_number=closed).values_list("state", flat=True)) == {"opened"}
    page.reload()
    bidder.look("opened")
    assert page.locator("#rescue").count() == 0


def _version(play: Play) -> BidVersion:
    return BidVersion.objects.get(bid__bidder_uscc=play.actors[WHO].uscc)


def _program(context: Any, bidder: Visitor, play: Play, number: str, folder: Path) -> Bidder:
    """The program from disk, with what the lot's page gives of now."""
    page = bidder.page
    policy = downloaded(page, "#rescue a[href$='/policy.json']", folder)
    closing = downloaded(page, "#rescue a[href$='/closing.json']", folder)
    assert closing.name == f"{number}.closing.json"
    program = Bidder(context)
    program.choose("policy-file", policy)
    program.part("parties").wait_for()
    program.accept_policy()
    program.open_key(*sealed.keys_of(play, WHO))
    assert program.codes("signer-error") == []
    program.choose("closing-file", closing)
    return program


def _protests_in_vain(browser: Any, bidder: Visitor, play: Play, number: str, folder: Path) -> None:
    """Who stands on the list is told so by the program already; the page takes no other file."""
    at = bids.desk(play, WHO)
    with sealed.at_disk(browser, WHO) as context:
        program = _program(context, bidder, play, number, folder)
        program.choose("protest-file", Path(at.path("bid.zxb.receipt.json")))
        program.press("protest")
        assert program.codes("protest-error") == ["sealing.protest.listed"]
        sealed.done_with(program)
    page = bidder.page
    page.locator("#rescue summary").click()
    page.set_input_files("[name=protest-file]", Path(at.path("bid.zxb.receipt.json")))
    with bidder.refused(422):
        bidder.submit("form[action$='/rescue/protest/']")
    assert page.locator("#refused-protest .zx-refusals > li").count() == 1
    bidder.look("protest-refused")


def _cures(browser: Any, bidder: Visitor, play: Play, number: str, folder: Path) -> None:
    at = bids.desk(play, WHO)
    passphrase = Path(at.passphrase()[1]).read_text("utf-8").strip()
    bidder.page.goto(f"/bids/mine/{number}/")
    with sealed.at_disk(browser, WHO) as context:
        program = _program(context, bidder, play, number, folder)
        program.choose("recovery-file", Path(at.path("bid.recovery")))
        program.part("recovery-passphrase").fill(passphrase)
        made = program.saved("cure", folder)
        assert program.codes("cure-error") == []
        sealed.done_with(program)
    page = bidder.page
    page.set_input_files("[name=cure-file]", made)
    bidder.submit("form[action$='/rescue/cure/']")
    bidder.look("cured")
    assert opening.of_lot(number).statements.filter(kind="cure").count() == 1
    assert page.locator("#cure").count() == 0


def _loses_every_copy(play: Play) -> None:
    version = _version(play)
    vault.delete(version.vault)
    storages[keeper.ALIAS].delete(version.keeper)


def _gives_again(bidder: Visitor, play: Play, number: str) -> None:
    page = bidder.page
    page.goto(f"/bids/mine/{number}/")
    bidder.look("its-file-is-lost")
    other = bids.desk(play, bids.BIDDERS[1])
    with bidder.refused(404):
        page.set_input_files("[name=give-again-file]", Path(other.path("bid.zxb")))
        page.click("form[action$='/rescue/give-again/'] button")
        page.locator("#giving .zx-refusals > li").wait_for()
    page.set_input_files("[name=give-again-file]", Path(bids.desk(play, WHO).path("bid.zxb")))
    with page.expect_navigation():
        page.click("form[action$='/rescue/give-again/'] button")
    bidder.look("given-again")
