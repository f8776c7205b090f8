"""What a bidder writes into its opening sheet stops nobody else's opening."""

from __future__ import annotations

import pytest

from kernel.sealing.bids import opening as formats
from procurement.bids import closing, copies
from procurement.bids.models import Bid
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.test_dossier_honest import verdict

__all__ = ["verdict"]
pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3", "bidder4")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def opened(lot):
    """The others bid too, and everything is opened."""
    for each in NAMES[:3]:
        lot.bid(each)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    return dict(Bid.objects.values_list("bidder_uscc", "state"))


def test_a_sheet_of_any_size_is_never_read_whole(lot, verdict, monkeypatch):
    real, read = formats.OpeningSheet.encode, copies.storage.read
    sizes = []
    with monkeypatch.context() as patch:
        patch.setattr(formats.OpeningSheet, "encode", lambda sheet: real(sheet) + b" " * 2**20)
        lot.bid("bidder4")
    monkeypatch.setattr(
        copies.storage, "read", lambda stored: sizes.append(stored.size) or read(stored)
    )
    states = opened(lot)
    assert states.pop(lot.people["bidder4"].uscc) == "deemed_revoked"
    assert set(states.values()) == {"opened"}
    assert max(sizes) < 2**16
    code, said = verdict()
    assert code == 0, said
