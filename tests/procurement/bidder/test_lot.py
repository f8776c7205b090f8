"""A whole lot by the command line: five bids, one replaced, one withdrawn and again, one late."""

import json
from datetime import timedelta

from kernel.sealing.bids import opening
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, DEADLINE, ENTITY, NOTARY
from tests.procurement.bidder.conftest import TRUSTEES


def test_a_lot_from_keys_to_opening(world):
    world.policy()
    desks = [world.desks[code] for code in BIDDERS]
    for i, desk in enumerate(desks):
        made = desk.does(*desk.sealing("bid.zxb", price=(i + 1) * 1_000_000_00))
        told = desk.does(*desk.submitting("bid.zxb"))
        assert told["manifest_sha256"] == made["manifest_sha256"]
        assert not told["again"]

    # One is replaced, one withdrawn and submitted again.
    desk = desks[1]
    desk.does(*desk.sealing("new.zxb", "--replaces", desk.path("bid.zxb"), price=2_222_222_00))
    assert desk.does(*desk.submitting("new.zxb"))["version"] == 2
    desk = desks[2]
    desk.does(*desk.withdrawing("bid.zxb"))
    desk.does(*desk.sealing("new.zxb", "--replaces", desk.path("bid.zxb"), price=3_333_333_00))
    assert desk.does(*desk.submitting("new.zxb"))["version"] == 2

    # The fifth bidder's replacement is late: refused and signed, its earlier one stands.
    desk = desks[4]
    desk.does(*desk.sealing("late.zxb", "--replaces", desk.path("bid.zxb"), price=1))
    world.lot.now = DEADLINE + timedelta(milliseconds=1)
    assert desk.codes(*desk.submitting("late.zxb")) == ["sealing.bid.deadline"]
    kept = json.loads((desk.folder / "late.zxb.refusal.json").read_bytes())
    assert "sealing.bid.deadline" in kept["refusal"]

    world.lot.close()
    world.each("check")
    world.each("reveal", "mark")
    # Two of three suffice.
    world.each("release", who=(NOTARY, CHAMBER))
    early = world.desks[NOTARY].trustee("destroy")
    assert world.desks[NOTARY].codes(*early) == ["bidder.destroy.early"]
    record = world.lot.open()
    world.each("destroy", who=(NOTARY, CHAMBER))
    prices = {bid.bidder: bid.sheet.price_fen for bid in record.bids}
    assert prices == {
        BIDDERS[0]: 1_000_000_00, BIDDERS[1]: 2_222_222_00, BIDDERS[2]: 3_333_333_00,
        BIDDERS[3]: 4_000_000_00, BIDDERS[4]: 5_000_000_00,
    }  # fmt: skip
    assert opening.read_record(record.encode()) == record
    opened = world.lot.folder / "opened" / BIDDERS[1] / "price" / "说明.txt"
    assert opened.read_text("utf-8") == "price 222222200"
    assert world.desks[NOTARY].codes(*world.desks[NOTARY].trustee("mark")) == [
        "bidder.keep.no_key_there"
    ]
    assert set(world.lot.releases) == {NOTARY, CHAMBER}
    assert ENTITY in TRUSTEES


def test_the_lot_opens_without_the_platform_from_the_bidders_own_copy(world):
    """Two trustees' shares, the bidder's file, and nothing of the server."""
    world.policy()
    desk = world.desks[BIDDERS[0]]
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    found = desk.does(
        "recover", desk.path("bid.zxb"), "--recovery", desk.path("bid.zxb.recovery"),
        "--passphrase-file", desk.path("pass"), "-o", desk.path("out"), "--identities",
    )  # fmt: skip
    assert found["identities"]["price"].startswith("AGE-SECRET-KEY-1")
    assert (desk.folder / "out" / "price" / "说明.txt").is_file()
    assert (desk.folder / "out" / "opening_sheet" / "opening-sheet.json").is_file()
