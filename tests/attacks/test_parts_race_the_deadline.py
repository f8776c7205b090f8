"""Attackers: bidders whose last part races the deadline; an operator whose disk is slow that day.

Bids in parts, over HTTP, last bytes from 1 ms before to 1 ms after, while the lot is being closed:
a closing that is impatient would lose those who were in time, a patient one would let in the rest.
Stopped: the instant of the last byte of the last part is read before it is written, a mark on the
disk says from then on that it came, and the closing waits for it until its time is noted.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from kernel.sealing.bids.closing import read_list
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.refusals import read_refusal
from procurement.bids import closing, tus, vault
from procurement.bids.models import BidVersion, Opening, PendingUpload
from tests.attacks import test_deadline_race
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
lot, port = test_deadline_race.lot, test_deadline_race.port
CLIENTS = 12


class InParts(threading.Thread):
    """Sends a first part, all but the last byte of the last one, and that at its moment."""

    def __init__(self, lot, port, name, serial):
        super().__init__(daemon=True)
        if name not in lot.people:
            lot.people[name] = support.member(name, "contractor_clerk", serial=serial)
        self.port, self.uscc = port, lot.people[name].uscc
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        until = clock.technical_now() + timedelta(days=1)
        self.token = tokens.issue(membership, name="bids", expires_at=until)[1]
        self.data = lot.seal(name)[0]
        self.ready, self.moment = threading.Event(), 0.0
        self.status, self.told = 0, {}

    def _begin(self, method, path, length, **more):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        line.putrequest(method, path)
        for name, value in (
            ("Authorization", f"Bearer {self.token}"),
            ("Tus-Resumable", tus.VERSION),
            ("Content-Length", str(length)),
            ("Content-Type", tus.CONTENT),
            *more.items(),
        ):
            line.putheader(name.replace("_", "-"), value)
        line.endheaders()
        return line

    def run(self):
        whole, first = len(self.data), len(self.data) // 2
        base = f"/api/v1/lots/{LOT}/uploads"
        begun = self._begin("POST", base, 0, Upload_Length=str(whole)).getresponse()
        begun.read()
        path = begun.headers["Location"]
        line = self._begin("PATCH", path, first, Upload_Offset="0")
        line.send(self.data[:first])
        answer = line.getresponse()
        assert answer.status == 200, answer.read()
        line = self._begin("PATCH", path, whole - first, Upload_Offset=str(first))
        line.send(self.data[first:-1])
        self.ready.set()
        while (left := self.moment - time.monotonic()) > 0 or not self.moment:
            time.sleep(min(0.001, left) if left > 0 else 0.001)
        line.send(self.data[-1:])
        answer = line.getresponse()
        self.status, self.told = answer.status, json.loads(answer.read())
        line.close()


def raced(lot, clients, offsets, seconds):
    """Let each send its last byte so many seconds around the deadline, and close; the opening."""
    for client in clients:
        client.start()
    assert all(client.ready.wait(60) for client in clients)
    deadline = lot.in_force.deadline
    lot.at(deadline - timedelta(seconds=seconds))
    moment = time.monotonic() + (deadline - clock.now()).total_seconds()
    for client, offset in zip(clients, offsets, strict=True):
        client.moment = moment + offset
    connection.close()
    while clock.now() <= deadline:
        time.sleep(0.0005)
    lot.lot.state = "closing"
    case = closing.close(LOT)
    for client in clients:
        client.join(120)
    return case


def judged(lot, clients, case):
    """How many were in time and how many late; every one was answered by its own last byte."""
    deadline = lot.in_force.deadline
    listed = {bid.bidder: bid for bid in read_list(case.list_text.encode()).bids}
    inside = outside = 0
    for client in clients:
        if client.status == 200:
            assert client.told["state"] == "received"
            receipt = read_receipt(client.told["received"]["receipt"].encode())
            assert receipt.received_at <= deadline
            assert listed[client.uscc].manifest_sha256 == receipt.manifest_sha256
            inside += 1
            continue
        assert client.status in (409, 410, 422), client.told
        assert client.uscc not in listed
        said = client.told.get("refusal")
        if said:
            assert read_refusal(said.encode()).received_at > deadline, client.told
        outside += 1
    assert inside == len(listed) == BidVersion.objects.filter(vault__gt="").count()
    assert Opening.objects.count() == 1
    return inside, outside


def test_the_last_byte_of_the_last_part_decides_for_each_of_twelve(lot, port):
    clients = [InParts(lot, port, f"firm{n}", 300 + n) for n in range(CLIENTS)]
    offsets = [(n - CLIENTS / 2) / CLIENTS * 0.002 for n in range(CLIENTS)]
    case = raced(lot, clients, offsets, 4)
    assert sum(judged(lot, clients, case)) == CLIENTS


def test_a_last_part_that_came_is_waited_for_however_slow_the_disk_is(lot, port, monkeypatch):
    """The byte was in time; its flush takes longer than the closing waits for anything else."""
    monkeypatch.setattr(closing, "GRACE", 0.3)
    clients = [InParts(lot, port, f"firm{n}", 300 + n) for n in range(3)]
    real = vault.Part.sync

    def slow(part):
        if all(client.ready.is_set() for client in clients):
            time.sleep(3)
        real(part)

    monkeypatch.setattr(vault.Part, "sync", slow)
    case = raced(lot, clients, [-0.5, -0.4, 0.2], 2)
    assert judged(lot, clients, case) == (2, 1)
    assert not any(vault.came(row.id.hex) for row in PendingUpload.objects.all())
