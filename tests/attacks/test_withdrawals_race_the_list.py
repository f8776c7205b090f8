"""Withdrawals at the deadline's last instant, while the closing list is being made.

Who does it: a bidder whose withdrawal is read in time and committed late (a slow machine, or one
kept slow), so that an honest operator's list holds a bid whose withdrawal has a receipt from before
the close: either a founded protest, or one that stops every trustee for good. Stopped by: the
lot's lock, held from before the clock is read to the commit, and by the closing alone when it
marks the lot, before it reads the bids and signs the head.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.errors import Refused
from kernel.sealing.bids.closing import read_list
from kernel.sealing.bids.manifest import read_manifest
from kernel.workflow import sandbox
from procurement.bids import (
    believed,
    bid_facts,
    closing,
    coming_and_going,
    later_lists,
    lots,
    needs,
)
from procurement.bids.models import Bid, BidStamp, BidVersion
from tests.procurement.bids import steps, support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
# Real seconds: how long whoever is late waits for the other side to come as far as it can.
LATE = 2.0


@pytest.fixture
def lot(committed, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    believed.forget()
    documents.use(demo_pki.current)
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    made = support.make_world()
    lots.use(made.lot.find)
    monkeypatch.setattr(lots, "least_bids", lambda _at, _lot: 0)
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    made.policy()
    for name in support.BIDDERS:
        made.bid(name)
        made.signer(f"{name}b")
    yield made
    lots.use(None)
    believed.forget()


class Side(threading.Thread):
    """Somebody at work beside others; what came of it."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.outcome = work, None
        self.start()

    def run(self):
        try:
            self.outcome = self.work()
        except Refused as refused:
            self.outcome = refused
        finally:
            connection.close()


def until(moment):
    while (left := (moment - clock.now()).total_seconds()) > 0:
        time.sleep(min(left, 0.01))
    connection.close()


def listed(case):
    return {bid.bidder for bid in read_list(case.list_text.encode()).bids}


def consistent(lot, case, names, outcomes):
    """Every bid is either listed, or withdrawn with its entry under the list's head."""
    on, size = listed(case), read_list(case.list_text.encode()).tree_size
    for name, outcome in zip(names, outcomes, strict=True):
        version, uscc = steps.version_of(lot, name), lot.people[name].uscc
        state = Bid.objects.get(pk=version.bid_id).state
        if isinstance(outcome, Refused):
            assert (uscc in on, state) == (True, "awaiting_decryption"), name
            assert version.withdrawn_at is None
        else:
            assert (uscc in on, state) == (False, "withdrawn"), name
            assert version.withdrawn_at <= lot.lot.deadline
            assert version.withdrawn_index < size, name


@pytest.mark.parametrize("step", ["make_list", "begin"])
def test_a_withdrawal_in_time_that_commits_late_is_waited_for(lot, monkeypatch, step):
    """Its time is read, then the deadline passes, and the closing runs as far as it can."""
    read, go = threading.Event(), threading.Event()
    check, made = bid_facts._check_statement, getattr(closing, step)

    def slow(*told):
        read.set()
        go.wait(LATE)
        check(*told)

    def when_it_is_reached(*told, **more):
        go.set()
        bidder.join(LATE)
        return made(*told, **more)

    monkeypatch.setattr(bid_facts, "_check_statement", slow)
    monkeypatch.setattr(closing, step, when_it_is_reached)
    lot.lot.state = "closing"
    lot.at(lot.lot.deadline - timedelta(seconds=1))
    bidder = Side(lambda: steps.withdraw(lot, "bidder1"))
    assert read.wait(LATE)
    until(lot.lot.deadline)
    case = closing.close(LOT)
    bidder.join(60)
    assert isinstance(bidder.outcome, BidVersion), bidder.outcome
    consistent(lot, case, ["bidder1"], [bidder.outcome])


def test_withdrawals_that_race_the_closing_never_contradict_its_list(lot):
    """Five bidders within some milliseconds of the deadline, the closing right after it."""
    lot.lot.state = "closing"
    lot.at(lot.lot.deadline - timedelta(seconds=1.5))

    def withdraw(name, offset):
        until(lot.lot.deadline + timedelta(milliseconds=offset))
        return steps.withdraw(lot, name)

    def close():
        until(lot.lot.deadline + timedelta(microseconds=1))
        return closing.close(LOT)

    offsets = (-60, -25, -8, -2, 1)
    pairs = list(zip(support.BIDDERS, offsets, strict=True))
    sides = [Side(lambda pair=pair: withdraw(*pair)) for pair in pairs]
    case = close()
    for side in sides:
        side.join(60)
    consistent(lot, case, support.BIDDERS, [side.outcome for side in sides])
    assert isinstance(sides[-1].outcome, Refused)  # after the deadline


def test_after_the_mark_nothing_comes_or_goes_whatever_a_clock_says(lot):
    """A web server whose clock is behind that of the worker reads a time within the deadline."""
    coming_and_going.end(LOT, lot.lot.deadline)
    with pytest.raises(Refused) as refused:
        steps.withdraw(lot, "bidder1")
    assert support.told(refused) == ["procurement.bid.list_made"]
    before = read_manifest(steps.version_of(lot, "bidder2").manifest.encode())
    data, _manifest = lot.seal("bidder2", before=before)
    with pytest.raises(Refused) as refused:
        lot.submit("bidder2", data)
    assert support.told(refused) == ["procurement.bid.list_made"]


def test_a_bid_that_falls_while_the_list_is_made_is_listed_and_fails_to_open(lot, monkeypatch):
    made = closing.make_list

    def fall_meanwhile(*told, **more):
        version = steps.version_of(lot, "bidder1")
        stamp = BidStamp.objects.create(version=version, certificate="revoked")
        later_lists.fall(version, stamp, clock.now())
        return made(*told, **more)

    monkeypatch.setattr(closing, "make_list", fall_meanwhile)
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    case = closing.close(LOT)
    version = steps.version_of(lot, "bidder1")
    assert lot.people["bidder1"].uscc in listed(case)
    assert Bid.objects.get(pk=version.bid_id).state == "awaiting_decryption"
    assert later_lists.fallen(version) == later_lists.REVOKED
