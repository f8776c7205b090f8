"""Who tried in vain to bid is nobody's to know before the bids are open; then overseers read it."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel import clock
from kernel.errors import Refusal, Refused
from kernel.parties.models import User
from kernel.sealing.bids import receipts as receipt_formats
from kernel.workflow import attempts
from kernel.workflow.models import RefusedAct
from procurement.bids import bid_facts, bidding, closing, receiving
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid
from procurement.bids.receipts import BidRefused
from tests.conftest import member
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db
THREE = ("bidder1", "bidder2", "bidder3")


def page(person_id: int, address: str) -> str:
    browser = Client()
    browser.force_login(User.objects.get(person_id=person_id))
    return browser.get(address).content.decode()


@pytest.mark.parametrize("when", ["in time and broken", "too late"])
def test_a_refused_first_bid_is_in_the_register_once_the_bids_are_open(world, when, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in THREE:
        world.bid(name)
    data, _manifest = world.seal("bidder4")
    if when == "too late":
        world.at(world.lot.deadline)
    with pytest.raises(BidRefused):
        world.submit("bidder4", data if when == "too late" else data[:-1])
    row = RefusedAct.objects.latest("pk")
    assert (row.case_pk, row.about) == (None, LOT)
    auditor = world.people["auditor"]
    there = member("there", "auditor", region="230600", serial=4, authority="city")
    tried = world.people["bidder4"].organisation_name

    def known(actor):
        return row in attempts.refused(actor, attempts.overseen(actor))

    close(world)
    ready(world, "trustee1", "trustee2")
    assert not known(auditor)
    assert tried not in page(auditor.person_id, "/refused/")
    assert not attempts.may_see_opening(auditor, BID.code, row.log_index)
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    finish(world)
    assert Bid.objects.filter(state="opened").count() == len(THREE)
    assert known(auditor)
    assert not known(there)
    shown = page(auditor.person_id, "/refused/")
    assert tried in shown
    assert f"未立案（{LOT}）" in shown
    assert row.refusals[0]["code"] in shown
    assert attempts.may_see_opening(auditor, BID.code, row.log_index)
    assert tried not in page(there.person_id, "/refused/")


def test_whoever_withdrew_is_not_given_away_by_an_earlier_attempt(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in THREE:
        world.bid(name)
    data, _manifest = world.seal("bidder4")
    with pytest.raises(BidRefused):
        world.submit("bidder4", data[:-1])
    row = RefusedAct.objects.latest("pk")
    world.submit("bidder4", data)
    bidder, auditor = world.people["bidder4"], world.people["auditor"]
    bid = Bid.objects.get(bidder_uscc=bidder.uscc)
    text = receipt_formats.Withdrawal(LOT, bidder.uscc, bid.manifest_sha256, "").encode().decode()
    bidding.withdraw(LOT, actor=bidder, statement=text, p7s=world.p7s("bidder4", text), key="w")
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    finish(world)
    bid.refresh_from_db()
    assert bid.state == "withdrawn"
    assert row not in attempts.refused(auditor, attempts.overseen(auditor))
    assert not attempts.may_see_opening(auditor, BID.code, row.log_index)


def test_a_refusal_is_kept_with_its_own_lot_whatever_else_its_clerk_does(world, monkeypatch):
    """Another upload of the same clerk, to another lot, is refused in between."""
    world.policy()
    data, _manifest = world.seal("bidder4")
    bidder = world.people["bidder4"]
    real = receiving.fire

    def beside(*arguments, **named):
        try:
            return real(*arguments, **named)
        except Refused:
            RefusedAct.objects.create(
                machine=BID.code, transition="receive", refusals=[], about="OTHER",
                person_id=bidder.person_id, organisation_id=bidder.organisation_id,
                role=bidder.role, at=clock.now(),
            )  # fmt: skip
            raise

    monkeypatch.setattr(receiving, "fire", beside)
    # Refused by the act itself, after everything else was found right.
    bar = Refusal("procurement.bid.is_void", {"lot": LOT}, "")
    monkeypatch.setattr(bid_facts.needs, "barred", lambda _uscc, _lot, _at: (bar,))
    with pytest.raises(BidRefused):
        world.submit("bidder4", data)
    assert {row.about for row in RefusedAct.objects.filter(case_pk=None)} == {LOT, "OTHER"}
