"""An envelope with too few good shares is cured by its bidder before any release, not after."""

from __future__ import annotations

import pytest

from kernel.errors import NotPermitted, Refused
from kernel.sealing import age
from procurement.bids import vault
from procurement.bids.models import Bid
from tests.procurement.bids.steps import (
    cure,
    finish,
    mark_cured,
    now,
    settle,
    uncured,
    version_of,
)
from tests.procurement.bids.support import TRUSTEES, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):
    return uncured(world, monkeypatch)


def test_fresh_shares_of_the_committed_key_save_a_bid(lot):
    cure(lot, "bidder1", "price", lot.identities["price"])
    with pytest.raises(Refused) as refused:
        lot.release("trustee1")  # the cure is not marked yet
    assert told(refused) == ["procurement.opening.cure_awaited"]
    mark_cured(lot, "trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    assert set(Bid.objects.values_list("state", flat=True)) == {"opened"}


def test_a_third_trustee_with_a_good_share_ends_the_wait_for_a_cure(lot, monkeypatch):
    """Two trustees lied; the third and the bidder's cure are both ways out."""
    lot.mark("trustee3")
    with pytest.raises(Refused):
        lot.release("trustee1")  # one good mark of two is too few
    lot.at(now().cure_until_at)
    lot.release("trustee1", "trustee2")
    assert settle().state == "opened"
    assert Bid.objects.get(pk=version_of(lot, "bidder1").bid_id).state == "deemed_revoked"


def test_after_a_release_there_is_no_cure(lot):
    lot.at(now().cure_until_at)
    lot.release("trustee1")
    with pytest.raises(Refused) as refused:
        cure(lot, "bidder1", "price", lot.identities["price"])
    assert told(refused) == [
        "procurement.opening.released_already", "procurement.opening.cure_over",
    ]  # fmt: skip


def test_a_bid_still_failing_is_deemed_revoked_and_the_others_go_on(lot):
    lot.at(now().cure_until_at)
    lot.release("trustee1", "trustee2")
    assert settle().state == "opened"
    states = dict(Bid.objects.values_list("bidder_uscc", "state"))
    assert states.pop(lot.people["bidder1"].uscc) == "deemed_revoked"
    assert set(states.values()) == {"opened"}


def test_only_the_bidder_cures_and_only_what_needs_it(lot):
    identity = lot.identities["price"]
    with pytest.raises(NotPermitted):
        cure(lot, "bidder1", "price", identity, by="bidder4")
    with pytest.raises(Refused) as refused:
        cure(lot, "bidder1", "price", identity, by="bidder2")
    assert told(refused) == ["sealing.cure.other"]
    with pytest.raises(Refused) as refused:
        cure(lot, "bidder1", "technical", lot.identities["technical"])
    assert told(refused) == ["procurement.opening.cure_needless"]
    cure(lot, "bidder1", "price", identity)
    with pytest.raises(Refused) as refused:
        lot.say("cure", "bidder1b", **_last(lot))  # a colleague, once more
    assert told(refused) == ["procurement.opening.cured_before"]
    mark_cured(lot, *TRUSTEES[:1])
    with pytest.raises(Refused) as refused:
        lot.people["trustee1x"] = lot.people["trustee1"]
        lot.keys["trustee1x"] = lot.keys["trustee1"]
        mark_cured(lot, "trustee1x")
    assert told(refused) == ["procurement.opening.done_before"]


def _last(lot):
    text = now().statements.get(kind="cure").text
    return {"cure": text, "p7s": lot.p7s("bidder1", text)}


def test_a_cure_of_another_key_does_not_open(lot):
    from kernel.sealing.bids import cures, shares
    from kernel.sealing.bids.manifest import read_manifest

    version = version_of(lot, "bidder1")
    manifest = read_manifest(version.manifest.encode())
    rows, sealed = shares._split(
        lot.in_force, manifest.context, "price", age.new_identity(),
        manifest.envelope("price").sha256, now().list_sha256,
    )  # fmt: skip
    text = cures.Cure(
        manifest.lot, now().list_sha256, manifest.bidder, manifest.sha256, "price", rows, sealed
    ).encode().decode()  # fmt: skip
    lot.say("cure", "bidder1", cure=text, p7s=lot.p7s("bidder1", text))
    mark_cured(lot, "trustee1", "trustee2")  # each share by itself is as signed
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    bid = Bid.objects.get(pk=version.bid_id)
    assert (bid.state, bid.failure) == ("deemed_revoked", "sealing.share.commitment")
    assert vault.exists(version.vault)
