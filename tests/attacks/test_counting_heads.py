"""Somebody who follows the log minute by minute: sizes of its public heads count no bids.

Whoever reads every head that was published, asks the log's page each minute how long it is by now,
and tries the numbers of entries one after another, sees of a lot with three bids what they see of
a lot with twelve. Stopped by: the log is filled up to whole steps before each head that is signed
while bids are sealed, and what no head covers yet is there for nobody who may not read it.
"""

from __future__ import annotations

import itertools
import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.evidence import filling, tasks
from kernel.evidence.models import LogEntry, TreeHead
from procurement.bids import closing, stamps
from procurement.bids.machines import OPENED
from procurement.bids.models import Bid, BidVersion, Opening
from tests.conftest import member
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db
# Minutes before the deadline at which each bid comes: most of them late, as bids do.
FEW = (180, 3, 1)
MANY = (181, 180, 179, 40, 3, 3, 1, 1, 1, 1, 1, 1)
# The watcher's minutes, from an hour and more before the deadline until half an hour after it.
MINUTES = (*range(-200, -60, 20), *range(-8, 4), 30)


@pytest.fixture
def lot(world, monkeypatch):  # noqa: F811
    # In a sandbox, which leaps in time, heads come whenever the log grew.
    monkeypatch.setattr(tasks, "settings", SimpleNamespace(SANDBOX=False))
    monkeypatch.setattr(closing, "machine", lambda _code: None)  # the lot's own, tested with it
    for number in range(len(MANY)):
        name = f"many{number}"
        world.people[name] = member(name, "contractor_clerk", serial=51 + number)
    world.policy()
    real = clock.now()
    moment = [real]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    world.moment = moment
    # A first head, as a log that has stood for a while has one: the same in both lots.
    tasks.sign_head()
    return world


def look(size: int) -> list[object]:
    """What a stranger is told of the log between two heads, times and hashes apart."""
    client, told = Client(), []
    told.append(len(client.get(reverse("web:log")).content))
    for index in range(size - 2, size + 260, 43):
        told.append(client.get(reverse("web:log-entry", args=[index])).status_code)
        told.append(client.get(reverse("web:log-proof", args=[index])).status_code)
        address = reverse("web:log-consistency", args=[size - 1, index])
        answer = client.get(address)
        said = answer.content.decode() if answer.status_code != 200 else ""
        # Nonces and numbers of requests are each answer's own: words and their numbers count.
        told.append((answer.status_code, re.findall(r"[一-鿿][一-鿿0-9 ]*", said)))
    return told


def shape(bundle: bytes) -> object:
    """A proof file without what chance makes: how many steps, which fields."""
    value = json.loads(bundle)
    entry = value["entries"][0]
    return sorted(value), sorted(entry), entry["index"], len(entry["proof"])


def watched(lot, minutes: tuple[int, ...]) -> tuple[list[object], int]:
    """Everything that the watcher saw while bids came at these minutes; entries of the log."""
    saved = transaction.savepoint()
    deadline, waiting, seen = lot.in_force.deadline, sorted(minutes, reverse=True), []
    bidders = iter(f"many{number}" for number in range(len(minutes)))
    last = None
    for minute in MINUTES:
        while waiting and -waiting[0] < minute:
            lot.moment[0] = deadline - timedelta(minutes=waiting.pop(0), seconds=-17)
            lot.bid(next(bidders))
        lot.moment[0] = deadline + timedelta(minutes=minute)
        BidVersion.objects.update(follow_up_at=clock.technical_now())
        stamps.follow_up()
        if last is not None:
            seen.append(look(last.size))
        if minute == 1:
            lot.lot.state = "closing"
            closing.close(LOT)
        tasks.sign_head()
        last = TreeHead.objects.latest("pk")
    strangers = Client()
    heads = json.loads(strangers.get(reverse("web:log-heads")).content)["heads"]
    seen += [(each["head"]["size"], each["head"]["at"]) for each in heads]
    for index in range(0, last.size, 97):
        seen.append(shape(strangers.get(reverse("web:log-proof", args=[index])).content))
    assert Bid.objects.filter(lot_number=LOT).count() == len(minutes)
    assert Opening.objects.get().list_text.count("log_index") == len(minutes)
    entries = LogEntry.objects.exclude(kind="procurement.cover").count()
    transaction.savepoint_rollback(saved)
    lot.lot.state = "published"
    return seen, entries


def test_heads_and_proofs_of_three_bids_and_of_twelve_are_the_same(lot):
    few, little = watched(lot, FEW)
    many, much = watched(lot, MANY)
    assert much - little > 2 * (len(MANY) - len(FEW))  # there was something to hide
    assert few == many


def test_a_head_without_anything_new_grows_like_every_other(lot):
    deadline, sizes = lot.in_force.deadline, []
    for minute in range(-3, 3):
        lot.moment[0] = deadline + timedelta(minutes=minute)
        sizes.append(tasks.sign_head())
    assert {after - before for before, after in itertools.pairwise(sizes)} == {filling.STEP}


def test_an_entry_that_no_head_covers_is_its_readers_only(lot):
    version, _manifest, _data = lot.bid("many0")
    for index in (version.log_index, LogEntry.objects.count() + 5):
        for name in ("web:log-entry", "web:log-proof"):
            assert Client().get(reverse(name, args=[index])).status_code == 404
    lot.moment[0] += timedelta(hours=2)
    tasks.sign_head()
    assert Client().get(reverse("web:log-proof", args=[version.log_index])).status_code == 200


def test_once_the_record_is_out_nothing_is_filled(lot):
    for number in range(3):
        lot.bid(f"many{number}")
    lot.moment[0] = lot.in_force.deadline + timedelta(hours=3)
    lot.lot.state = "closing"
    closing.close(LOT)
    with connection.cursor() as cursor:  # as if its trustees had come
        cursor.execute("UPDATE procurement_opening SET state = %s", [OPENED])
    before = tasks.sign_head()
    assert tasks.sign_head() == before
