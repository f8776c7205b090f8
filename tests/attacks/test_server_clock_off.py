"""Attacker: an operator whose server's clock is an hour off, by mistake or on purpose.

An hour ahead it would close early and open what came early; an hour behind it would take the late
for timely. Stopped: a trustee's tool reads its own clock; a time-stamp authority outside dates each
receipt and the list, and a bidder's tool believes no receipt that it dates otherwise; the deadline
stands in a policy under every signature and moves only by another such policy, and only later.
"""

from datetime import timedelta

import pytest

from kernel.sealing import demo_tsa
from kernel.sealing.bids.fields import instant_text
from tests.kernel.sealing.bids.support import BIDDERS, DEADLINE, NOTARY, NOW
from tests.procurement.bidder.conftest import TRUSTEES, shared_stage, world

__all__ = ["shared_stage", "world"]
HOUR = timedelta(hours=1)


@pytest.fixture
def stamped(world, shared_stage):
    """A lot under a policy that names an authority outside, whose clock is right."""
    make = world.lot.make_draft
    world.lot.make_draft = lambda **changes: make(
        **{"timestamp_authorities": (demo_tsa.NAME,), **changes}
    )
    world.policy()
    world.lot.tsa = demo_tsa.issue(shared_stage.authority, NOW)
    return world


def at(moment):
    """The trustee's own clock."""
    return ["--at", instant_text(moment)]


def bid(world):
    desk = world.desks[BIDDERS[0]]
    desk.does(*desk.sealing("bid.zxb"))
    return desk


def test_a_server_an_hour_ahead_gets_no_list_signed_before_the_deadline(world):
    world.policy()
    desk = bid(world)
    desk.does(*desk.submitting("bid.zxb"))
    world.lot.now = DEADLINE - HOUR + timedelta(minutes=1)
    world.lot.now += HOUR  # what its clock says
    world.lot.close()
    notary = world.desks[NOTARY]
    check = notary.trustee("check")
    own = at(DEADLINE - HOUR + timedelta(minutes=1))
    found = notary.codes(*check, *own)
    assert "sealing.closing.too_early" in found
    assert not world.lot.list_signatures
    # With the deadline over by its own clock it signs.
    notary.does(*check, *at(DEADLINE + timedelta(minutes=2)))


def test_a_list_that_an_outside_clock_dates_before_the_deadline_is_not_signed(stamped):
    """Also where the trustee's own clock was set ahead with the server's."""
    desk = bid(stamped)
    desk.does(*desk.submitting("bid.zxb"))
    lot = stamped.lot
    lot.now = DEADLINE + timedelta(minutes=1)
    lot.close()
    lot.list_token = lot.stamp(bytes.fromhex(lot.listed.sha256), lot.now - HOUR)
    trustee = stamped.desks[TRUSTEES[1]]
    assert trustee.codes(*trustee.trustee("check")) == ["bidder.list.timestamp"]


@pytest.mark.parametrize("off", [-HOUR, HOUR])
def test_a_receipt_that_an_outside_clock_dates_otherwise_is_not_believed(stamped, off):
    lot = stamped.lot
    lot.now = NOW + 2 * HOUR
    right = lot.stamp
    lot.stamp = lambda digest, moment: right(digest, moment - off)  # the server's clock is off
    desk = bid(stamped)
    found = desk.codes(*desk.submitting("bid.zxb")[:-1], "5")
    assert found == ["sealing.timestamp.time"]


def test_the_deadline_moves_by_a_policy_under_every_signature_only_and_later_only(world):
    world.policy()
    lot, notary = world.lot, world.desks[NOTARY]
    lot.make_draft(deadline=DEADLINE - HOUR)
    assert notary.codes(*notary.trustee("sign-policy")) == ["sealing.policy.earlier_deadline"]
    # A later one that the trustees did not all sign is not in force for a bidder either.
    lot.make_draft(deadline=DEADLINE + HOUR)
    notary.does(*notary.trustee("sign-policy"))
    lot.in_force.append((lot.draft, tuple(lot.signatures.values())))
    desk = world.desks[BIDDERS[0]]
    assert set(desk.codes(*desk.sealing("bid.zxb"))) == {"sealing.policy.unsigned"}
