"""Cures, corrections, time-stamps, later stages: the page does and refuses as the tool does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing import demo_tsa
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import bundles, opening
from kernel.sealing.bids.fields import b64
from kernel.sealing.bids.policy import Stage
from procurement.bidder.keep import Keep
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, DEADLINE, ENTITY, LOT, NOTARY, NOW
from tests.procurement.bidder.rescuing import corrected, curing, go_on, listing, rescue, spoiling
from tests.procurement.bidder.web.conftest import closed, in_force


@pytest.fixture
def bids(world, notary, others):
    """Three bids in a closed lot."""
    in_force(world, notary, others)
    closed(world, bids=3)
    return world


def each(others, *steps):
    for desk in others:
        desk.does(*desk.trustee(*steps))


def test_a_cured_bid_opens_with_one_trustee_at_the_page(bids, notary, others):
    bidder, lot = bids.desks[BIDDERS[0]], bids.lot
    each(others, "check")
    notary.does("signList", "reveal")
    each(others, "reveal")
    lot.tamper = spoiling(lot, BIDDERS[0])
    each(others, "mark")
    page = notary.at()
    assert page.do("mark") == []
    assert notary.told(page, "mark")[:2] == ["11", "1"]
    notary.hands_in(page)
    assert notary.refused("release") == ["bidder.release.cure"]
    bidder.does(*curing(bidder))
    assert notary.refused("release") == ["bidder.release.cure"]  # nobody marked it yet
    each(others[1:], "mark-cures")
    page = notary.at()
    assert page.do("markCures") == []
    assert notary.told(page, "markCures") == ["1", "0"]
    notary.hands_in(page)
    page = notary.at()
    assert page.do("markCures") == []  # nothing is left to be marked, hence nothing is said
    assert page.part("statements").locator("li").count() == 0
    notary.does("release")
    each(others[1:], "release")
    assert len(lot.releases[NOTARY].shares) == 12
    assert len(lot.open().bids) == 3


def test_without_a_cure_the_others_are_released_when_its_time_is_over(bids, notary, others):
    lot = bids.lot
    each(others, "check")
    notary.does("signList", "reveal")
    each(others, "reveal")
    lot.tamper = spoiling(lot, BIDDERS[0])
    lot.now = DEADLINE + timedelta(hours=5)  # trustees who come late take no bidder's time
    each(others, "mark")
    notary.does("mark")
    lot.now += timedelta(minutes=45) - timedelta(microseconds=1)
    assert notary.refused("release") == ["bidder.release.cure"]
    lot.now += timedelta(microseconds=1)
    notary.does("release")
    assert len(lot.releases[NOTARY].shares) == 11


def test_a_cure_that_its_bidder_did_not_sign_stops_the_page(bids, notary, others):
    bidder, lot = bids.desks[BIDDERS[0]], bids.lot
    each(others, "check")
    notary.does("signList")
    lot.tamper = spoiling(lot, BIDDERS[0])
    each(others, "mark")
    bidder.does(*curing(bidder))
    row = lot.cures[0]
    row["p7s"] = b64(bundles.sign(row["cure"].encode(), lot.stage.signers[ENTITY], lot.now))
    assert notary.refused("markCures") == ["sealing.signature.other"]


def test_who_signed_and_is_revoked_afterwards_stops_no_page(bids, notary, others, monkeypatch):
    lot, authority = bids.lot, bids.lot.stage.authority
    lists = authority.crls
    monkeypatch.setattr(authority, "crls", lambda _now: lists(lot.now))
    monkeypatch.setattr(authority, "revoked", dict(authority.revoked))
    each(others, "check")
    notary.does("signList", "reveal")
    each(others, "reveal")
    lot.now += timedelta(minutes=1)
    serial = lot.stage.signers[ENTITY].certificate.serial_number
    authority.revoke(serial, lot.now, "superseded")
    lot.now += timedelta(minutes=1)
    each(others[1:], "mark")
    notary.does("mark")
    notary.does("release")
    assert len(lot.releases[NOTARY].shares) == 12


def test_a_protest_blocks_release_until_a_corrected_list_is_signed(bids, notary, others):
    bidder, lot, whole = bids.desks[BIDDERS[2]], bids.lot, bids.lot.listed
    lot.listed = replace(whole, bids=whole.bids[:2])
    each(others, "check")
    notary.does("signList")
    each(others, "reveal", "mark")
    notary.does("reveal", "mark")
    # A second list without a protest is not signed, whatever it says that it corrects.
    fixed = corrected(lot, whole.bids[2])
    short, lot.listed = lot.listed, fixed
    assert notary.refused("signList") == ["sealing.closing.correction"]
    lot.listed = short
    bidder.does(*rescue(bidder, "protest", "--reason", "不在名单上"))
    assert notary.refused("release") == ["bidder.release.protest"]
    lot.listed = replace(fixed, bids=fixed.bids[1:])
    assert notary.refused("signList") == ["sealing.closing.correction"]
    lot.listed = replace(fixed, corrects="ab" * 32)
    assert notary.refused("signList") == ["bidder.list.second"]
    lot.listed, lot.list_signatures, lot.marks = fixed, {}, {}
    each(others, "check")
    desk, early = bids.desks[NOTARY], notary.keep
    moving = ["--keep", desk.path("keep"), "--lot", LOT]
    early.rename(early := early.with_name("early.json"))
    notary.keep = early
    notary.does("signList")
    # The command line goes on from either keep file, and never back.
    desk.does("keep", "import", str(early), *moving)
    desk.does("keep", "import", str(notary.keep), *moving)
    assert desk.codes("keep", "import", str(early), *moving) == ["bidder.keep.older"]
    each(others, "mark")
    notary.does("mark")
    # The draw stays bound to the first list, so that nobody draws again.
    each(others[1:], "release")
    notary.does("release")
    assert len(lot.open().bids) == 3
    assert lot.listed.draw_sha256 == short.sha256


def test_a_protest_by_a_withdrawals_receipt_stops_the_page_from_hand_to_hand(world, notary, others):
    in_force(world, notary, others)
    lot, bidder = world.lot, world.desks[BIDDERS[2]]
    for i, code in enumerate(BIDDERS[:3], start=1):
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb", price=i * 1_000_00))
        desk.does(*desk.submitting("bid.zxb"))
    gone = lot.bids[BIDDERS[2]]
    bidder.does(*bidder.withdrawing("bid.zxb"))
    lot.close()
    right = lot.listed
    listing(lot, gone)
    each(others, "check")
    notary.does("signList")
    each(others, "reveal", "mark")
    notary.does("reveal", "mark")
    # The operator takes the protest and shows it to nobody.
    bidder.does(*rescue(bidder, "protest"))
    lot.protests.clear()
    notary.protests = [bidder.folder / "bid.zxb.protest.json"]
    assert notary.refused("release") == ["bidder.release.protest"]
    fixed, lot.listed = corrected(lot, without=[gone]), replace(right, closed_at=lot.now)
    assert notary.refused("signList") == ["bidder.list.second"]
    lot.listed = replace(fixed, bids=fixed.bids[1:])
    assert notary.refused("signList") == ["sealing.closing.correction"]
    lot.listed, lot.list_signatures, lot.marks = fixed, {}, {}
    notary.protests = []
    assert set(notary.refused("signList")) == {"sealing.closing.correction"}
    notary.protests = [bidder.folder / "bid.zxb.protest.json"]
    by_hand = ["--protest", bidder.path("bid.zxb.protest.json")]
    for desk in others:
        desk.does(*desk.trustee("check"), *by_hand)
    notary.does("signList")
    each(others, "mark")
    notary.does("mark")
    notary.does("release")
    each(others[1:], "release")
    assert len(lot.open().bids) == 2


def test_who_released_signs_no_corrected_list(bids, notary, others):
    bidder, lot, whole = bids.desks[BIDDERS[2]], bids.lot, bids.lot.listed
    lot.listed = replace(whole, bids=whole.bids[:2])
    each(others, "check")
    notary.does("signList", "reveal")
    each(others, "reveal", "mark")
    notary.does("mark")
    notary.does("release")
    bidder.does(*rescue(bidder, "protest"))
    lot.listed = corrected(lot, whole.bids[2])
    assert notary.refused("signList") == ["bidder.list.released"]


def test_the_key_is_destroyed_when_all_is_over_or_without_asking(bids, notary):
    page = notary.at()
    page.press("destroy-key")
    assert page.codes("destroy-error") == ["bidder.program.sure"]
    page.part("destroy-sure").check()
    page.press("destroy-key")
    assert page.codes("destroy-error") == ["bidder.destroy.early"]
    page.part("destroy-abandon").check()
    page.press("destroy-key")
    assert page.codes("destroy-error") == []
    bids.lot.record = opening.OpeningRecord(LOT, "opening", "ab" * 32, "", NOW, ())
    page = notary.at()
    page.part("destroy-sure").check()
    page.press("destroy-key")
    assert page.codes("destroy-error") == []
    notary.keep = page.saved("save-keep", notary.folder)
    desk = bids.desks[NOTARY]
    desk.does("keep", "import", str(notary.keep), "--keep", desk.path("keep"), "--lot", LOT)
    assert Keep(desk.folder / "keep", LOT).state()["destroyed"] == "yes"


def test_a_list_is_signed_only_with_a_token_later_than_the_deadline(world, notary, others):
    make, lot = world.lot.make_draft, world.lot
    lot.make_draft = lambda: make(timestamp_authorities=(demo_tsa.NAME,))
    in_force(world, notary, others)
    closed(world)
    assert notary.refused("signList") == ["bidder.list.no_timestamp"]
    digest, own = bytes.fromhex(lot.listed.sha256), demo_tsa.issue(world.stage.authority, NOW)
    foreign = demo_tsa.issue(DemoAuthority.create(NOW), NOW)
    for signer, stamped, at, code in (
        (own, digest, DEADLINE, "bidder.list.timestamp"),
        (own, bytes(32), lot.now, "sealing.timestamp.imprint"),
        (foreign, digest, lot.now, "sealing.certificate.untrusted"),
        (world.stage.signers[BIDDERS[0]], digest, lot.now, "sealing.certificate.wrong_profile"),
    ):
        lot.tsa = signer
        lot.list_token = lot.stamp(stamped, at)
        assert notary.refused("signList") == [code]
    lot.list_token = b"0"
    assert notary.refused("signList") == ["sealing.timestamp.malformed"]
    lot.tsa = own
    lot.list_token = lot.stamp(digest, lot.now)
    page = notary.at()
    assert page.do("signList") == []
    assert notary.told(page, "signList") == ["2026-03-02 11:30:01 (UTC+8)", demo_tsa.NAME]


@pytest.fixture
def two(world, notary, others):
    """A lot of two envelopes' stages whose technical stage is released."""
    base = world.stage.policy
    order = ("qualification", "technical", "opening_sheet", "price")
    stages = (Stage("technical", order[:2]), Stage("price", order[2:]))
    world.stage.__dict__["policy"] = replace(base, envelopes=order, stages=stages)
    in_force(world, notary, others)
    closed(world, bids=3)
    world.lot.listed = replace(world.lot.listed, stage="technical")
    each(others, "check")
    notary.does("signList", "reveal")
    each(others, "reveal", "mark")
    notary.does("mark")
    notary.does("release")
    yield world
    world.stage.__dict__["policy"] = base


