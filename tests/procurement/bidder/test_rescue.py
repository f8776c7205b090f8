"""Cures, protests, later stages and the opening without the platform, by the command line."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing.bids import bundles, opening
from kernel.sealing.bids.fields import b64
from kernel.sealing.bids.policy import Stage
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, DEADLINE, ENTITY, LOT, NOTARY
from tests.procurement.bidder.rescuing import (
    corrected,
    curing,
    go_on,
    opening_words,
    rescue,
    spoiling,
)


@pytest.fixture
def bids(world):
    """Three bids for a lot that is not closed yet."""
    world.policy()
    for i, code in enumerate(BIDDERS[:3], start=1):
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb", price=i * 1_000_00))
        desk.does(*desk.submitting("bid.zxb"))
    return world


def test_a_bidder_cures_by_its_recovery_file_and_trustees_mark_anew(bids):
    bidder, lot = bids.desks[BIDDERS[0]], bids.lot
    lot.close()
    bids.each("check")
    bids.each("reveal")
    assert bidder.codes(*curing(bidder)) == ["bidder.cure.needless"]
    lot.tamper = spoiling(lot, BIDDERS[0])
    bids.each("mark")
    notary = bids.desks[NOTARY]
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.cure"]
    told = bidder.does(*curing(bidder))
    assert [row["envelope"] for row in told["cured"]] == ["price"]
    assert bidder.codes(*curing(bidder)) == ["bidder.cure.needless"]
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.cure"]  # not marked yet
    bids.each("mark-cures", who=(NOTARY, CHAMBER))
    assert notary.does(*notary.trustee("mark-cures"))[LOT]["mark-cures"] == {"bad": [], "good": 0}
    bids.each("release", who=(NOTARY, CHAMBER))
    prices = {bid.bidder: bid.sheet.price_fen for bid in lot.open().bids}
    assert prices[BIDDERS[0]] == 1_000_00


def test_without_a_cure_the_others_are_released_when_its_time_is_over(bids):
    lot = bids.lot
    lot.close()
    bids.each("check")
    bids.each("reveal")
    lot.tamper = spoiling(lot, BIDDERS[0])
    lot.now = DEADLINE + timedelta(hours=5)  # trustees who come late take no bidder's time
    bids.each("mark")
    notary = bids.desks[NOTARY]
    lot.now += timedelta(minutes=44)
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.cure"]
    lot.now += timedelta(minutes=1)
    assert notary.does(*notary.trustee("release"))[LOT]["release"]["released"] == 11


def test_a_cure_that_its_bidder_did_not_sign_stops_the_tool(bids):
    bidder, lot = bids.desks[BIDDERS[0]], bids.lot
    lot.close()
    bids.each("check")
    bids.each("reveal")
    lot.tamper = spoiling(lot, BIDDERS[0])
    bids.each("mark")
    bidder.does(*curing(bidder))
    row = lot.cures[0]
    row["p7s"] = b64(bundles.sign(row["cure"].encode(), lot.stage.signers[ENTITY], lot.now))
    notary = bids.desks[NOTARY]
    assert notary.codes(*notary.trustee("mark-cures")) == ["sealing.signature.other"]


@pytest.fixture
def revoking(bids, monkeypatch):
    """Somebody has its certificate revoked, now."""
    authority = bids.lot.stage.authority
    before = dict(authority.revoked)
    lists = authority.crls
    monkeypatch.setattr(authority, "crls", lambda _now: lists(bids.lot.now))

    def revoke(uscc):
        bids.lot.now += timedelta(minutes=1)
        signer = bids.lot.stage.signers[uscc]
        authority.revoke(signer.certificate.serial_number, bids.lot.now, "superseded")
        bids.lot.now += timedelta(minutes=1)

    yield revoke
    authority.revoked.clear()
    authority.revoked.update(before)


def test_who_signed_and_is_revoked_afterwards_stops_nobody(bids, revoking):
    bidder, lot = bids.desks[BIDDERS[0]], bids.lot
    lot.close()
    bids.each("check")
    bids.each("reveal")
    revoking(ENTITY)
    who = (NOTARY, CHAMBER)
    lot.tamper = spoiling(lot, BIDDERS[0])
    bids.each("mark", who=who)
    bidder.does(*curing(bidder))
    revoking(BIDDERS[0])
    bids.each("mark-cures", who=who)
    lot.now = DEADLINE + timedelta(minutes=45)
    bids.each("release", who=who)
    prices = {bid.bidder: bid.sheet.price_fen for bid in lot.open().bids}
    assert prices[BIDDERS[0]] == 1_000_00


def test_who_was_revoked_before_the_list_signs_none(bids, revoking):
    lot = bids.lot
    revoking(ENTITY)
    lot.close()
    bids.each("check")
    notary = bids.desks[NOTARY]
    assert notary.codes(*notary.trustee("reveal")) == ["sealing.certificate.revoked"]


def test_a_protest_by_receipt_blocks_release_until_the_list_is_corrected(bids):
    bidder, lot, notary = bids.desks[BIDDERS[2]], bids.lot, bids.desks[NOTARY]
    lot.close()
    whole = lot.listed
    assert bidder.codes(*rescue(bidder, "protest")) == ["sealing.protest.listed"]
    lot.listed = replace(whole, bids=whole.bids[:2])
    bids.each("check")
    bids.each("reveal", "mark")
    bidder.does(*rescue(bidder, "protest", "--reason", "不在名单上"))
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]
    # No list but one that adds the protested bid, and nothing else, is signed in its place.
    short, fixed = lot.listed, corrected(lot, whole.bids[2])
    lot.listed = replace(fixed, bids=fixed.bids[1:])
    assert notary.codes(*notary.trustee("check")) == ["sealing.closing.correction"]
    lot.listed = replace(fixed, corrects="ab" * 32)
    assert notary.codes(*notary.trustee("check")) == ["bidder.list.second"]
    lot.listed, lot.list_signatures, lot.marks = fixed, {}, {}
    bids.each("check")
    bids.each("mark")
    bids.each("release", who=(NOTARY, CHAMBER))
    assert len(lot.open().bids) == 3
    assert lot.listed.draw_sha256 == short.sha256


def test_who_released_signs_no_corrected_list(bids):
    lot, notary = bids.lot, bids.desks[NOTARY]
    lot.close()
    whole = lot.listed
    lot.listed = replace(whole, bids=whole.bids[:2])
    bids.each("check")
    bids.each("reveal", "mark")
    bids.each("release", who=(NOTARY,))
    bidder = bids.desks[BIDDERS[2]]
    bidder.does(*rescue(bidder, "protest"))
    lot.listed = corrected(lot, whole.bids[2])
    assert notary.codes(*notary.trustee("check")) == ["bidder.list.released"]


def test_k_trustees_and_the_files_open_a_lot_without_the_platform(bids):
    lot = bids.lot
    lot.close()
    bids.each("check")
    bids.each("mark")
    folder = bids.root / "files"
    folder.mkdir()
    for code in BIDDERS[:3]:
        shutil.copy(bids.desks[code].path("bid.zxb"), folder / f"{code}.zxb")
    lot.tamper = lambda path, answer: 1 / 0  # nobody answers any more
    table, words = opening_words(bids, (NOTARY,), folder)
    told = table.does(*words)
    assert (told["opened"], told["failed"]) == (0, 3)  # one key opens nothing
    table, words = opening_words(bids, (NOTARY, CHAMBER), folder)
    told = table.does(*words)
    assert (told["opened"], told["failed"]) == (3, 0)
    record = opening.read_record((bids.root / "out" / "record.json").read_bytes())
    assert sorted(bid.sheet.price_fen for bid in record.bids) == [1_000_00, 2_000_00, 3_000_00]
    assert record.list_sha256 == lot.listed.sha256
    file = bids.root / "out" / BIDDERS[0] / "price" / "说明.txt"
    assert file.read_text("utf-8") == "price 100000"


def test_shares_handed_over_open_where_their_trustee_cannot_come(bids):
    lot = bids.lot
    lot.close()
    bids.each("check")
    bids.each("mark")
    folder = bids.root / "files"
    folder.mkdir()
    for code in BIDDERS[:3]:
        shutil.copy(bids.desks[code].path("bid.zxb"), folder / f"{code}.zxb")
    bad = folder / f"{BIDDERS[2]}.zxb"
    data = bytearray(bad.read_bytes())
    data[-5000] ^= 1
    bad.write_bytes(bytes(data))
    chamber = bids.desks[CHAMBER]
    told = chamber.does(
        "hand-over", "--lot", LOT, "--bids", str(folder), "--keep", chamber.path("keep"),
        "--passphrase-file", chamber.path("pass"), *chamber.signer(),
        "--anchors", chamber.path("roots.pem"), "--demonstration", "-o", chamber.path("shares"),
    )  # fmt: skip
    assert told["shares"] == 8  # of the intact files
    table, words = opening_words(bids, (NOTARY,), folder, "--shares", chamber.path("shares"))
    told = table.does(*words)
    assert (told["opened"], told["failed"]) == (2, 1)
    handed = json.loads((chamber.folder / "shares").read_bytes())
    handed["p7s"] = b64(bundles.sign(handed["shares"].encode(), lot.stage.signers[ENTITY], lot.now))
    chamber.write("shares", json.dumps(handed).encode())
    assert table.codes(*words) == ["sealing.signature.other"]


@pytest.fixture
def two(world, monkeypatch):
    """A lot of two envelopes whose technical stage is signed."""
    base = world.stage.policy
    order = ("qualification", "technical", "opening_sheet", "price")
    stages = (Stage("technical", order[:2]), Stage("price", order[2:]))
    world.stage.__dict__["policy"] = replace(base, envelopes=order, stages=stages)
    world.policy()
    for code in BIDDERS[:3]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    world.lot.close()
    world.lot.listed = replace(world.lot.listed, stage="technical")
    world.each("check")
    world.each("reveal", "mark")
    world.each("release", who=(NOTARY, CHAMBER))
    yield world
    world.stage.__dict__["policy"] = base


def test_price_shares_leave_only_against_the_logged_signed_result(two):
    lot, notary = two.lot, two.desks[NOTARY]
    sent = {s.envelope for s in lot.releases[NOTARY].shares}
    assert sent == {"qualification", "technical"}
    go_on(two)
    assert notary.codes(*notary.trustee("check")) == ["bidder.stage.not_rehearsed"]
    for code in (NOTARY, CHAMBER):
        two.desks[code].does(*two.desks[code].trustee("rehearse", "check"))
    two.each("mark", who=(NOTARY, CHAMBER))
    two.each("release", who=(NOTARY, CHAMBER))
    shares = lot.releases[NOTARY].shares
    assert {s.envelope for s in shares} == {"opening_sheet", "price"}
    assert {s.manifest_sha256 for s in shares} == {b.manifest_sha256 for b in lot.listed.bids}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lot: None, "bidder.stage.not_logged"),
        (lambda lot: lot.earlier.update(result_p7s=b64(bundles.sign(
            lot.earlier["result"].encode(), lot.stage.signers[NOTARY], lot.now))),
         "sealing.signature.other"),
        (lambda lot: lot.earlier.update(signatures=lot.earlier["signatures"][:1]),
         "sealing.signature.too_few"),
        (lambda lot: setattr(lot, "earlier", None), "bidder.server.answer"),
    ],
)  # fmt: skip
def test_a_result_that_is_not_logged_or_not_signed_opens_no_price(two, change, code):
    go_on(two, logged=code != "bidder.stage.not_logged")
    notary = two.desks[NOTARY]
    notary.does(*notary.trustee("rehearse"))
    change(two.lot)
    assert notary.codes(*notary.trustee("check")) == [code]


def test_a_price_list_with_a_bid_that_did_not_pass_is_not_signed(two):
    first = two.lot.listed
    go_on(two)
    two.lot.listed = replace(two.lot.listed, bids=first.bids)
    notary = two.desks[NOTARY]
    notary.does(*notary.trustee("rehearse"))
    assert notary.codes(*notary.trustee("check")) == ["sealing.stage.bids"]
