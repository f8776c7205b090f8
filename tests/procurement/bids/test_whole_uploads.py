"""A file in one piece is looked at before it is read: who sends it, and whether it has a place."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.conf import settings

from kernel import clock
from kernel.errors import Refused
from kernel.parties.models import Membership
from procurement.bids import receiving, upload_limits, vault
from procurement.bids.models import PendingUpload
from tests.kernel.api.test_contract import bearer
from tests.procurement.bids.support import LOT, told

pytestmark = pytest.mark.django_db


def refused(lot, length=3_000, name="bidder1"):
    """The codes with which a file is refused of which not one byte is read."""

    def read(_size):
        raise AssertionError("read before anything was asked")

    with pytest.raises(Refused) as found:
        receiving.upload(LOT, actor=lot.people[name], read=read, length=length)
    return told(found)


def test_a_former_members_file_is_not_read(lot):
    person = lot.people["bidder1"].person_id
    ended = clock.today() - timedelta(days=90)
    Membership.objects.filter(person_id=person).update(valid_to=ended)
    assert refused(lot) == ["access.membership.ended"]
    assert not PendingUpload.objects.exists()


def test_a_file_that_the_disk_has_no_place_for_is_not_read(lot, monkeypatch):
    free = settings.UPLOADS["keep_free_bytes"] + 2_999
    monkeypatch.setattr(vault, "free", lambda: free)
    assert refused(lot) == ["procurement.upload.no_space"]
    assert refused(lot, length=None) == ["procurement.upload.no_space"]


def test_a_file_larger_than_the_policy_allows_is_not_read(lot):
    assert refused(lot, lot.in_force.maximum_size + 1) == ["procurement.bid.too_large"]


def test_a_file_a_day_after_the_deadline_is_not_read(lot):
    lot.at(lot.lot.deadline + timedelta(days=1, seconds=1))
    assert refused(lot) == ["procurement.bid.too_late"]


def test_of_one_bidder_only_so_many_files_come_at_once(lot):
    mine = lot.people["bidder1"].organisation_id
    with ExitStack() as under_way:
        for _each in range(settings.UPLOADS["most_open"]):
            under_way.enter_context(upload_limits.one_of_few(mine, LOT))
        assert refused(lot) == ["procurement.upload.too_many"]
        other = lot.people["bidder2"].organisation_id
        under_way.enter_context(upload_limits.one_of_few(other, LOT))
    with upload_limits.one_of_few(mine, LOT):
        pass


def test_what_a_killed_server_left_under_way_keeps_nobody_from_sending_again(lot):
    for _each in range(settings.UPLOADS["most_open"] + 1):
        receiving.begin(LOT, lot.people["bidder1"], length=3_000)
    assert PendingUpload.objects.filter(status=PendingUpload.Status.OPEN).count() > 3
    assert lot.bid("bidder1")


def test_a_length_in_other_digits_is_no_length_and_no_fault(lot, client):
    """``"²".isdigit()`` holds, and no number can be made of it."""
    headers = bearer(lot.people["bidder1"]) | {"CONTENT_LENGTH": "²"}
    answer = client.put(f"/api/v1/lots/{LOT}/bids", b"x", "application/octet-stream", **headers)
    assert 400 <= answer.status_code < 500
