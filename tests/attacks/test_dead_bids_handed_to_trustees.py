"""Attacker: an operator who wants to read a withdrawn, superseded or late bid.

It puts the bid on the list or slips its shares among the others. Stopped: the list's bids are
checked one by one against their signed manifests, receipts, deadline and place in the log; shares
are opened by the list and by nothing else; files and shares of dead versions are deleted; whoever
holds the operator's receipt of the withdrawal, or of the later version, stops every release, by a
file that goes from hand to hand where the operator shows it to nobody.
"""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

from kernel.sealing.bids import opening, protests
from kernel.sealing.bids.fields import b64
from tests.attacks.dead_bids import prepared, relisted, staged
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, DEADLINE, ENTITY, NOTARY
from tests.procurement.bidder.conftest import shared_stage, world
from tests.procurement.bidder.rescuing import (
    corrected,
    listed_as,
    listing,
    opening_words,
    rescue,
)

__all__ = ["relisted", "shared_stage", "staged", "world"]


def test_shares_of_dead_bids_are_not_opened_beside_the_list(world):
    dead = prepared(world)
    lot, index = world.lot, 1

    def tamper(path, answer):
        if path == "/closing" and answer.get("sealed_shares"):
            for digest in dead:
                rows = lot.files[digest][0].shares
                answer["sealed_shares"][digest] = {n: b64(s[index]) for n, s in rows.items()}
        return answer

    lot.tamper = tamper
    world.each("check")
    world.each("reveal", "mark")
    world.each("release", who=(NOTARY, ENTITY))
    for release in lot.releases.values():
        assert not {share.manifest_sha256 for share in release.shares} & set(dead)


def test_a_superseded_version_in_the_place_of_the_live_one_is_no_secret(world):
    """The list may name it; then the live one's receipt proves the operator wrong to anybody."""
    old, _gone = prepared(world)
    lot = world.lot
    received, _answer, receipt, _path = lot.files[old]
    live = lot.listed.bids[0]
    lot.listed = replace(
        lot.listed,
        bids=(replace(live, version=1, manifest_sha256=old, received_at=receipt.received_at,
                      log_index=receipt.log.index),),
    )  # fmt: skip
    desk = world.desks[BIDDERS[0]]
    words = ["protest", desk.path("new.zxb"), *desk.server(), *desk.trust(), *desk.signer()]
    world.each("check")  # what the operator shows holds in itself
    desk.does(*words)
    world.each("reveal", "mark")
    notary = world.desks[NOTARY]
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]
    assert received.manifest.version == 1


def test_a_late_bid_on_the_list_is_not_signed(world):
    prepared(world)
    lot = world.lot
    digest = lot.listed.bids[0].manifest_sha256
    _received, _answer, receipt, _path = lot.files[digest]
    late = DEADLINE + timedelta(seconds=1)
    changed = replace(receipt, received_at=late)
    spoken = lot.spoken("receipt", changed.encode())
    lot.files[digest] = (_received, spoken, changed, _path)
    lot.listed = replace(
        lot.listed, bids=(replace(lot.listed.bids[0], received_at=late),)
    )  # fmt: skip
    notary = world.desks[NOTARY]
    # Its entry of the log says another moment than the receipt that was written anew.
    assert notary.codes(*notary.trustee("check")) == ["sealing.receipt.entry"]


def test_a_withdrawn_bid_on_the_list_is_stopped_by_its_withdrawals_receipt(relisted):
    world, lot, gone = relisted, relisted.lot, relisted.gone
    second, notary = world.desks[BIDDERS[1]], world.desks[NOTARY]
    second.does(*rescue(second, "protest"))
    for code in (NOTARY, CHAMBER, ENTITY):
        desk = world.desks[code]
        assert desk.codes(*desk.trustee("release")) == ["bidder.release.protest"]
    first = lot.listed
    # No other list is signed in its place than the one without the dead bid.
    fixed = corrected(lot, without=[gone])
    for bids in (first.bids, (), tuple(b for b in first.bids if b not in fixed.bids)):
        lot.listed = replace(fixed, bids=bids)
        assert set(notary.codes(*notary.trustee("check"))) == {"sealing.closing.correction"}
    lot.listed, lot.list_signatures, lot.marks = fixed, {}, {}
    world.each("check")
    world.each("mark")
    world.each("release", who=(NOTARY, CHAMBER))
    record = lot.open()
    assert [bid.bidder for bid in record.bids] == [BIDDERS[0]]
    for release in lot.releases.values():
        assert gone not in {share.manifest_sha256 for share in release.shares}


def test_a_protest_that_the_operator_hides_goes_from_hand_to_hand(relisted):
    world, lot, gone = relisted, relisted.lot, relisted.gone
    second, notary = world.desks[BIDDERS[1]], world.desks[NOTARY]

    def tamper(path, answer):
        return {**answer, "protests": []} if "protests" in answer else answer

    lot.tamper = tamper
    second.does(*rescue(second, "protest"))
    by_hand = ["--protest", second.path("bid.zxb.protest.json")]
    assert notary.codes(*notary.trustee("release"), *by_hand) == ["bidder.release.protest"]
    assert NOTARY not in lot.releases
    fixed = corrected(lot, without=[gone])
    lot.listed, lot.list_signatures, lot.marks = fixed, {}, {}
    assert set(notary.codes(*notary.trustee("check"))) == {"sealing.closing.correction"}
    for steps in (["check"], ["mark"], ["release"]):
        for code in (NOTARY, CHAMBER):
            desk = world.desks[code]
            desk.does(*desk.trustee(*steps), *by_hand)
    assert [bid.bidder for bid in lot.open().bids] == [BIDDERS[0]]


