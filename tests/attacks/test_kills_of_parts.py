"""SIGKILL at any moment while bids come in parts: what was told is kept, none is half-received.

Stopped by: a part is flushed with its folder before its acknowledgement says how much is kept;
what a dead server wrote beyond that is cut off; the time of the last byte is written down before
the checks; one transaction for version, act and log entry.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from kernel.sealing.bids.receipts import check_receipt, read_receipt
from procurement.bids import vault
from procurement.bids.models import BidVersion, PendingUpload, ResumableUpload
from tests.attacks import forking, test_kills
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_uploads_killed import ask

pytestmark = pytest.mark.slow
lot, chance = test_kills.lot, test_kills.chance
KILLS, PARTS, LONGEST = 60, 3, 0.15
BASE = f"/api/v1/lots/{LOT}/uploads"


class Uploader:
    """Somebody who sends one version after another in parts, and keeps what was told."""

    def __init__(self, lot, name):
        self.lot, self.name = lot, name
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        until = clock.technical_now() + timedelta(days=1)
        self.token = tokens.issue(membership, name="bids", expires_at=until)[1]
        self.last, self.receipts = None, {}
        self.seal()

    def seal(self):
        self.data, self.manifest = self.lot.seal(self.name, before=self.last)
        self.address, self.told, self.done = "", 0, {}

    def send(self, port):
        """Go on where the server says it stands; ends with the receipt or with the server."""
        if not self.address:
            begun = ask(port, "POST", BASE, self.token, Upload_Length=str(len(self.data)))
            if begun is None:
                return
            assert begun[0] == 201, begun
            self.address = begun[1]["Location"]
        while not self.done:
            found = ask(port, "HEAD", self.address, self.token)
            if found is None:
                return
            place = int(found[1]["Upload-Offset"])
            assert place >= self.told, "less is there than was told"
            part = self.data[place : place + len(self.data) // PARTS + 1]
            answer = ask(port, "PATCH", self.address, self.token, part, Upload_Offset=str(place))
            if answer is None:
                return
            if answer[0] == 423:  # a dead writer's time is not over
                time.sleep(0.05)
                continue
            assert answer[0] == 200, answer
            self.told = answer[2]["offset"]
            if answer[2]["state"] == "received":
                self.done = answer[2]["received"]
                self.receipts[self.manifest.sha256] = self.done

    def look(self):
        """What must hold after a kill; once the bid counts, the next version is sealed."""
        if not self.address:
            return
        row = ResumableUpload.objects.get(pk=self.address.rpartition("/")[2])
        assert row.offset >= self.told
        if row.status in ("open", "whole"):
            with vault.open_file(row.id.hex) as file:
                assert file.read(row.offset) == self.data[: row.offset]
        if self.done:
            self.last = self.manifest
            self.seal()


def test_what_was_told_of_a_part_survives_any_kill(lot, tmp_path, chance):
    bidders = [Uploader(lot, name) for name in support.BIDDERS]
    died = 0
    with forking.mother(lot, tmp_path) as mother:
        for _round in range(KILLS):
            bidder = chance.choice(bidders)
            pid, port = mother.child("receive")
            sender = threading.Thread(target=bidder.send, args=(port,))
            sender.start()
            time.sleep(chance.random() * LONGEST)
            assert forking.kill(pid)
            sender.join(60)
            died += not bidder.done
            connection.close()
            bidder.look()
        test_kills.none_is_half_there(lot)
        pid, port = mother.child("receive")
        for bidder in bidders:
            bidder.send(port)
            assert bidder.done
        forking.kill(pid)
    assert died > KILLS // 10
    test_kills.none_is_half_there(lot)
    for bidder in bidders:
        for digest, told in bidder.receipts.items():
            version = BidVersion.objects.get(manifest_sha256=digest)
            assert version.receipt == told["receipt"]
            receipt = read_receipt(told["receipt"].encode())
            check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
    assert not PendingUpload.objects.exclude(status="settled").exists()
