"""Fifty clients within a millisecond of the deadline, over HTTP, while the lot is being closed.

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
from kernel.sealing.bids.receipts import read_receipt, read_refusal
from kernel.workflow import sandbox
from procurement.bids import believed, closing, lots, needs
from procurement.bids.models import BidVersion, Opening
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
CLIENTS = 50


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 2 * CLIENTS

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

    def __init__(self, port, token, data, moment):
        super().__init__(daemon=True)
        self.port, self.token, self.data, self.moment = port, token, data, moment
        self.ready = threading.Event()
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
        while (left := self.moment - time.monotonic()) > 0:
            time.sleep(min(0.001, left))
        line.send(self.data[-1:])
        answer = line.getresponse()
        self.status, self.told = answer.status, json.loads(answer.read())
        line.close()


def test_the_last_byte_decides_for_each_of_fifty(lot, port):
    clients, until = [], clock.technical_now() + timedelta(days=1)
    sealed = []
    for index in range(CLIENTS):
        name = f"firm{index}"
        lot.people[name] = support.member(name, "contractor_clerk", serial=300 + index)
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        token = tokens.issue(membership, name="bids", expires_at=until)[1]
        sealed.append((name, token, lot.seal(name)[0]))
    # Legal time runs with real time: the deadline is put where real time will be in some seconds.
    deadline = lot.in_force.deadline
    lot.at(deadline - timedelta(seconds=12))
    moment = time.monotonic() + (deadline - clock.now()).total_seconds()
    for index, (_name, token, data) in enumerate(sealed):
        offset = (index - CLIENTS / 2) / CLIENTS * 0.002  # from 1 ms before to 1 ms after
        clients.append(Client(port, token, data, moment + offset))
    for client in clients:
        client.start()
    assert all(client.ready.wait(60) for client in clients)
    connection.close()
    while clock.now() <= deadline:
        time.sleep(0.0005)
    lot.lot.state = "closing"
    case = closing.close(LOT)
    for client in clients:
        client.join(120)
    listed = {bid.bidder: bid for bid in read_list(case.list_text.encode()).bids}
    inside = outside = 0
    for client, (name, _token, _data) in zip(clients, sealed, strict=True):
        uscc = lot.people[name].uscc
        if client.status == 201:
            receipt = read_receipt(client.told["receipt"].encode())
            assert receipt.received_at <= deadline
            assert listed[uscc].manifest_sha256 == receipt.manifest_sha256
            inside += 1
        else:
            assert client.status in (409, 422), client.told
            said = read_refusal(client.told["refusal"].encode())
            assert said.received_at > deadline, (said.received_at - deadline, said.reasons)
            assert uscc not in listed
            outside += 1
    assert inside + outside == CLIENTS
    assert inside == len(listed) == BidVersion.objects.filter(vault__gt="").count()
    assert Opening.objects.count() == 1
    print(f"{inside} in time, {outside} late")
