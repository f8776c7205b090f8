"""What follows in this room from events of others: how bids were judged is told with candidates."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.events.procurement_tendering import LotPublicised
from kernel.events.registry import Envelope
from procurement.bids import closing, needs, subscribers
from procurement.bids.models import Bid
from tests.procurement.bids import steps
from tests.procurement.bids.support import BIDDERS, LOT

pytestmark = pytest.mark.django_db


def test_with_the_candidates_it_is_public_how_every_bid_was_judged(world, monkeypatch):
    # The lot's own machine is tested with the journey.
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in BIDDERS[:3]:
        world.bid(name)
    steps.close(world)
    steps.ready(world, "trustee2", "trustee3")
    world.mark("trustee2", "trustee3")
    world.release("trustee2", "trustee3")
    steps.finish(world)
    first, second, third = Bid.objects.order_by("pk").values_list("pk", flat=True)
    report = needs.Judged(((second, 90_00, 1), (first, 80_00, 2)), ((third, "未响应"),))
    monkeypatch.setattr(needs.judged, "_answer", {7: report}.get)
    event = LotPublicised(9, LOT, "", "", "", 7, (second,), clock.now())
    envelope = Envelope(41, "procurement.tender:9", clock.now(), event)
    for _again in range(2):
        subscribers.nominate(envelope)
        assert dict(Bid.objects.values_list("pk", "state")) == {
            second: "candidate", first: "ranked", third: "rejected",
        }  # fmt: skip
    told = set(Bid.objects.values_list("pk", "score", "rank", "reason"))
    assert told == {(second, 90_00, 1, ""), (first, 80_00, 2, ""), (third, None, None, "未响应")}
