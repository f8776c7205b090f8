"""Attacker: an operator who wants to read a withdrawn, superseded or late bid.

It puts the bid on the list or slips its shares among the others. Stopped: the list's bids are
checked one by one against their signed manifests, receipts, deadline and place in the log; shares
are opened by the list and by nothing else; files and shares of dead versions are deleted.
"""

from dataclasses import replace
from datetime import timedelta

from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, ENTITY, NOTARY
from tests.procurement.bidder.conftest import shared_stage, world

__all__ = ["shared_stage", "world"]


def prepared(world):
    world.policy()
    first, second = world.desks[BIDDERS[0]], world.desks[BIDDERS[1]]
    for desk in (first, second):
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    old = world.lot.bids[BIDDERS[0]]
    first.does(*first.sealing("new.zxb", "--replaces", first.path("bid.zxb")))
    first.does(*first.submitting("new.zxb"))
    gone = world.lot.bids[BIDDERS[1]]
    second.does(*second.withdrawing("bid.zxb"))
    world.lot.close()
    return old, gone


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
