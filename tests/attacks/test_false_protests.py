"""Attacker: a bidder, alone or with the operator, who would hold an opening up or drop a bid.

It hands trustees protests that are forged, of another lot, late, replayed, or that contradict the
tree of the list. Stopped: a protest by a withdrawal is founded by the operator's own signed and
logged words for this very list, or it is as if nobody had made it; where one of two words of the
operator must be dated back, nothing is opened and nothing dropped.
"""

import base64
from dataclasses import replace
from datetime import timedelta

from kernel.evidence import formats
from kernel.sealing.bids import bundles, protests, receipts
from tests.attacks.dead_bids import handed, kept, prepared, protesting, relisted
from tests.kernel.sealing.bids.support import (
    BIDDERS,
    DEADLINE,
    LOT,
    NOTARY,
    OPERATOR,
    altered,
    codes,
)
from tests.procurement.bidder.conftest import shared_stage, world
from tests.procurement.bidder.rescuing import corrected, listing, rescue

__all__ = ["relisted", "shared_stage", "world"]


def forged(desk, lot):
    """A receipt of a withdrawal that the bidder signed itself."""
    gone, _p7s = kept(desk, "withdrawal")
    return {"withdrawn_p7s": bundles.sign(gone, lot.stage.signers[desk.uscc], lot.now)}


def by_operator(lot, gone):
    """Whatever it says, under the operator's signature."""
    p7s = bundles.sign(gone, lot.stage.signers[OPERATOR], lot.now)
    return {"withdrawn": gone, "withdrawn_p7s": p7s}


def of_another_lot(desk, lot):
    """A receipt of a withdrawal that the operator gave for another lot."""
    gone = altered(kept(desk, "withdrawal")[0], lot="2301022509010101-02")
    return by_operator(lot, gone)


def of_another_bid(desk, lot):
    """The receipt of another bidder's version."""
    other = lot.files[lot.bids[BIDDERS[0]]][1]
    return {"receipt": other["receipt"].encode(), "receipt_p7s": base64.b64decode(other["p7s"])}


def of_no_entry(desk, lot):
    """A receipt of a withdrawal over the log's entry of something else."""
    said = receipts.read_withdrawn(kept(desk, "withdrawal")[0])
    gone = replace(said, log=lot.log.proof(0)).encode()
    return by_operator(lot, gone)


def too_late(desk, lot):
    """A withdrawal after the deadline withdraws nothing."""
    said = receipts.read_withdrawn(kept(desk, "withdrawal")[0])
    at = DEADLINE + timedelta(seconds=1)
    index = lot.log.append(
        receipts.WITHDRAWAL_ENTRY, {"manifest_sha256": said.manifest_sha256}, at
    )  # fmt: skip
    lot.listed = replace(
        lot.listed, tree_size=len(lot.log.leaves), tree_root=lot.log.root().hex()
    )  # fmt: skip
    gone = replace(said, received_at=at, log=lot.log.proof(index)).encode()
    return {**by_operator(lot, gone), "list_sha256": lot.listed.sha256}


FALSE = [
    (forged, "sealing.signature.other"),
    (of_another_lot, "sealing.protest.other"),
    (of_another_bid, "sealing.protest.other"),
    (of_no_entry, "sealing.receipt.entry"),
    (too_late, "sealing.protest.late"),
    (lambda _desk, _lot: {"list_sha256": "ab" * 32}, "sealing.protest.other"),
    (lambda _desk, _lot: {"lot": "2301022509010101-02"}, "sealing.protest.other"),
]


def test_protests_that_are_not_what_they_say_hold_nobody_up(world):
    _old, gone = prepared(world)
    lot, second, notary = world.lot, world.desks[BIDDERS[1]], world.desks[NOTARY]
    listing(lot, gone)
    late = too_late(second, lot)  # the list is over a tree that has its entry
    policy, by_hand = lot.in_force[-1][0], []
    for i, (change, code) in enumerate(FALSE):
        fields = late if change is too_late else change(second, lot)
        made = protesting(second, **{"lot": LOT, "list_sha256": lot.listed.sha256, **fields})
        told = codes(
            protests.check_protest, made, policy, lot.listed, lot.stage.trust, formats.log_holds
        )
        assert set(told) == {code}, change
        by_hand += ["--protest", str(handed(second, lot, made, f"given-{i}.json"))]
    world.each("check")
    world.each("reveal", "mark")
    notary.does(*notary.trustee("release"), *by_hand)


