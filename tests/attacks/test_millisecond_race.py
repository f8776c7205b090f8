"""Fifty clients, each of whose last bytes the server has within a millisecond of the deadline.

Over a network nobody hits a millisecond: of the fifty of ``test_deadline_race.py`` many miss it. So
here all fifty uploads are held where the server reads its clock for the last byte, are let go
together as the deadline comes, and each reads an instant of its own of the two milliseconds around
it. All else is real: clients, server, database, and the closing that begins meanwhile. Stopped by
the same: that instant decides, and nothing else does; none is lost, none is late.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.sealing.bids.closing import read_list
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.refusals import read_refusal
from procurement.bids import closing, receiving, vault
from procurement.bids.models import BidVersion, Opening, PendingUpload
from tests.attacks.surviving import chance  # noqa: F401
from tests.attacks.test_deadline_race import Client, lot, port  # noqa: F401
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
CLIENTS, MICROSECONDS = 50, 1000
WAIT = 120


class Gate:
    """Holds uploads at their last byte; each then reads the instant that it was given."""

    def __init__(self, deadline, offsets):
        self.deadline, self.left = deadline, list(offsets)
        self.all_there, self._mine, self._lock = (
            threading.Event(),
            threading.local(),
            threading.Lock(),
        )
        self.barrier = threading.Barrier(len(self.left), action=self._deadline_comes, timeout=WAIT)
        self.read = {}

    def _deadline_comes(self):
        self.all_there.set()
        while clock.now() < self.deadline - timedelta(microseconds=MICROSECONDS):
            time.sleep(0.0002)

    def last_byte(self, name):
        """The last byte of an upload is here: from now on its thread's clock decides."""
        self.barrier.wait()
        with self._lock:
            self._mine.at = self.deadline + timedelta(microseconds=self.left.pop())
            self.read[name] = self._mine.at

    def now(self):
        """Legal time as the server reads it."""
        at, self._mine.at = getattr(self._mine, "at", None), None
        return at or clock.now()

    def today(self):
        """The legal day: no upload is that close to midnight."""
        return clock.today()

    def legal_date(self, moment):
        """The legal day of an instant."""
        return clock.legal_date(moment)

    def technical_now(self):
        """The machine's own."""
        return clock.technical_now()


@pytest.fixture
def gate(lot, chance, monkeypatch):  # noqa: F811
    """Fifty different microseconds, the deadline itself and its neighbours among them."""
    around = [0, -1, 1, -MICROSECONDS, MICROSECONDS]
    others = sorted({*range(-MICROSECONDS, MICROSECONDS)} - {*around})
    offsets = [*around, *chance.sample(others, CLIENTS - len(around))]
    chance.shuffle(offsets)
    made, write = Gate(lot.in_force.deadline, offsets), vault.write

    def held(name, read, limit, last):
        def noted():
            made.last_byte(name)
            last()

        return write(name, read, limit, noted)

    monkeypatch.setattr(vault, "write", held)
    monkeypatch.setattr(receiving, "clock", made)
    return made


def test_fifty_within_a_millisecond_are_decided_by_the_servers_time(lot, port, gate):  # noqa: F811
    clients = [Client(lot, port, f"firm{n}", 300 + n) for n in range(CLIENTS)]
    deadline = lot.in_force.deadline
    for client in clients:
        client.start()
        client.moment = time.monotonic()
    assert gate.all_there.wait(WAIT), "this machine does not receive fifty bids in two minutes"
    lot.at(deadline - timedelta(seconds=1))
    connection.close()
    while clock.now() <= deadline:
        time.sleep(0.0005)
    lot.lot.state = "closing"
    case = closing.close(LOT)
    for client in clients:
        client.join(WAIT)
    listed = {bid.bidder: bid for bid in read_list(case.list_text.encode()).bids}
    bidders = {row.id.hex: row.bidder_uscc for row in PendingUpload.objects.all()}
    at = {bidders[name]: moment for name, moment in gate.read.items()}
    assert len(at) == CLIENTS == len(set(at.values()))
    assert all(abs(moment - deadline) <= timedelta(milliseconds=1) for moment in at.values())
    for client in clients:
        in_time = at[client.uscc] <= deadline
        assert (client.status == 201) == in_time == (client.uscc in listed), client.told
        if in_time:
            receipt = read_receipt(client.told["receipt"].encode())
            assert receipt.received_at == listed[client.uscc].received_at == at[client.uscc]
            assert receipt.manifest_sha256 == listed[client.uscc].manifest_sha256
        else:
            assert client.status == 422, client.told
            said = read_refusal(client.told["refusal"].encode())
            assert said.received_at == at[client.uscc] > deadline
            assert "sealing.bid.deadline" in [reason.code for reason in said.reasons]
    assert deadline in at.values()  # to the microsecond in time
    assert (
        len(listed) == BidVersion.objects.count() == sum(when <= deadline for when in at.values())
    )
    assert not PendingUpload.objects.filter(status__in=["open", "whole"]).exists()
    assert Opening.objects.count() == 1
    print(f"{len(listed)} in time, {CLIENTS - len(listed)} late")
