"""On a desk stands what somebody can do now in a policy or an opening, and by when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.parties.models import User
from kernel.web import formats
from kernel.workflow import selectors
from procurement.bids import closing, opening
from procurement.bids.machines import OPENING, POLICY
from tests.procurement.bids.support import LOT, TRUSTEES

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def acts(world, name):
    """What stands on somebody's desk of policies and openings."""
    rows = selectors.desk([POLICY, OPENING], world.people[name], at=clock.now())
    return [act.code for row in rows for act in row.transitions]


def page(world, name):
    client = Client()
    client.force_login(User.objects.get(username=name), BACKEND)
    return client.get("/desk/").content.decode()


def desk(world, name):
    client = Client()
    client.force_login(User.objects.get(username=name), BACKEND)
    return client.get("/desk/").context["page"]


@pytest.fixture
def closed(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for index, name in enumerate(("bidder1", "bidder2", "bidder3"), start=1):
        world.bid(name, price=index * 1_000_00)
    world.at(world.lot.deadline + timedelta(seconds=1))
    world.lot.state = "closing"
    closing.close(LOT)
    return world


def test_of_a_policy_waits_what_a_party_has_not_done(world):
    world.draw_up()
    assert acts(world, "owner") == acts(world, "trustee1") == ["announce_key"]
    world.announce("owner", share=False)
    world.announce("trustee1")
    assert (acts(world, "owner"), acts(world, "trustee1")) == ([], ["rehearse"])
    world.rehearse("trustee1")
    assert acts(world, "trustee1") == []
    for name in TRUSTEES[1:]:
        world.announce(name)
        world.rehearse(name)
    assert acts(world, "owner") == acts(world, "trustee1") == ["sign"]
    world.sign_policy("trustee1")
    assert (acts(world, "owner"), acts(world, "trustee1")) == (["sign"], [])


def test_of_an_opening_waits_what_no_guard_refuses(closed):
    assert (acts(closed, "owner"), acts(closed, "trustee1")) == ([], ["countersign"])
    closed.countersign("trustee1")
    assert acts(closed, "trustee1") == []
    closed.countersign("trustee2")
    assert (acts(closed, "owner"), acts(closed, "trustee1")) == (["reveal"], ["reveal"])
    closed.reveal("owner", *TRUSTEES)
    assert (acts(closed, "owner"), acts(closed, "trustee1")) == ([], ["mark"])
    closed.mark("trustee1", "trustee2")
    assert acts(closed, "trustee1") == ["release"]
    assert acts(closed, "trustee3") == ["countersign", "mark"]


def test_a_party_is_told_of_time_before_and_after_its_clock_begins(closed):
    assert f"已于 {formats.deadline(closed.lot.deadline)} 截标" in page(closed, "trustee1")
    closed.countersign("trustee1", "trustee2")
    until = opening.of_lot(LOT).reveal_until_at
    assert until is not None
    assert "今天截止" in page(closed, "trustee1")
    # A clock, by which the desk sorts and counts: not a remark.
    owners = desk(closed, "owner")
    (row,) = (each for each in owners.rows if each.due)
    assert (row.due.at, row.due.tone, owners.soon) == (until, "soon", 1)
    assert owners.rows[0] == row


def test_rows_of_an_opening_lead_to_task_and_answer_and_not_to_a_form(closed):
    there = reverse("procurement:bids-trustee", args=[LOT])
    (row,) = desk(closed, "trustee1").rows
    assert row.url == there
    closed.countersign("trustee1", "trustee2")
    (row,) = (each for each in desk(closed, "owner").rows if each.due)
    assert row.url == there
    client = Client()
    for name in ("owner", "trustee1"):
        client.force_login(User.objects.get(username=name), BACKEND)
        assert client.get(there).status_code == 200


def test_rows_of_many_openings_are_judged_by_two_queries(closed, django_assert_num_queries):
    at, who = clock.now(), closed.people["trustee1"]
    for count in (1, 5):
        some = [opening.of_lot(LOT) for _ in range(count)]
        with django_assert_num_queries(2):
            assert OPENING.sifter(some, who, at) == {some[0].pk: {"countersign"}}