def test_a_protest_under_anothers_signature_holds_nobody_up(relisted):
    lot, first, notary = relisted.lot, relisted.desks[BIDDERS[0]], relisted.desks[NOTARY]
    made = protesting(relisted.desks[BIDDERS[1]], list_sha256=lot.listed.sha256)
    by_hand = ["--protest", str(handed(first, lot, made))]
    notary.does(*notary.trustee("release"), *by_hand)


def test_an_old_withdrawal_replayed_against_a_bid_handed_in_again_is_unfounded(world):
    world.policy()
    lot, desk, notary = world.lot, world.desks[BIDDERS[1]], world.desks[NOTARY]
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    desk.does(*desk.withdrawing("bid.zxb"))
    desk.does(*desk.sealing("new.zxb", "--replaces", desk.path("bid.zxb")))
    desk.does(*desk.submitting("new.zxb"))
    lot.close()
    assert desk.codes(*rescue(desk, "protest")) == ["sealing.protest.superseded"]
    made = protesting(desk, list_sha256=lot.listed.sha256)
    by_hand = ["--protest", str(handed(desk, lot, made))]
    world.each("check")
    world.each("reveal", "mark")
    notary.does(*notary.trustee("release"), *by_hand)


def test_a_withdrawn_bid_that_is_not_listed_founds_nothing(world):
    prepared(world)
    second = world.desks[BIDDERS[1]]
    assert second.codes(*rescue(second, "protest")) == ["sealing.protest.unlisted"]


def test_a_replayed_protest_says_nothing_of_the_corrected_list(relisted):
    world, lot = relisted, relisted.lot
    second, notary = world.desks[BIDDERS[1]], world.desks[NOTARY]
    second.does(*rescue(second, "protest"))
    by_hand = ["--protest", second.path("bid.zxb.protest.json")]
    lot.listed = corrected(lot, without=[world.gone])
    lot.list_signatures, lot.marks = {}, {}
    world.each("check")
    world.each("mark")
    notary.does(*notary.trustee("release"), *by_hand)


def test_a_list_over_a_tree_of_before_the_withdrawal_is_neither_opened_nor_corrected(world):
    _old, gone = prepared(world)
    lot, second, notary = world.lot, world.desks[BIDDERS[1]], world.desks[NOTARY]
    size = receipts.read_withdrawn(kept(second, "withdrawal")[0]).log.index
    lot.listed = replace(lot.listed, tree_size=size, tree_root=lot.log.root(size).hex())
    listing(lot, gone)
    world.each("check")
    world.each("reveal", "mark")
    lot.refuse_protests = True  # as the platform does: it cannot have come to this
    assert second.codes(*rescue(second, "protest")) == ["bidder.protest.kept"]
    by_hand = ["--protest", second.path("bid.zxb.protest.json")]
    assert notary.codes(*notary.trustee("release"), *by_hand) == ["bidder.release.protest"]
    fixed = corrected(lot, without=[gone])
    lot.listed = replace(
        fixed, tree_size=len(lot.log.leaves), tree_root=lot.log.root().hex()
    )  # fmt: skip
    assert notary.codes(*notary.trustee("check"), *by_hand)[0] == "sealing.closing.correction"


def test_a_protest_for_a_missing_bid_does_not_go_from_hand_to_hand(relisted):
    """A bid may be missing because it fell: only the platform's log says so."""
    lot, first, notary = relisted.lot, relisted.desks[BIDDERS[0]], relisted.desks[NOTARY]
    made = protesting(relisted.desks[BIDDERS[1]], list_sha256=lot.listed.sha256, withdrawn=b"")
    by_hand = ["--protest", str(handed(first, lot, made))]
    assert notary.codes(*notary.trustee("release"), *by_hand) == ["bidder.protest.handed"]
