"""A lot that was terminated is never opened: its opening ends, and its bids go back closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.events.procurement_tendering import LotClosed, LotTerminated
from kernel.events.registry import Envelope
from kernel.evidence.models import LogEntry
from kernel.workflow import selectors
from kernel.workflow.following import follow
from kernel.workflow.models import Act
from procurement.bids import answers, closing, keeper, opening, staging, subscribers, vault
from procurement.bids.bid_machine import BID
from procurement.bids.machines import OPENING
from procurement.bids.models import Bid, BidVersion, OpenedEnvelope, Opening
from procurement.tendering.transitions import STOPPABLE
from tests.procurement.bids.steps import close, conclude, finish, give, now, ready, settle
from tests.procurement.bids.support import LOT, TRUSTEES, told
from tests.procurement.bids.test_watching import page

pytestmark = pytest.mark.django_db
REFUSED = ["procurement.opening.lot_not_opening"]


@pytest.fixture
def lot(world, monkeypatch):
    """Three bids are listed."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    return world


def terminate(lot, *, tell=True):
    """The owner ends the tender; tell: the event has come here."""
    lot.lot.state = "terminated"
    if tell:
        event = LotTerminated(7, LOT, "2301022509010101", lot.lot.owner, lot.lot.agency)
        subscribers.end_with_lot(Envelope(1, "procurement.tender:7", clock.now(), event))


def tell_closed(lot):
    """The event of the deadline has come."""
    event = LotClosed(7, LOT, "2301022509010101", lot.lot.owner, lot.lot.agency, lot.lot.deadline)
    subscribers.close_lot(Envelope(2, "procurement.tender:7", clock.now(), event))


def never_opened(lot):
    """Nothing of any bid is there that could be opened, and each bid says so."""
    assert set(Bid.objects.values_list("state", flat=True)) == {"deemed_withdrawn"}
    assert set(BidVersion.objects.values_list("vault", "keeper")) == {("", "")}
    assert not BidVersion.objects.exclude(shares={}).exists()


def refused(do, *args, **more):
    with pytest.raises(Refused) as found:
        do(*args, **more)
    assert all(reason.article for reason in found.value.refusals)
    return told(found)


def test_before_the_event_has_come_every_act_is_refused_already(lot):
    ready(lot, "trustee1", "trustee2")
    terminate(lot, tell=False)
    assert refused(lot.countersign, "trustee3") == REFUSED
    assert refused(lot.mark, "trustee1") == REFUSED
    assert now().state == "drawn"


def test_nobody_reveals_and_nothing_is_drawn(lot):
    lot.countersign("trustee1", "trustee2")
    lot.reveal("owner", "trustee1")
    terminate(lot, tell=False)
    assert refused(lot.reveal, "trustee2") == REFUSED
    lot.at(now().reveal_until_at + timedelta(seconds=1))
    opening.advance(now().pk, clock.now())
    assert now().state == "listed"


