"""SIGKILL at any event of receipt and opening: every receipted bid is there, none half-there.

Stopped by: bytes and folder on the disk before anything says that they are there, the time of the
last byte before the checks, one transaction for version, act and log entry, receipts that follow
from the log, and steps of the opening that may all be begun again.
"""

from __future__ import annotations

import base64
import http.client
import json
from datetime import timedelta

import pytest

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from kernel.sealing.bids.opening import read_record
from kernel.sealing.bids.receipts import check_receipt, read_receipt
from kernel.workflow.models import Act
from procurement.bids import vault
from procurement.bids.models import Bid, BidVersion, OpenedEnvelope, Opening, PendingUpload
from tests.attacks import forking, surviving
from tests.procurement.bids import support
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.slow
lot, worlds, chance = surviving.lot, surviving.worlds, surviving.chance
# Kills of a bidder's first version, of later ones; of an opening's steps, at least.
FIRSTS, LATERS, OPENING = 22, 62, 62
# So many whole openings; at most so many kills of a step in each.
ROUNDS, MOST = 3, {"close": 4, "decrypt": 5}


class Bidder:
    """Somebody who sends one version after another, and keeps what is answered."""

    def __init__(self, lot, name):
        self.lot, self.name = lot, name
        self.uscc = lot.people[name].uscc
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
        except (OSError, http.client.HTTPException, ValueError):
            return None  # it died before its answer, or in the middle of it
        finally:
            client.close()
        assert told[0] in (200, 201), told
        self.receipts[self.manifest.sha256] = told[1]
        return told

    def served(self, mother, **how):
        """Send to a child of its own: the answer, and what became of the child."""
        pid, port = mother.child("receive", **how)
        told = self.put(port)
        fate = mother.fate(pid)
        forking.kill(pid)
        return told, fate

    def standing(self, answered):
        """How far the receipt was when the server died."""
        if BidVersion.objects.filter(manifest_sha256=self.manifest.sha256).exists():
            return ["committed", "answered" if answered else "not_answered"]
        row = PendingUpload.objects.filter(bidder_uscc=self.uscc).order_by("started_really_at")
        if (last := row.exclude(status="settled").last()) is None:
            return ["nothing"]
        stored = vault.size_of(last.id.hex) == len(self.data)
        return ["begun", *(["stored"] if stored else []), *([last.status] if stored else [])]

    def again(self, mother, standing):
        """The server is there again: the same file gives the one receipt that there is of it."""
        before = dict(BidVersion.objects.values_list("manifest_sha256", "pk"))
        told, fate = self.served(mother)
        assert told is not None
        assert not fate.killed
        assert told[0] == (200 if "committed" in standing else 201)
        version = BidVersion.objects.get(manifest_sha256=self.manifest.sha256)
        assert before.get(self.manifest.sha256, version.pk) == version.pk
        assert version.receipt == told[1]["receipt"]
        self.last = self.manifest
        self.seal()
        return fate.at


