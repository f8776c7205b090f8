"""Attacker: a listed bidder that gives its own file again and again, to fill disk and log.

Stopped: where the copy here is whole nothing is written, no entry is made and nobody is told; what
is given is read and compared, and not kept. Where it is not whole it is taken once. How many may
be under way at once is limited as for any upload.
"""

from __future__ import annotations

import pytest

from kernel.errors import Conflict, Refused
from kernel.events.models import Event
from kernel.evidence.models import LogEntry
from procurement.bids import closing, correcting, upload_limits, vault
from procurement.bids.models import BidVersion
from tests.procurement.bids import steps
from tests.procurement.bids.conftest import world
from tests.procurement.bids.support import LOT, told

__all__ = ["world"]
pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    world.files = {name: world.bid(name)[2] for name in NAMES}
    steps.close(world)
    return world


def written():
    files = sorted(BidVersion.objects.values_list("vault", flat=True))
    return LogEntry.objects.count(), Event.objects.count(), files


def test_a_file_that_is_whole_here_is_read_and_not_kept(lot, monkeypatch):
    before = written()
    monkeypatch.setattr(vault, "write", None)
    for _ in range(20):
        steps.give(lot, "bidder1", lot.files["bidder1"])
    assert written() == before


@pytest.mark.parametrize("change", [lambda data: data[:-1] + b"x", lambda data: data + b"x" * 9])
def test_other_bytes_are_refused_and_not_kept(lot, change):
    before = written()
    with pytest.raises(Refused) as refused:
        steps.give(lot, "bidder1", change(lot.files["bidder1"]))
    assert told(refused) == ["procurement.bid.not_the_same"]
    assert written() == before


def test_a_file_that_is_not_whole_is_taken_once(lot):
    vault.delete(steps.version_of(lot, "bidder1").vault)
    before = LogEntry.objects.filter(kind=correcting.GIVEN).count()
    for _ in range(5):
        steps.give(lot, "bidder1", lot.files["bidder1"])
    assert LogEntry.objects.filter(kind=correcting.GIVEN).count() == before + 1
    assert vault.exists(steps.version_of(lot, "bidder1").vault)


def test_no_more_at_once_than_of_any_upload(lot, settings):
    settings.UPLOADS = settings.UPLOADS | {"most_open": 1}
    one = upload_limits.one_of_few(lot.people["bidder1"].organisation_id, LOT)
    with one, pytest.raises(Conflict) as refused:
        steps.give(lot, "bidder1", lot.files["bidder1"])
    assert told(refused) == ["procurement.upload.too_many"]


def test_a_full_disk_takes_none(lot, settings):
    vault.delete(steps.version_of(lot, "bidder1").vault)
    settings.UPLOADS = settings.UPLOADS | {"keep_free_bytes": 2**62}
    with pytest.raises(Refused) as refused:
        steps.give(lot, "bidder1", lot.files["bidder1"])
    assert told(refused) == ["procurement.upload.no_space"]
