"""Attacker: a trustee who loses its key, or destroys it when it sees who is about to win.

Stopped: any k of n open; a rehearsal days before, and again before a later stage, shows who still
can; and destroying is refused by the tool itself until the record is there.
"""

from datetime import timedelta

from kernel.sealing.bids import draw
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY
from tests.procurement.bidder.conftest import shared_stage, world

__all__ = ["shared_stage", "world"]


def test_a_lot_opens_without_the_trustee_whose_key_is_gone(world):
    world.policy()
    for code in BIDDERS[:3]:
        desk = world.desks[code]
        desk.does(*desk.sealing("bid.zxb"))
        desk.does(*desk.submitting("bid.zxb"))
    notary = world.desks[NOTARY]
    world.lot.close()
    world.each("check")
    assert notary.codes(*notary.trustee("destroy")) == ["bidder.destroy.early"]
    for path in (notary.folder / "keep").rglob("*.pem"):
        path.unlink()
    assert notary.codes(*notary.trustee("mark")) == ["bidder.keep.no_key_there"]
    # Its nonce is gone with its key: the draw goes on by the fixed value once time is over.
    world.each("reveal", "mark", who=(ENTITY, CHAMBER))
    lot, policy = world.lot, world.lot.in_force[-1][0]
    lot.now += timedelta(minutes=30)
    lot.draw()
    assert draw.read_draw(lot.drawn.encode(), policy, lot.listed.sha256).withheld == (NOTARY,)
    world.each("release", who=(ENTITY, CHAMBER))
    assert len(lot.open().bids) == 3
