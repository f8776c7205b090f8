"""A bid that an authority finds void: by a decision, which of collusion goes on record."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse

from credit.conduct.models import ConductRecord
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.parties.models import User
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from procurement.bids import closing, neighbours
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid
from procurement.contracts import sources
from procurement.evaluation import connections
from procurement.tendering import selectors as tendering
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.support import LOT, told
from tests.procurement.tendering.samples import uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(world, monkeypatch):
    """Three bids that are open."""
    # The lot's own machine is tested with the journey.
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for index, name in enumerate(("bidder1", "bidder2", "bidder3"), start=1):
        world.bid(name, price=index * 1_000_00)
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    finish(world)
    return world


def void(lot, by="supervisor", **changes):
    """The first bidder's bid, by a decision that is in order but for the changes."""
    bid = Bid.objects.get(bidder_uscc=lot.people["bidder1"].uscc)
    payload = {
        "ground": "collusion",
        "document_number": "哈建罚字〔2025〕7号",
        "file_sha256": "",
        "reason": "与另一投标人的清单由同一台计算机编制。",
    } | changes
    fire(
        BID.code, bid.pk, "void",
        actor=lot.people[by], payload=payload, key=f"void-{by}-{sorted(changes)}",
        seen_version=bid.version,
    )  # fmt: skip
    return Bid.objects.get(pk=bid.pk)


def captured():
    """The conduct records that the events of these acts open."""
    for pk in Delivery.objects.filter(
        state="pending", subscriber="credit.conduct.collusion"
    ).values_list("pk", flat=True):
        assert events.deliver(pk)
    return ConductRecord.objects.filter(item="collusion")


def test_a_decision_of_collusion_voids_the_bid_and_opens_a_record_of_it(opened):
    scan = uploaded(opened.people["supervisor"], "行政处罚决定书")
    bid = void(opened, file_sha256=scan)
    assert (bid.state, bid.reason) == ("void", "与另一投标人的清单由同一台计算机编制。")
    record = captured().get()
    assert (record.uscc, record.section) == (bid.bidder_uscc, LOT)
    assert record.document_number == "哈建罚字〔2025〕7号"
    assert record.document_sha256 == scan
    assert record.decided_by == opened.people["supervisor"].organisation_name
    # It is a draft: officers of credit confirm, give notice and hear the bidder before it counts.
    assert record.state == "captured"


@pytest.mark.parametrize("ground", ["bribery", "false_information"])
def test_another_ground_is_not_collusion(opened, ground):
    scan = uploaded(opened.people["supervisor"], "行政处罚决定书")
    assert void(opened, ground=ground, file_sha256=scan).state == "void"
    assert not captured().exists()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ["procurement.bid.no_decision_file"]),
        ({"file_sha256": "0" * 64}, ["procurement.bid.no_decision_file"]),
        ({"document_number": " ", "reason": " "},
         ["workflow.reason.missing", "procurement.bid.no_decision",
          "procurement.bid.no_decision_file"]),
    ],
)  # fmt: skip
def test_a_bid_is_not_void_by_a_suspicion_without_a_decision(opened, changes, codes):
    with pytest.raises(Refused) as refused:
        void(opened, **changes)
    assert told(refused) == codes
    assert not Bid.objects.filter(state="void").exists()


def test_a_file_that_somebody_else_uploaded_is_no_decision_of_this_authority(opened):
    scan = uploaded(opened.people["owner"], "行政处罚决定书")
    with pytest.raises(Refused) as refused:
        void(opened, file_sha256=scan)
    assert told(refused) == ["procurement.bid.no_decision_file"]


def test_whose_bid_is_void_is_awarded_nothing(opened):
    uscc = opened.people["bidder1"].uscc
    assert neighbours.bidder_refusals(LOT, uscc, clock.now()) == ()
    void(opened, file_sha256=uploaded(opened.people["supervisor"], "行政处罚决定书"))
    refusals = neighbours.bidder_refusals(LOT, uscc, clock.now())
    assert [refusal.code for refusal in refusals] == ["procurement.bid.is_void"]
    assert neighbours.bidder_refusals(LOT, opened.people["bidder2"].uscc, clock.now()) == ()


