"""Who may act on a case that they may not read learns nothing of it by naming an old version."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from procurement.bids import closing
from procurement.bids.machines import OPENING
from procurement.bids.models import Opening
from tests.conftest import member
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db


def test_an_old_version_tells_no_stranger_who_bids_before_the_bids_are_open(world, monkeypatch):
    """Any contractor may protest, for whoever holds a receipt may; the list is nobody else's."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    world.at(world.lot.deadline + timedelta(seconds=1))
    world.lot.state = "closing"
    closing.close(LOT)
    case = Opening.objects.get()
    stranger = member("stranger", "contractor_clerk", region="230102", serial=88)
    held = Membership.objects.get(person_id=stranger.person_id)
    expires = clock.technical_now() + timedelta(days=1)
    secret = tokens.issue(held, name="test", expires_at=expires)[1]
    answer = Client().post(
        f"/api/v1/cases/{OPENING.code}/{case.pk}/acts/protest",
        json.dumps({"seen_version": 0, "payload": {"protest": "x", "p7s": "AAAA"}}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 409
    (reason,) = answer.json()["refusals"]
    assert (reason["code"], reason["facts"]["changes"]) == ("workflow.act.stale", [])
    told = json.dumps(answer.json(), ensure_ascii=False)
    for name in ("bidder1", "bidder2", "bidder3"):
        assert world.people[name].uscc not in told