def test_no_share_leaves_and_what_left_opens_nothing(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1")
    terminate(lot, tell=False)
    assert refused(lot.release, "trustee2") == REFUSED
    terminate(lot)
    assert now().state == "stopped"
    assert bytes(now().session.private) == b""


def test_shares_that_are_all_there_open_nothing(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert now().state == "released"
    terminate(lot, tell=False)
    assert finish(lot).state == "released"
    assert not OpenedEnvelope.objects.exists()
    terminate(lot)
    assert (now().state, bytes(now().session.private)) == ("stopped", b"")
    never_opened(lot)


def test_the_opening_ends_by_an_act_of_the_platform_on_record(lot):
    names = list(BidVersion.objects.values_list("vault", "keeper"))
    terminate(lot)
    terminate(lot)  # told twice
    never_opened(lot)
    assert not any(vault.exists(file) or keeper.storage().exists(kept) for file, kept in names)
    act = Act.objects.get(transition="end_with_lot")
    assert (act.role, act.target, now().state) == ("platform", "stopped", "stopped")
    assert "procurement.opening.end_with_lot" in LogEntry.objects.get(index=act.log_index).body
    assert Act.objects.filter(transition="return_unopened").count() == 3


def test_desks_are_empty_and_nobody_gets_a_share(lot):
    trustee = lot.people["trustee1"]
    assert selectors.desk([OPENING], trustee, at=clock.now())
    lot.lot.state = "terminated"
    assert not selectors.desk([OPENING], trustee, at=clock.now())
    terminate(lot)
    assert not selectors.desk([OPENING], trustee, at=clock.now())
    answer = answers.closed(LOT, trustee)
    assert (answer["sealed_shares"], answer["over"]) == ({}, True)


def test_whoever_looks_on_is_told(lot):
    terminate(lot)
    text = page(lot, "trustee1").content.decode()
    assert "标段已终止招标" in text and "every 3s" not in text


def test_a_lot_terminated_before_its_list_is_never_listed(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    world.at(world.lot.deadline + timedelta(seconds=1))
    terminate(world)
    never_opened(world)
    tell_closed(world)
    assert not Opening.objects.exists()


def test_a_list_made_while_the_lot_was_terminated_goes_no_further(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    begin = closing.begin

    def late(*args):
        made = begin(*args)
        world.lot.state = "terminated"
        return made

    monkeypatch.setattr(closing, "begin", late)
    world.at(world.lot.deadline + timedelta(seconds=1))
    world.lot.state = "closing"
    tell_closed(world)
    assert now().state == "stopped"
    never_opened(world)


def test_what_fell_due_meanwhile_ends_it_too(lot):
    """The event is late, the clock of the trustees is not."""
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    terminate(lot, tell=False)
    settle()
    assert now().state == "stopped"
    never_opened(lot)


def test_a_later_stage_never_begins(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    world.policy(stages="two_envelopes")
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    finish(world)
    conclude(world, {})
    terminate(world)
    assert settle().stage == "technical"
    assert staging.go_on(now().pk, clock.now()) is None
    assert not OpenedEnvelope.objects.filter(name="price").exists()
    never_opened(world)


def test_what_was_opened_before_stays_open_and_is_judged_no_more(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    first, *_rest = Bid.objects.order_by("pk")
    follow(BID.code, first.pk, "validate", key="v", at=clock.now())
    follow(BID.code, first.pk, "score", key="s", at=clock.now(), payload={"score": 9000})
    terminate(lot)
    terminate(lot)  # told twice
    assert now().state == "opened"
    assert set(Bid.objects.values_list("state", flat=True)) == {"lost"}
    ended = Act.objects.filter(machine=BID.code, transition="end_with_lot")
    assert {act.source for act in ended} == {"scored", "opened"} and ended.count() == 3
    assert "第31条" in BID.transition("end_with_lot").article
    assert not BidVersion.objects.filter(vault="").exists()


def test_a_bid_that_was_rejected_or_won_is_not_ended_by_its_lot(lot):
    """Its own end says more; and after an award notice no lot is terminated at all."""
    end = BID.transition("end_with_lot")
    assert {"rejected", "won", "void", "deemed_revoked"}.isdisjoint(end.sources)


def test_no_file_is_given_again_of_a_lot_that_was_terminated(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert now().state == "released"
    BidVersion.objects.update(shares={})
    terminate(lot, tell=False)
    assert refused(give, lot, "bidder1", b"whatever") == REFUSED


def test_a_lot_is_not_suspended_while_its_bids_are_listed_and_opened():
    """There the opening itself is stopped: its clocks never run against a lot that stands still."""
    assert {"closing", "opening"}.isdisjoint(STOPPABLE)


def test_were_it_suspended_all_the_same_nobody_would_act(lot):
    lot.lot.state = "suspended"
    assert refused(lot.countersign, "trustee1") == REFUSED
    lot.lot.state = "opening"
    lot.countersign(*TRUSTEES)


def session_of_stopped():
    case = now()
    assert case.state == "stopped" and case.session.destroyed_at is not None
    return bytes(case.session.private)


def test_with_an_opening_that_is_stopped_its_session_key_goes(lot):
    """Shares that were released already open nothing any more."""
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1")
    assert bytes(now().session.private)
    lot.say("propose_stop", "supervisor", reason="串通投标，停止开标。")
    lot.say("stop", "supervisor2", reason="经复核，串通投标，停止开标。")
    assert session_of_stopped() == b""


def test_with_an_opening_of_too_few_bids_its_session_key_goes(lot):
    follow(OPENING.code, now().pk, "abandon", key="few", at=clock.now())
    assert session_of_stopped() == b""
