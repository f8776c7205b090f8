"""``cure`` and ``protest`` with files in the platform's place: signed here, handed in on a page."""

import json
from dataclasses import replace

import pytest

from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, NOTARY
from tests.procurement.bidder.rescuing import spoiling


@pytest.fixture
def bids(world):
    """Three bids in a closed lot."""
    world.policy()
    for code in BIDDERS[:3]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    world.lot.close()
    return world


def offline(desk, command, *more):
    """A command whose only knowledge of the platform is two files of the lot's page."""
    lot = desk.world.lot
    desk.write("policy.json", json.dumps(lot.policy_answer()).encode())
    desk.write("closing.json", json.dumps(lot.closing_answer(desk.uscc)).encode())
    return [command, desk.path("bid.zxb"), "--policy", desk.path("policy.json"), "--closing",
            desk.path("closing.json"), *desk.trust(), *desk.signer(), *more]  # fmt: skip


def curing(desk):
    return offline(desk, "cure", "--recovery", desk.path("bid.zxb.recovery"),
                   "--passphrase-file", desk.path("pass"))  # fmt: skip


def test_a_cure_made_without_a_network_counts_once_it_is_handed_in(bids):
    desk, lot = bids.desks[BIDDERS[0]], bids.lot
    bids.each("check")
    bids.each("reveal")
    assert desk.codes(*curing(desk)) == ["bidder.cure.needless"]
    lot.tamper = spoiling(lot, BIDDERS[0])
    bids.each("mark")
    told = desk.does(*curing(desk))
    assert lot.cures == []  # nothing was sent
    file = desk.folder / "bid.zxb.cure.json"
    assert told["file"] == str(file)
    (row,) = json.loads(file.read_bytes())["cures"]
    lot.said(lot.cures, "cure")(BIDDERS[0], row)
    bids.each("mark-cures", who=(NOTARY, CHAMBER))
    bids.each("release", who=(NOTARY, CHAMBER))
    assert len(lot.open().bids) == 3


def test_a_protest_made_without_a_network_counts_once_it_is_handed_in(bids):
    desk, lot, notary = bids.desks[BIDDERS[2]], bids.lot, bids.desks[NOTARY]
    assert desk.codes(*offline(desk, "protest")) == ["sealing.protest.listed"]
    lot.listed = replace(lot.listed, bids=lot.listed.bids[:2])
    bids.each("check")
    bids.each("reveal", "mark")
    told = desk.does(*offline(desk, "protest", "--reason", "不在名单上"))
    assert lot.protests == []
    lot.protest(BIDDERS[2], json.loads((desk.folder / "bid.zxb.protest.json").read_bytes()))
    assert told["file"].endswith("bid.zxb.protest.json")
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]


def test_a_file_that_tells_no_closing_is_refused(bids):
    desk = bids.desks[BIDDERS[0]]
    words = curing(desk)
    for other in (b"[]", b"\x30\x82", b'{"policy": ""}'):
        desk.write("closing.json", other)
        assert desk.codes(*words) == ["bidder.server.answer"]
    desk.write("closing.json", b"{}")
    forged = bids.lot.closing_answer(BIDDERS[0])
    forged["p7s"] = forged["bids"][0]["p7s"]
    desk.write("closing.json", json.dumps(forged).encode())
    assert desk.codes(*words) == ["sealing.cms.digest"]


def test_without_files_and_without_a_server_the_option_is_named(bids):
    desk = bids.desks[BIDDERS[0]]
    words = [each for each in curing(desk) if "closing" not in each]
    assert desk.codes(*words) == ["bidder.usage.needs"]