def test_every_receipted_bid_survives_any_kill(lot, tmp_path, chance):
    bidders = [Bidder(lot, name) for name in support.BIDDERS]
    tally = surviving.Tally()

    def unharmed():
        surviving.nothing_is_half_done()
        surviving.receipts_hold({k: v for each in bidders for k, v in each.receipts.items()})

    def struck(scene, bidder, total, kills):
        """Kill the server under one bidder's file after the other; at each end it counts."""
        for number, die_at in enumerate(surviving.points(total, kills, chance)):
            sender = bidder(number)
            told, fate = sender.served(mother, die_at=die_at, seed=chance.getrandbits(32))
            standing = sender.standing(told is not None)
            if fate.killed:  # else this one had an event less
                tally.add(scene, fate, *standing)
            unharmed()
            sender.again(mother, standing)
            unharmed()

    def newcomer(number):
        name = f"firm{number}"
        lot.people[name] = support.member(name, "contractor_clerk", serial=300 + number)
        bidders.append(Bidder(lot, name))
        return bidders[-1]

    with forking.mother(lot, tmp_path) as mother:
        with mother.warming() as port:
            assert bidders[0].put(port)
        bidders[0].last = bidders[0].manifest
        bidders[0].seal()
        first = bidders[1].again(mother, [])
        later = bidders[1].again(mother, [])
        for bidder in bidders[2:]:
            bidder.again(mother, [])
        struck("first", newcomer, first, FIRSTS)
        struck("later", lambda n: bidders[n % len(support.BIDDERS)], later, LATERS)
    assert tally.kills >= FIRSTS + LATERS - 4
    met = {at for scene, at in tally.met if scene == "later"}
    assert len(met) >= 0.75 * min(later, LATERS), (later, sorted(met))
    assert tally.kinds["during commit"]
    tally.hit(begun=30, stored=20, whole=10, committed=12, not_answered=10, answered=1)
    surviving.none_is_half_there()
    for bidder in bidders:
        for digest, told in bidder.receipts.items():
            version = BidVersion.objects.get(manifest_sha256=digest)
            assert bytes(version.receipt_p7s) == base64.b64decode(told["p7s"])
            receipt = read_receipt(told["receipt"].encode())
            check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
        mine = BidVersion.objects.filter(bid__bidder_uscc=bidder.uscc).order_by("number")
        numbers = list(mine.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    assert not PendingUpload.objects.filter(status="settled", file_sha256="").exists()


def test_an_opening_that_is_killed_at_any_point_ends_as_if_it_had_not_been(
    worlds, tmp_path, chance
):
    events, tally = {}, surviving.Tally()
    with forking.mother(None, tmp_path) as mother:
        Walk(worlds(), mother, tally, events.setdefault).whole()
        where = {step: surviving.points(total, ROUNDS, chance) for step, total in events.items()}
        for number in range(ROUNDS):
            walk = Walk(worlds(), mother, tally)
            for step, total in events.items():
                # One of each third of a step; then where chance will have it, if it is not over.
                more = surviving.points(total, MOST.get(step, 2) - 1, chance)
                walk.die[step] = sorted([where[step][number], *more])
            walk.whole()
    assert tally.kills >= OPENING
    assert len(tally.met) > 0.75 * tally.kills
    tally.hit(unlisted=1, listed=3, drawn=3, checked=3, released=3, envelope_stored=3)
    tally.hit(committed=10, not_committed=20)


class Walk:
    """An opening step by step, each in a child; what is told where to die is killed on the way."""

    def __init__(self, lot, mother, tally, told=None):
        self.lot, self.mother, self.tally, self.told = lot, mother, tally, told
        self.die = {}
        mother.lot = lot
        lot.say = self.say

    def whole(self):
        lot = self.lot
        for index, name in enumerate(support.BIDDERS, start=1):
            lot.bid(name, price=index * 1_000_00)
        lot.at(lot.lot.deadline + timedelta(seconds=1))
        lot.lot.state = "closing"
        self.survive("close", "close")
        lot.countersign("trustee1", "trustee2")
        lot.reveal("owner", *support.TRUSTEES)
        lot.mark("trustee1", "trustee2")
        lot.release("trustee1", "trustee2")
        self.survive("decrypt", "decrypt")
        self.outcome()

    def say(self, act, name, **payload):
        actor, key = vars(self.lot.people[name]), f"{act}-{name}"
        self.survive(f"{act} {name}", "say", act=act, key=key, payload=payload, actor=actor)

    def survive(self, step, what, **told):
        """Begin a step, killed where it is to be, again until it is done."""
        deaths = list(self.die.get(step, ()))
        while True:
            before, die_at = Act.objects.count(), deaths.pop(0) if deaths else 0
            pid, _port = self.mother.child(what, die_at=die_at, seed=die_at, **told)
            fate = self.mother.fate(pid)
            surviving.nothing_is_half_done()
            if not fate.killed:
                if self.told:
                    self.told(step, fate.at)
                return
            self.tally.add(step, fate, *self.standing(before))

    def standing(self, before):
        """How far the opening was when its server died, and whether that one had done an act."""
        case = Opening.objects.first()
        found = [case.state if case else "unlisted"]
        found.append("committed" if Act.objects.count() > before else "not_committed")
        if OpenedEnvelope.objects.filter(state="opened").exists():
            found.append("envelope_stored")
        return found

    def outcome(self):
        case = Opening.objects.get()
        assert case.state == "opened"
        record = read_record(case.record_text.encode())
        assert [bid.sheet.price_fen for bid in record.bids if bid.sheet] == [
            index * 1_000_00 for index in range(1, 6)
        ]
        for kind, said in (("signature", 2), ("nonce", 4), ("marks", 2), ("release", 2)):
            assert case.statements.filter(kind=kind).count() == said
        assert Bid.objects.filter(state="opened").count() == len(support.BIDDERS)
        surviving.none_is_half_there()
