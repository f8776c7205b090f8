"""A rejected bidder's page of the lot says why, and leads to the bid's case."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.errors import Refusal
from kernel.parties.models import User
from kernel.workflow.guarding import firing
from procurement.bids import needs
from procurement.bids.models import Bid
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db
WHY = needs.Rejection(
    ("没有对招标文件的实质性要求和条件作出响应",),
    "《招标投标法实施条例》第五十一条",
    (Refusal("procurement.evaluation.security_missing", {}, "《招标投标法实施条例》第二十六条"),),
    ("没有投标保证金",),
)


@pytest.mark.parametrize("told", [True, False])
def test_the_bidders_page_of_the_lot_says_why_its_bid_was_rejected(world, monkeypatch, told):
    world.policy()
    world.bid("bidder1")
    with firing():
        Bid.objects.filter(lot_number=LOT).update(state="rejected")
    monkeypatch.setattr(needs.rejection, "_answer", lambda _lot, _bid: WHY if told else None)
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(User.objects.get(person_id=world.people["bidder1"].person_id))
    page = client.get(f"/bids/mine/{LOT}/").content.decode()
    assert f"/cases/procurement.bid/{Bid.objects.get(lot_number=LOT).pk}/" in page
    for said in (WHY.grounds[0], WHY.article, "第二十六条", WHY.findings[0]):
        assert (said in page) is told
