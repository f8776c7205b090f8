"""SIGKILL at any moment of receipt and opening: every receipted bid is there, none half-there.

Stopped by: bytes and folder on the disk before anything says that they are there, the time of the
last byte before the checks, one transaction for version, act and log entry, receipts that follow
from the log, and steps of the opening that may all be begun again.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import random
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.api import tokens
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.evidence import audit, keys
from kernel.parties.models import Membership
from kernel.sealing.bids import container
from kernel.sealing.bids.opening import read_record
from kernel.sealing.bids.receipts import check_receipt, read_receipt
from kernel.workflow import sandbox
from kernel.workflow.models import Act
from procurement.bids import believed, lots, needs, vault
from procurement.bids.models import Bid, BidVersion, Opening, PendingUpload
from tests.attacks import forking
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
KILLS_OF_RECEIPT, KILLS_OF_OPENING = 140, 60
# A receipt takes some ten milliseconds of a machine that has nothing else to do.
LONGEST = 0.08


@pytest.fixture
def lot(committed, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    believed.forget()
    documents.use(demo_pki.current)
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    made = support.make_world()
    lots.use(made.lot.find)
    # As in the children: what credit answers is tested elsewhere.
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    monkeypatch.setattr(needs, "_credit", lambda _uscc, _lot, _at: None)
    made.policy()
    yield made
    lots.use(None)
    believed.forget()


@pytest.fixture
def chance():
    """The same chances in every run, and said where a test fails."""
    return random.Random(20250901)


class Bidder:
    """Somebody who sends one version after another, and keeps what is answered."""

    def __init__(self, lot, name):
        self.lot, self.name = lot, name
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        until = clock.technical_now() + timedelta(days=1)
        self.token = tokens.issue(membership, name="bids", expires_at=until)[1]
        self.last = None  # the manifest of the version that is known to be receipted
        self.receipts = {}  # manifest hash → receipt as it was answered
        self.seal()

    def seal(self):
        self.data, self.manifest = self.lot.seal(self.name, before=self.last)

    def put(self, port):
        """Send; status and answer, or None where the server died."""
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}"}
        headers["Content-Type"] = "application/octet-stream"
        try:
            client.request("PUT", f"/api/v1/lots/{LOT}/bids", self.data, headers)
            answer = client.getresponse()
            told = answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            client.close()
        assert told[0] in (200, 201), told
        self.receipts[self.manifest.sha256] = told[1]
        return told

    def know(self):
        """Look whether the version sent last counts, as somebody would by sending it again."""
        if BidVersion.objects.filter(manifest_sha256=self.manifest.sha256).exists():
            self.last = self.manifest
            self.seal()


def none_is_half_there(lot):
    """What must hold after any kill, at once and without anybody's help."""
    audit.check(keys.known())
    for version in BidVersion.objects.select_related("bid"):
        assert Act.objects.filter(machine="procurement.bid", case_pk=version.bid_id).exists()
        assert version.log_index is not None
        if version.number != version.bid.bid_version:
            continue
        assert vault.exists(version.vault), "a version without its file"
        with vault.open_file(version.vault) as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == version.file_sha256
            file.seek(0)
            assert container.read_bid(file, 2**30).manifest_sha256 == version.manifest_sha256
    assert not Bid.objects.filter(versions__isnull=True).exists()


def test_every_receipted_bid_survives_any_kill(lot, tmp_path, chance):
    bidders = [Bidder(lot, name) for name in support.BIDDERS]
    died = answered = 0
    with forking.mother(lot, tmp_path) as mother:
        for _round in range(KILLS_OF_RECEIPT):
            bidder = chance.choice(bidders)
            pid, port = mother.child("receive")
            sender = threading.Thread(target=bidder.put, args=(port,))
            sender.start()
            time.sleep(chance.random() * LONGEST)
            assert forking.kill(pid)
            sender.join(60)
            if bidder.manifest.sha256 in bidder.receipts:
                answered += 1
            else:
                died += 1
            connection.close()
            bidder.know()
        none_is_half_there(lot)
        # Everybody sends the last file again: it counts now, and what counted before still does.
        pid, port = mother.child("receive")
        for bidder in bidders:
            assert bidder.put(port) is not None
        forking.kill(pid)
    assert died > KILLS_OF_RECEIPT // 10, (died, answered)
    none_is_half_there(lot)
    for bidder in bidders:
        for digest, told in bidder.receipts.items():
            version = BidVersion.objects.get(manifest_sha256=digest)
            assert version.receipt == told["receipt"]
            assert bytes(version.receipt_p7s) == base64.b64decode(told["p7s"])
            receipt = read_receipt(told["receipt"].encode())
            check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
    numbers = list(
        BidVersion.objects.order_by("bid", "number").values_list("bid__bidder_uscc", "number")
    )
    for bidder in bidders:
        mine = [number for uscc, number in numbers if uscc == lot.people[bidder.name].uscc]
        assert mine == list(range(1, len(mine) + 1))
    assert not PendingUpload.objects.filter(status="settled", file_sha256="").exists()


def test_an_opening_that_is_killed_at_any_point_ends_as_if_it_had_not_been(lot, tmp_path, chance):
    for index, name in enumerate(support.BIDDERS, start=1):
        lot.bid(name, price=index * 1_000_00)
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    left = KILLS_OF_OPENING
    with forking.mother(lot, tmp_path) as mother:

        def survive(what, *, kills=5, **told):
            """Begin it again until it is done; so many times it is killed on the way."""
            nonlocal left
            while True:
                pid, _port = mother.child(what, **told)
                if left and kills:
                    time.sleep(chance.random() * LONGEST)
                    if forking.kill(pid):
                        left, kills = left - 1, kills - 1
                        continue
                mother.finished(pid)
                connection.close()
                return

        def say(act, name, **payload):
            survive(
                "say", act=act, key=f"{act}-{name}", payload=payload, actor=vars(lot.people[name])
            )

        lot.say = say
        survive("close")
        lot.countersign("trustee1", "trustee2")
        lot.reveal("owner", *support.TRUSTEES)
        lot.mark("trustee1", "trustee2")
        lot.release("trustee1", "trustee2")
        survive("decrypt", kills=max(5, left))
    assert left == 0, "the opening was over before it was killed as often as it should be"
    case = Opening.objects.get()
    assert case.state == "opened"
    record = read_record(case.record_text.encode())
    assert [bid.sheet.price_fen for bid in record.bids if bid.sheet] == [
        index * 1_000_00 for index in range(1, 6)
    ]
    for kind, said in (("signature", 2), ("nonce", 4), ("marks", 2), ("release", 2)):
        assert case.statements.filter(kind=kind).count() == said
    assert Bid.objects.filter(state="opened").count() == len(support.BIDDERS)
    none_is_half_there(lot)