def test_a_void_bid_is_told_as_void_to_those_who_judge_and_who_sign(opened, monkeypatch):
    """Evaluation leaves it out, and no contract follows from an award on it."""
    lot = SimpleNamespace(
        evaluation_parameters={"factors": []}, state="awarded", awarded_at=clock.now(), pk=1,
        case_ref="", number=LOT, project_number="", region="", name="", owner_uscc="",
        winner_uscc=opened.people["bidder1"].uscc, award_price_fen=1, period_days=1, quality="",
    )  # fmt: skip
    monkeypatch.setattr(tendering, "public_lot", lambda _number: lot)
    monkeypatch.setattr(tendering, "lot", lambda _number: lot)
    assert [bid.void for bid in connections.opened(LOT).bids] == [False] * 3
    assert not sources.award(LOT).void
    void(opened, file_sha256=uploaded(opened.people["supervisor"], "行政处罚决定书"))
    assert [bid.void for bid in connections.opened(LOT).bids] == [True, False, False]
    assert sources.award(LOT).void


@pytest.mark.parametrize("state", ["rejected", "lost"])
def test_a_decision_that_comes_late_reaches_who_was_rejected_or_lost(opened, state):
    """A colluder is seldom the winner; and both may come back, by a review or as the next."""
    pk = Bid.objects.get(bidder_uscc=opened.people["bidder1"].uscc).pk
    follow(BID.code, pk, {"lost": "lose", "rejected": "reject"}[state], key="event:1",
           at=clock.now(), payload={"reason": "x"} if state == "rejected" else None)  # fmt: skip
    assert Bid.objects.get(pk=pk).state == state
    scan = uploaded(opened.people["supervisor"], "行政处罚决定书")
    assert void(opened, file_sha256=scan).state == "void"
    assert captured().count() == 1
    for act in ("validate", "win", "score", "lose"):
        assert follow(BID.code, pk, act, key=f"event:{act}", at=clock.now()) is None


def test_what_is_void_is_void_once(opened):
    scan = uploaded(opened.people["supervisor"], "行政处罚决定书")
    void(opened, file_sha256=scan)
    with pytest.raises(Refused) as refused:
        void(opened, file_sha256=scan, document_number="另一号")
    assert told(refused) == ["workflow.act.not_in_state"]
    assert captured().count() == 1


def test_the_decision_stands_on_the_bids_page_for_those_who_may_read_it(opened, client):
    scan = uploaded(opened.people["supervisor"], "行政处罚决定书")
    bid = void(opened, file_sha256=scan)
    url = reverse("web:case-file", args=[BID.code, bid.pk, scan])
    for who in ("supervisor", "owner", "agency", "bidder1"):
        client.force_login(User.objects.get(person_id=opened.people[who].person_id))
        page = client.get(reverse("web:case", args=[BID.code, bid.pk])).content.decode()
        assert "哈建罚字〔2025〕7号" in page and "串通投标" in page
        assert url in page
        assert client.get(url).status_code == 200
    for who in ("bidder2", "trustee1"):
        client.force_login(User.objects.get(person_id=opened.people[who].person_id))
        assert client.get(reverse("web:case", args=[BID.code, bid.pk])).status_code in (403, 404)
        assert client.get(url).status_code in (403, 404)


@pytest.mark.parametrize("who", ["owner", "agency", "bidder2", "auditor"])
def test_nobody_but_the_authority_voids_a_bid(opened, who):
    scan = uploaded(opened.people[who], "行政处罚决定书")
    with pytest.raises(NotPermitted):
        void(opened, by=who, file_sha256=scan)
    assert not captured().exists()