def test_a_second_stage_opens_against_the_logged_signed_result(two, notary, others):
    lot = two.lot
    assert {s.envelope for s in lot.releases[NOTARY].shares} == {"qualification", "technical"}
    first = lot.listed
    go_on(two)
    assert notary.refused("signList") == ["bidder.stage.not_rehearsed"]
    assert "reveal" not in notary.at().steps()
    notary.does("rehearse")
    chamber = [two.desks[CHAMBER]]
    each(chamber, "rehearse", "check")
    good = lot.listed
    lot.listed = replace(good, bids=first.bids)
    assert notary.refused("signList") == ["sealing.stage.bids"]
    lot.listed = replace(good, follows="ab" * 32)
    assert notary.refused("signList") == ["sealing.stage.result"]
    lot.listed, log = good, lot.earlier["log"]
    lot.earlier["log"] = {**log, "salt": "ab" * 32}
    assert notary.refused("signList") == ["bidder.stage.not_logged"]
    lot.earlier["log"], result_p7s = log, lot.earlier["result_p7s"]
    stranger = lot.stage.signers[NOTARY]
    lot.earlier["result_p7s"] = b64(bundles.sign(lot.earlier["result"].encode(), stranger, lot.now))
    assert notary.refused("signList") == ["sealing.signature.other"]
    lot.earlier["result_p7s"], signatures = result_p7s, lot.earlier["signatures"]
    lot.earlier["signatures"] = signatures[:1]
    assert notary.refused("signList") == ["sealing.signature.too_few"]
    lot.earlier["signatures"] = signatures
    notary.does("signList")
    each(chamber, "mark")
    notary.does("mark")
    notary.does("release")
    each(chamber, "release")
    sent = lot.releases[NOTARY].shares
    assert {s.envelope for s in sent} == {"opening_sheet", "price"}
    assert {s.manifest_sha256 for s in sent} == {b.manifest_sha256 for b in lot.listed.bids}
