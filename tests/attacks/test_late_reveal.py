"""Attacker: a bidder or trustee who waits until it sees the others' prices, and decides then.

A bidder deals bad shares and offers the cure after the first release; a trustee keeps its nonce
back until it knows the draw without it. Stopped: no cure once a share of the lot has left (and no
share leaves while a cure may come); a nonce that was withheld is replaced, and what is drawn stays.
"""

import pytest

from kernel.errors import Refused
from kernel.sealing.bids import making
from procurement.bids import closing, opening
from tests.procurement.bids.conftest import world
from tests.procurement.bids.steps import close, cure, now
from tests.procurement.bids.support import told

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def test_neither_cure_nor_nonce_comes_after_something_is_known(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    made = []
    real = making.seal_bid
    monkeypatch.setattr(
        making, "seal_bid", lambda *a, **k: made.append(real(*a, **k)) or made[-1]
    )  # fmt: skip
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    world.countersign("trustee1", "trustee2")
    world.reveal("owner", "trustee1", "trustee2")
    world.at(now().reveal_until_at)
    opening.advance(now().pk, now().reveal_until_at)
    assert now().state == "drawn"  # without the third trustee's nonce
    with pytest.raises(Refused) as refused:
        world.reveal("trustee3")
    assert told(refused) == ["workflow.act.not_in_state"]
    mine = made[0].manifest.sha256
    world.mark(
        "trustee1", "trustee2",
        bad=lambda mark: (mark.manifest_sha256, mark.envelope) == (mine, "price"),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        world.release("trustee1")
    assert told(refused) == ["procurement.opening.cure_awaited"]
    world.at(now().cure_until_at)
    world.release("trustee1")
    with pytest.raises(Refused) as refused:
        cure(world, "bidder1", "price", made[0].identities["price"])
    assert "procurement.opening.released_already" in told(refused)
