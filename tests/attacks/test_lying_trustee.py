"""Attacker: a trustee who marks a competitor's shares bad, or releases something else for them.

Stopped: a share that is not the one whose hash its bidder signed is left out; while k others are
honest the bid opens, and the trustee's signed statement stands against it. Where k lie together,
the bidder deals its key anew before anything is released, and they would have to lie again.
"""

import pytest

from kernel.sealing.bids import releasing
from procurement.bids import closing, gathering
from procurement.bids.models import Bid
from tests.procurement.bids.conftest import world
from tests.procurement.bids.steps import close, finish, now, ready
from tests.procurement.bids.support import TRUSTEES

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def test_a_lie_about_a_share_costs_nobody_the_bid_and_is_signed(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", bad=lambda mark: mark.envelope == "price")
    world.mark("trustee2", "trustee3")
    world.release("trustee1", lie=True)
    world.release("trustee2")
    assert now().state == "checked"  # one good share of each price is missing
    world.release("trustee3")
    assert finish(world).state == "opened"
    assert set(Bid.objects.values_list("state", flat=True)) == {"opened"}
    liar = now().statements.get(kind="marks", uscc=world.people["trustee1"].uscc)
    said = releasing.read_marks(liar.text.encode())
    assert [mark.good for mark in said.marks if mark.envelope == "price"] == [False] * 3
    assert bytes(liar.p7s)
    # Every share that it sent was compared with the bidders' hashes, and none counted.
    assert len(gathering.who(gathering.said(now()), "release")) == len(TRUSTEES)
