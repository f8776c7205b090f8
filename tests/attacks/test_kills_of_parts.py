"""SIGKILL at any event while bids come in parts: what was told is kept, none is half-received.

Stopped by: a part is flushed with its folder before its acknowledgement says how much is kept;
what a dead server wrote beyond that is cut off; the time of the last byte is written down before
the checks; one transaction for version, act and log entry.
"""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from kernel.sealing.bids.receipts import check_receipt, read_receipt
from procurement.bids import vault
from procurement.bids.models import BidVersion, PendingUpload, ResumableUpload
from tests.attacks import forking, surviving
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_uploads_killed import ask

pytestmark = pytest.mark.slow
lot, worlds, chance = surviving.lot, surviving.worlds, surviving.chance
# Uploads that are killed; of these so many once more when they are gone on with.
KILLS, LATE, TWICE, PARTS = 56, 18, 18, 3
BASE = f"/api/v1/lots/{LOT}/uploads"


def said_all(method, answer):
    """Whether an answer came to its end: where the server died in it, it is none."""
    _status, headers, told = answer
    if method == "PATCH":
        return bool(told)
    return {"POST": "Location", "HEAD": "Upload-Offset"}[method] in headers


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

    def served(self, mother, **how):
        """Send to a child of its own, as far as it lives; what became of it."""
        pid, port = mother.child("receive", **how)
        asked = self.send(port)
        fate = mother.fate(pid, asked)
        forking.kill(pid)
        return fate

    def send(self, port):
        """Go on where the server says it stands; how many requests that were."""
        asked = 0

        def told(*args, **headers):
            nonlocal asked
            asked += 1
            answer = ask(port, *args, **headers)
            return answer if answer and said_all(args[0], answer) else None

        if not self.address:
            begun = told("POST", BASE, self.token, Upload_Length=str(len(self.data)))
            if begun is None:
                return asked
            assert begun[0] == 201, begun
            self.address = begun[1]["Location"]
        while not self.done:
            found = told("HEAD", self.address, self.token)
            if found is None:
                break
            place = int(found[1]["Upload-Offset"])
            assert place >= self.told, "less is there than was told"
            part = self.data[place : place + len(self.data) // PARTS + 1]
            answer = told("PATCH", self.address, self.token, part, Upload_Offset=str(place))
            if answer is None:
                break
            if answer[0] == 423:  # a dead writer's time is not over
                time.sleep(0.05)
                continue
            assert answer[0] == 200, answer
            self.told = answer[2]["offset"]
            if answer[2]["state"] == "received":
                self.done = answer[2]["received"]
                self.receipts[self.manifest.sha256] = self.done
        return asked

    def look(self):
        """What must hold after a kill; how the upload stands."""
        if not self.address:
            return ["nothing"]
        row = ResumableUpload.objects.get(pk=self.address.rpartition("/")[2])
        assert row.offset >= self.told
        if row.status in ("open", "whole") and vault.exists(row.id.hex):
            with vault.open_file(row.id.hex) as file:
                assert file.read(row.offset) == self.data[: row.offset]
        else:
            assert row.offset == 0 or row.status == "received"
        if BidVersion.objects.filter(manifest_sha256=self.manifest.sha256).exists():
            return ["committed", "answered" if self.done else "not_answered"]
        return [row.status, *(["kept"] if row.offset else [])]


def test_what_was_told_of_a_part_survives_any_kill(lot, tmp_path, chance):
    bidders = [Uploader(lot, name) for name in support.BIDDERS]
    tally = surviving.Tally()

    def unharmed():
        surviving.nothing_is_half_done()
        surviving.receipts_hold({k: v for each in bidders for k, v in each.receipts.items()})

    def goes_on(bidder):
        fate = bidder.served(mother)
        assert bidder.done
        assert not fate.killed
        unharmed()
        bidder.last = bidder.manifest
        bidder.seal()
        return fate.at

    with forking.mother(lot, tmp_path) as mother:
        with mother.warming() as port:
            bidders[0].send(port)
        for bidder in bidders:
            goes_on(bidder)
        total = goes_on(bidders[0])
        again = set(chance.sample(range(KILLS), TWICE))
        # Of receipt itself, the last fifth, a share of its own: most events are those of parts.
        late = total * 4 // 5
        places = surviving.points(total, KILLS - LATE, chance)
        places += [late + place for place in surviving.points(total - late, LATE, chance)]
        for number, die_at in enumerate(places):
            bidder = bidders[number % len(bidders)]
            fate = bidder.served(mother, die_at=die_at, seed=chance.getrandbits(32))
            if not fate.killed:  # some uploads have a few events less
                assert die_at > 0.9 * total
                goes_on(bidder)
                continue
            tally.add("fresh", fate, *bidder.look())
            unharmed()
            if number in again:
                fate = bidder.served(
                    mother, die_at=chance.randint(1, total // 2), seed=chance.getrandbits(32)
                )
                if fate.killed:
                    tally.add("again", fate, *bidder.look())
                    unharmed()
            goes_on(bidder)
    assert tally.kills >= 58
    assert len(tally.met) > 0.75 * tally.kills
    tally.hit(nothing=1, open=20, kept=15, whole=4, committed=3, not_answered=2)
    surviving.none_is_half_there()
    for bidder in bidders:
        for digest, told in bidder.receipts.items():
            version = BidVersion.objects.get(manifest_sha256=digest)
            assert version.receipt == told["receipt"]
            receipt = read_receipt(told["receipt"].encode())
            check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
    assert not PendingUpload.objects.exclude(status="settled").exists()
