"""Protests and cures made at the page, from files alone, are those of the command line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kernel.sealing.bids import bundles, cures, protests
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, LOT, NOTARY
from tests.procurement.bidder.rescuing import corrected, spoiling
from tests.procurement.bidder.web.conftest import PIN, closed, keyfile
from tests.procurement.bidder.web.driving import told
from tests.procurement.bidder.web.test_looks import PHONE, looked


@pytest.fixture
def bids(world):
    """Three bids in a closed lot, whose list all have signed."""
    world.policy()
    closed(world, bids=3)
    return world


def closing(lot):
    """The closing as the lot's page gives it to a bidder."""
    return lot.closing_answer(BIDDERS[0])


def at_the_page(bids, bidder, code, **options):
    """A bidder at the program with policy, key and the closing of now."""
    page = bidder(**options)
    page.load_policy(bids.lot.policy_answer())
    page.open_key(keyfile(bids.stage, code), PIN)
    assert page.codes("signer-error") == []
    page.choose("closing-file", told("lot.closing.json", closing(bids.lot)))
    return page


def curing(page, desk, passphrase="口令"):
    page.choose("recovery-file", desk.folder / "bid.zxb.recovery")
    page.part("recovery-passphrase").fill(passphrase)


def uncured(bids):
    lot = bids.lot
    bids.each("check")
    bids.each("reveal")
    lot.tamper = spoiling(lot, BIDDERS[0])
    bids.each("mark")


def test_a_cure_made_at_the_page_saves_the_bid(bids, bidder, tmp_path):
    desk, lot = bids.desks[BIDDERS[0]], bids.lot
    page = at_the_page(bids, bidder, BIDDERS[0], viewport=PHONE)
    curing(page, desk)
    page.press("cure")
    assert page.codes("cure-error") == ["bidder.cure.needless"]
    looked(page, "zh-CN")
    uncured(bids)
    page.choose("closing-file", told("lot.closing.json", closing(lot)))
    curing(page, desk, "另一个口令")
    page.press("cure")
    assert page.codes("cure-error") == ["sealing.recovery.cannot_open"]
    curing(page, bids.desks[BIDDERS[1]])
    page.press("cure")
    assert page.codes("cure-error") == ["bidder.bid.not_mine"]
    curing(page, desk)
    made = json.loads(page.saved("cure", tmp_path).read_bytes())
    assert page.codes("cure-error") == []
    page.part("cure-done").wait_for()
    (row,) = made["cures"]
    assert cures.read_cure(row["cure"].encode()).envelope == "price"
    lot.said(lot.cures, "cure")(BIDDERS[0], row)
    bids.each("mark-cures", who=(NOTARY, CHAMBER))
    bids.each("release", who=(NOTARY, CHAMBER))
    assert BIDDERS[0] in {bid.bidder for bid in lot.open().bids}
    assert page.strangers() == []
    looked(page, "zh-CN")


def test_a_protest_made_at_the_page_stops_every_release(bids, bidder, tmp_path):
    desk, lot, notary = bids.desks[BIDDERS[2]], bids.lot, bids.desks[NOTARY]
    whole = lot.listed
    page = at_the_page(bids, bidder, BIDDERS[2])
    page.choose("protest-file", desk.folder / "bid.zxb.receipt.json")
    page.press("protest")
    assert page.codes("protest-error") == ["sealing.protest.listed"]
    page.choose("protest-file", bids.desks[BIDDERS[1]].folder / "bid.zxb.receipt.json")
    page.press("protest")
    assert page.codes("protest-error") == ["bidder.bid.not_mine"]
    lot.listed = replace(whole, bids=whole.bids[:2])
    bids.each("check")
    bids.each("reveal", "mark")
    page.choose("closing-file", told("lot.closing.json", closing(lot)))
    page.choose("protest-file", desk.folder / "bid.zxb.receipt.json")
    page.part("protest-reason").fill("不在名单上")
    made = json.loads(page.saved("protest", tmp_path).read_bytes())
    assert protests.read_protest(made["protest"].encode()).reason == "不在名单上"
    lot.said(lot.protests, "protest")(BIDDERS[2], made)
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]
    lot.listed, lot.list_signatures, lot.marks = corrected(lot, whole.bids[2]), {}, {}
    bids.each("check")


def test_a_key_elsewhere_signs_cures_at_the_page(bids, bidder, tmp_path):
    desk = bids.desks[BIDDERS[0]]
    uncured(bids)
    page = bidder()
    page.load_policy(bids.lot.policy_answer())
    page.page.locator("[name=way][value=p7s]").check()
    signer = bids.stage.signers[BIDDERS[0]]
    page.choose("certificate-file", told("own.pem", pem([signer.certificate])))
    page.press("open-key")
    page.choose("closing-file", told("lot.closing.json", closing(bids.lot)))
    curing(page, desk)
    page.press("cure")
    assert page.codes("cure-error") == []
    page.part("cure-outside").wait_for()
    statement = page.saved("cure-statement", tmp_path)
    other = told("other.p7s", bundles.sign(b"something else", signer, bids.lot.now))
    page.choose("cure-p7s", other)
    page.part("cure-error").locator("li").wait_for()
    assert page.codes("cure-error") == ["sealing.cms.digest"]
    good = told("good.p7s", bundles.sign(statement.read_bytes(), signer, bids.lot.now))
    with page.page.expect_download() as download:
        page.choose("cure-p7s", good, other)
    (row,) = json.loads(download.value.path().read_bytes())["cures"]
    bids.lot.said(bids.lot.cures, "cure")(BIDDERS[0], row)
    notary = bids.desks[NOTARY]
    assert notary.does(*notary.trustee("mark-cures"))[LOT]["mark-cures"]["good"] == 1