def test_an_operator_that_refuses_a_protest_leaves_its_file(relisted):
    second, lot = relisted.desks[BIDDERS[1]], relisted.lot
    lot.refuse_protests = True
    assert second.codes(*rescue(second, "protest")) == ["bidder.protest.kept"]
    row = json.loads((second.folder / "bid.zxb.protest.json").read_bytes())
    assert protests.read_protest(row["protest"].encode()).list_sha256 == lot.listed.sha256


def test_a_version_before_the_withdrawn_one_is_dead_too(world):
    old, _gone = prepared(world)
    lot, first = world.lot, world.desks[BIDDERS[0]]
    lot.now = DEADLINE - timedelta(minutes=1)
    first.does(*first.withdrawing("new.zxb"))
    lot.close()
    listing(lot, old)
    world.each("check")
    world.each("reveal", "mark")
    words = ["protest", first.path("new.zxb"), *first.server(), *first.trust(), *first.signer()]
    first.does(*words)
    notary = world.desks[NOTARY]
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]
    lot.listed = corrected(lot, without=[old])
    notary.does(*notary.trustee("check"))


def test_a_superseded_version_is_replaced_by_the_later_ones_receipt(world):
    old, gone = prepared(world)
    lot, first, second = world.lot, world.desks[BIDDERS[0]], world.desks[BIDDERS[1]]
    live = lot.listed.bids[0].manifest_sha256
    listing(lot, old, gone)  # both attacks at once
    world.each("check")
    world.each("reveal", "mark")
    first.does("protest", first.path("new.zxb"), *first.server(), *first.trust(), *first.signer())
    second.does(*rescue(second, "protest"))
    notary = world.desks[NOTARY]
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]
    whole = corrected(lot, listed_as(lot.files[live][2]), without=[old, gone])
    # Whoever answers one protest only has answered none.
    for half in (
        replace(whole, bids=tuple(b for b in lot.listed.bids if b.manifest_sha256 != gone)),
        replace(whole, bids=(*whole.bids, listed_as(lot.files[gone][2]))),
    ):
        lot.listed, before = replace(
            half, bids=tuple(sorted(half.bids, key=lambda bid: bid.log_index))
        ), lot.listed  # fmt: skip
        assert notary.codes(*notary.trustee("check"))[0] == "sealing.closing.correction"
        lot.listed = before
    lot.listed, lot.list_signatures, lot.marks = whole, {}, {}
    world.each("check")
    world.each("mark")
    world.each("release", who=(NOTARY, CHAMBER))
    assert [bid.version for bid in lot.open().bids] == [2]


def test_a_withdrawn_bid_is_not_opened_at_the_trustees_table(relisted):
    world, gone = relisted, relisted.gone
    second, folder = world.desks[BIDDERS[1]], world.root / "files"
    by_hand = ["--protest", None]
    second.does(*rescue(second, "protest"))
    world.lot.protests.clear()
    by_hand[1] = second.path("bid.zxb.protest.json")
    for code in (NOTARY, CHAMBER):
        desk = world.desks[code]
        assert desk.codes(*desk.trustee("release"), *by_hand) == ["bidder.release.protest"]
    folder.mkdir()
    for code, name in ((BIDDERS[0], "new.zxb"), (BIDDERS[1], "bid.zxb")):
        shutil.copy(world.desks[code].path(name), folder / f"{code}.zxb")
    table, words = opening_words(world, (NOTARY, CHAMBER), folder)
    told = table.does(*words)
    assert (told["opened"], told["failed"]) == (1, 1)
    record = opening.read_record((world.root / "out" / "record.json").read_bytes())
    (dead,) = [bid for bid in record.bids if bid.manifest_sha256 == gone]
    assert {row.reason for row in dead.envelopes} == {"sealing.protest.withdrawn"}


def test_a_withdrawn_bids_price_stays_shut_in_a_later_stage(staged):
    world, lot = staged, staged.lot
    second, notary = world.desks[BIDDERS[1]], world.desks[NOTARY]
    assert world.gone in {bid.manifest_sha256 for bid in lot.listed.bids}
    second.does(*rescue(second, "protest"))
    assert notary.codes(*notary.trustee("release")) == ["bidder.release.protest"]
    lot.listed = corrected(lot, without=[world.gone])
    lot.list_signatures, lot.marks, lot.releases = {}, {}, {}
    for step in ("check", "mark", "release"):
        world.each(step, who=(NOTARY, CHAMBER))
    shares = lot.releases[NOTARY].shares
    assert {share.manifest_sha256 for share in shares} == {lot.bids[BIDDERS[0]]}
