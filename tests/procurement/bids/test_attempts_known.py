"""Who tried in vain to bid is nobody's to know before the bids are open; then overseers read it."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.parties.models import User
from kernel.workflow import attempts
from kernel.workflow.models import RefusedAct
from procurement.bids import closing
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
