"""Fifty clients around the deadline, thirty within a millisecond of it, while the lot is closed.

Stopped by: the instant of the last byte, read before anything else and written down before any
check; a closing that waits for what was in time and for nothing else. None is lost, none is late.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from datetime import datetime, timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

from kernel import clock
from kernel.api import tokens
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.parties.models import Membership
from kernel.sealing.bids.closing import read_list
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.refusals import read_refusal
from kernel.workflow import sandbox
from procurement.bids import believed, closing, lots, needs, vault
from procurement.bids.models import BidVersion, Opening, PendingUpload
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
EARLY, NEAR, LATE = 10, 30, 10
# Real seconds: what a slow machine may take to receive those who are early; by how much, at least,
# they then are.
PATIENCE, MARGIN = 60, 2


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()  # fifty left open would starve the tests that come after


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def lot(committed, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    believed.forget()
    documents.use(demo_pki.current)
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    made = support.make_world()
    lots.use(made.lot.find)
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    monkeypatch.setattr(needs, "_credit", lambda _uscc, _lot, _at: None)
    # However few are in time on a slow machine: they are not given back unopened.
    monkeypatch.setattr(lots, "least_bids", lambda _at, _lot: 0)
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    made.policy()
    yield made
    lots.use(None)
    believed.forget()


@pytest.fixture
def port(lot):
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Client(threading.Thread):
    """Sends all but the last byte, waits for its moment, and sends that."""

    def __init__(self, lot, port, name, serial):
        super().__init__(daemon=True)
        lot.people[name] = support.member(name, "contractor_clerk", serial=serial)
        self.port, self.uscc = port, lot.people[name].uscc
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        until = clock.technical_now() + timedelta(days=1)
        self.token = tokens.issue(membership, name="bids", expires_at=until)[1]
        self.data = lot.seal(name)[0]
        self.ready, self.moment, self.sent = threading.Event(), 0.0, None
        self.status, self.told = 0, {}

    def run(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        line.putrequest("PUT", f"/api/v1/lots/{LOT}/bids")
        for name, value in (
            ("Authorization", f"Bearer {self.token}"),
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(len(self.data))),
        ):
            line.putheader(name, value)
        line.endheaders()
        line.send(self.data[:-1])
        self.ready.set()
        while not self.moment or (left := self.moment - time.monotonic()) > 0:
            time.sleep(min(0.001, left) if self.moment else 0.001)
        # Just before the byte leaves, so never later than when the server has it.
        self.sent = clock.technical_now()
        line.send(self.data[-1:])
        answer = line.getresponse()
        self.status, self.told = answer.status, json.loads(answer.read())
        line.close()


@pytest.fixture
def arrived(monkeypatch):
    """When, really, the server had the last byte of each upload, or shortly after it had."""
    seen, real = {}, vault.arrived

    def arrives(name):
        seen[name] = clock.technical_now()
        real(name)

    monkeypatch.setattr(vault, "arrived", arrives)
    return seen


def all_noted(clients):
    """Wait until the server has written down when the last byte of each of these came."""
    bidders = [client.uscc for client in clients]
    until = time.monotonic() + PATIENCE - 5
    while time.monotonic() < until:
        rows = PendingUpload.objects.filter(bidder_uscc__in=bidders, last_byte_at__isnull=False)
        if rows.count() == len(bidders):
            return
        time.sleep(0.01)
    raise AssertionError("this machine does not receive ten bids in a minute")


def raced(lot, early, near, late):
    """Each sends its last byte around the deadline, and the lot is closed; the opening.

    early: send first, and the deadline comes when the server has noted all of them, so that no
    slow machine makes them late. near: within a millisecond. late: after it has passed.
    """
    clients = [*early, *near, *late]
    for client in clients:
        client.start()
    assert all(client.ready.wait(60) for client in clients)
    deadline = lot.in_force.deadline
    lot.at(deadline - timedelta(seconds=PATIENCE))
    for client in early:
        client.moment = time.monotonic()
    all_noted(early)
    lot.at(deadline - timedelta(seconds=MARGIN))
    moment = time.monotonic() + (deadline - clock.now()).total_seconds()
    for index, client in enumerate(near):
        client.moment = moment + (index - len(near) / 2) / len(near) * 0.002
    for client in late:
        client.moment = moment + 0.2
    connection.close()
    while clock.now() <= deadline:
        time.sleep(0.0005)
    lot.lot.state = "closing"
    case = closing.close(LOT)
    for client in clients:
        client.join(120)
    return case


def is_in(client, listed, deadline):
    """Whether a client was in time: its answer, the list and the server's own time agree."""
    if client.status == 201:
        receipt = read_receipt(client.told["receipt"].encode())
        assert receipt.received_at <= deadline
        assert listed[client.uscc].manifest_sha256 == receipt.manifest_sha256
        assert listed[client.uscc].received_at == receipt.received_at
        return True
    assert client.status in (409, 422), client.told
    said = read_refusal(client.told["refusal"].encode())
    assert said.received_at > deadline, (said.received_at - deadline, said.reasons)
    assert client.uscc not in listed
    return False


def test_the_last_byte_decides_for_each_of_fifty(lot, port, arrived):
    clients = [Client(lot, port, f"firm{n}", 300 + n) for n in range(EARLY + NEAR + LATE)]
    early, near, late = clients[:EARLY], clients[EARLY : EARLY + NEAR], clients[EARLY + NEAR :]
    deadline = lot.in_force.deadline
    case = raced(lot, early, near, late)
    listed = {bid.bidder: bid for bid in read_list(case.list_text.encode()).bids}
    inside = {client.uscc for client in clients if is_in(client, listed, deadline)}
    assert inside == listed.keys()
    assert all(client.uscc in inside for client in early)
    assert all(listed[c.uscc].received_at <= deadline - timedelta(seconds=MARGIN) for c in early)
    really = deadline - clock._offset()
    assert all(client.sent > really for client in late)
    assert not any(client.sent > really and client.uscc in inside for client in clients)
    # Whose last byte the server had by the deadline is in, however it was waited for.
    bidders = {row.id.hex: row.bidder_uscc for row in PendingUpload.objects.all()}
    assert len(arrived) == len(clients)
    assert {bidders[name] for name, at in arrived.items() if at <= really} <= inside
    assert len(inside) == BidVersion.objects.filter(vault__gt="").count()
    assert Opening.objects.count() == 1
    print(f"{len(inside)} in time, {len(clients) - len(inside)} late")
