"""One trustee's lie with one bidder's bad share, and a receipt that fell, hold nobody up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from procurement.bids import closing, correcting, receipts, stamps
from procurement.bids.models import Bid, BidVersion
from tests.procurement.bids.steps import close, finish, now, protest, ready, settle, version_of
from tests.procurement.bids.support import told

pytestmark = pytest.mark.django_db
BIDDERS = ("bidder1", "bidder2", "bidder3", "bidder4")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def of_bidder4(lot):
    place = version_of(lot, "bidder4").manifest_sha256
    return lambda mark: mark.manifest_sha256 == place


def test_a_share_that_nobody_can_send_any_more_is_not_waited_for(lot):
    for name in BIDDERS:
        lot.bid(name)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.mark("trustee3", bad=of_bidder4(lot))  # bidder4 sealed it another share
    honest = lot.opened_shares

    def without(name):
        listed, manifests, found = honest(name)
        bad = of_bidder4(lot)
        lies = name == "trustee2"
        found = [
            (m, bytes(32) + s[-1:] if lies and bad(m) else s)
            for m, s in found
            if name != "trustee3" or not bad(m)
        ]
        return listed, manifests, found

    lot.opened_shares = without
    lot.release("trustee1", "trustee2")
    assert now().state == "released"  # trustee3 said that its share does not open
    assert finish(lot).state == "opened"
    assert sorted(Bid.objects.values_list("state", flat=True)) == [
        "deemed_withdrawn", "opened", "opened", "opened",
    ]  # fmt: skip


def test_who_marked_and_never_releases_is_not_waited_for_beyond_the_window(lot):
    for name in BIDDERS:
        lot.bid(name)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.mark("trustee3", bad=of_bidder4(lot))
    honest = lot.opened_shares
    bad = of_bidder4(lot)

    def without(name):
        listed, manifests, found = honest(name)
        return listed, manifests, [(m, s) for m, s in found if name == "trustee1" or not bad(m)]

    lot.opened_shares = without
    lot.release("trustee1", "trustee3")
    assert now().state == "checked"  # trustee2 may still come
    lot.at(now().window_ends_at)
    settle()
    assert now().state in ("released", "opened")


def due(*versions):
    BidVersion.objects.filter(pk__in=[v.pk for v in versions]).update(
        follow_up_at=clock.technical_now()
    )
    stamps.follow_up()


def test_a_bid_that_fell_before_the_closing_founds_no_protest(lot, no_lists):
    versions = [lot.bid(name)[0] for name in BIDDERS]
    receipts.of(versions[-1])
    no_lists(("bidder4", clock.now() - timedelta(hours=1)))
    due(*versions)
    assert Bid.objects.get(pk=versions[-1].bid_id).state == "annulled"
    close(lot)
    no_lists()
    del lot.signers["bidder4"]  # a new certificate
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder4", version_of(lot, "bidder4"))
    assert told(refused) == ["procurement.opening.protest_fallen"]


def test_a_version_that_fell_to_an_earlier_one_founds_no_protest(lot, no_lists):
    for name in BIDDERS[:3]:
        lot.bid(name)
    _first, manifest, _data = lot.bid("bidder4")
    good = lot.signers.pop("bidder4")
    second, _m, _d = lot.bid("bidder4", before=manifest)
    receipts.of(second)
    no_lists(("bidder4", clock.now() - timedelta(hours=1)))
    lot.signers["bidder4"] = good
    due(*BidVersion.objects.all())
    close(lot)
    no_lists()
    with pytest.raises(Refused) as refused:
        protest(lot, "bidder4", version_of(lot, "bidder4"))
    assert told(refused) == ["procurement.opening.protest_fallen"]


def test_a_correction_answers_every_protest_or_waits(lot, monkeypatch):
    for name in (*BIDDERS, "bidder5"):
        receipts.of(lot.bid(name)[0])
    from tests.procurement.bids.steps import drop

    files = {}
    monkeypatch.setattr(closing, "delete_dead", lambda *_a, **_k: 0)
    for name in ("bidder4", "bidder5"):
        drop(lot, name)
    close(lot)
    protest(lot, "bidder4", version_of(lot, "bidder4"))
    real = closing.make_list

    def meanwhile(*args, **more):
        """Another protest comes in while the list is made."""
        made = real(*args, **more)
        if not files:
            files["done"] = True
            protest(lot, "bidder5", version_of(lot, "bidder5"))
        return made

    monkeypatch.setattr(closing, "make_list", meanwhile)
    first = now().list_sha256
    assert not correcting.correct(now().pk, clock.now())
    assert now().list_sha256 == first
    assert correcting.correct(now().pk, clock.now())
    assert now().replaced_lists.count() == 1
