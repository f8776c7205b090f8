"""Attacker: many large bids in the last minute, so that the closing has no time for one of them.

An upload's check is made to take minutes, or the disk is slow, while another's last byte has come
in time. Stopped: what is whole is never given up for the time that passes; the closing finishes
it, one after another, and only idle waiting counts against an upload not timed yet.
"""

import io
from datetime import timedelta

import pytest

from procurement.bids import closing, receiving, upload_ends, vault
from procurement.bids.models import BidVersion, PendingUpload
from tests.procurement.bids.conftest import world
from tests.procurement.bids.support import LOT

__all__ = ["world"]
pytestmark = pytest.mark.django_db


class _Clock:
    """Real seconds, as the test wants them to pass."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def seconds(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    world.at(world.lot.deadline - timedelta(seconds=1))
    made = _Clock()
    monkeypatch.setattr(closing, "time", made)
    return made


def begin(world, name):
    data, _manifest = world.seal(name)
    return data, receiving.begin(LOT, world.people[name])


def receipted():
    return set(BidVersion.objects.values_list("bid__bidder_uscc", flat=True))


def test_no_check_of_one_bid_takes_the_time_of_another(world, seconds, monkeypatch):
    whole = {}
    for name in ("bidder1", "bidder2", "bidder3"):
        data, row = begin(world, name)
        receiving.stream(row, io.BytesIO(data).read, len(data))
        whole[row.pk] = world.people[name].uscc
    real = upload_ends.resume

    def slow(row):
        seconds.now += 40 * 60
        return real(row)

    monkeypatch.setattr(upload_ends, "resume", slow)
    closing.await_uploads(LOT, world.lot.deadline)
    assert receipted() == set(whole.values())


def test_a_byte_in_time_that_is_timed_while_another_is_checked_is_not_lost(
    world, seconds, monkeypatch
):
    first, one = begin(world, "bidder1")
    second, two = begin(world, "bidder2")
    receiving.stream(one, io.BytesIO(first).read, len(first))
    monkeypatch.setattr(vault, "came", lambda name: name == two.id.hex)
    real = upload_ends.resume

    def slow(row):
        if row.pk == one.pk:
            seconds.now += 61
            assert PendingUpload.objects.get(pk=two.pk).status == "open"
            last = world.lot.deadline - timedelta(milliseconds=500)
            receiving.stream(two, io.BytesIO(second).read, len(second), last_byte=last)
        return real(row)

    monkeypatch.setattr(upload_ends, "resume", slow)
    closing.await_uploads(LOT, world.lot.deadline)
    assert receipted() == {world.people[name].uscc for name in ("bidder1", "bidder2")}


def test_a_whole_upload_whose_file_vanished_holds_up_nothing(world, seconds):
    data, row = begin(world, "bidder1")
    receiving.stream(row, io.BytesIO(data).read, len(data))
    vault.path_of(row.id.hex).unlink()
    closing.await_uploads(LOT, world.lot.deadline)
    assert PendingUpload.objects.get(pk=row.pk).status == "void"
