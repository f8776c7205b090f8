"""Attacker: an operator who closes a lot at the old deadline although it was extended.

The bids of those who took their time would be late; or it opens early what came early. Stopped: a
trustee who signed the extension obeys it, whatever the list says, and signs none before it is over.
"""

from datetime import timedelta

from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, NOTARY
from tests.procurement.bidder.conftest import shared_stage, world

__all__ = ["shared_stage", "world"]


def test_a_list_at_the_old_deadline_is_not_signed(world):
    world.policy()
    desk = world.desks[BIDDERS[0]]
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    lot = world.lot
    old = lot.in_force[0]
    lot.make_draft(deadline=DEADLINE + timedelta(days=1))
    world.each("sign-policy")
    lot.in_force.append(old)  # the operator goes back to what was signed first
    lot.close()
    notary = world.desks[NOTARY]
    found = notary.codes(*notary.trustee("check"))
    assert found == ["sealing.closing.policy", "sealing.closing.too_early"]
    for step in ("reveal", "mark", "release"):
        assert notary.codes(*notary.trustee(step)) == ["bidder.list.none"]
