"""A server that dies while it refuses a bid: when it is back, that is signed and logged once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.evidence.models import LogEntry
from kernel.workflow.models import RefusedAct
from procurement.bids import receipts, refusing, upload_ends, uploads, vault
from procurement.bids.models import PendingUpload, ResumableUpload
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_signed_refusals import signed
from tests.procurement.bids.uploading import Uploader, codes

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The server is gone."""


@pytest.fixture
def one(lot):
    one = Uploader(lot, "bidder1")
    one.client.raise_request_exception = True
    return one


def killed(monkeypatch, what, place=receipts, name="refusal"):
    """Do something during which the server dies before this is done."""

    def dies(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, name, dies)
        with pytest.raises(Killed):
            what()


def came_back():
    """What a server does that is started again: its sweep, some time later."""
    ResumableUpload.objects.filter(status="whole").update(
        touched_really_at=clock.technical_now() - timedelta(minutes=5)
    )
    uploads.sweep()


def is_once(lot, one, address, code):
    """The refusal is in the log once, under a signature, and told to whoever asks."""
    answer = one.part(address, ResumableUpload.objects.get().length, b"")
    assert codes(answer) == [code]
    signed(lot, answer, "bidder1")
    assert RefusedAct.objects.count() == 1
    assert LogEntry.objects.filter(kind="workflow.refusal").count() == 1
    assert not vault.exists(address.rpartition("/")[2])
    assert not PendingUpload.objects.filter(status__in=["open", "whole"]).exists()


BEFORE = [(receipts, "refusal"), (vault, "delete"), (upload_ends, "_plain")]


@pytest.mark.parametrize(("place", "name"), [*BEFORE, (refusing, "log_refusal")])
def test_between_voiding_an_upload_and_signing_that(lot, one, monkeypatch, place, name):
    data = lot.seal("bidder1")[0]
    address = one.begun(len(data))
    one.part(address, 0, data[:-10])
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    killed(monkeypatch, lambda: uploads.void_unfinished(LOT), place, name)
    uploads.void_unfinished(LOT)
    if (place, name) == (vault, "delete"):  # it was said; the file alone is still there
        vault.delete(address.rpartition("/")[2])
    is_once(lot, one, address, "procurement.upload.unfinished")


def test_between_giving_an_upload_up_and_signing_that(lot, one, monkeypatch):
    address = one.begun(5000)
    killed(monkeypatch, lambda: one.give_up(address))
    assert ResumableUpload.objects.get().status == "open"  # nothing was said, nothing done
    one.give_up(address)
    is_once(lot, one, address, "procurement.upload.given_up")


def test_between_the_check_of_a_whole_file_and_signing_what_it_found(lot, one, monkeypatch):
    data = bytearray(lot.seal("bidder1")[0])
    data[-3] ^= 1
    address = one.begun(len(data))
    killed(monkeypatch, lambda: one.part(address, 0, bytes(data)))
    assert ResumableUpload.objects.get().status == "whole"
    came_back()
    row = ResumableUpload.objects.get()
    assert row.status == "refused"
    is_once(lot, one, address, row.reasons[0]["code"])


def test_between_the_act_that_was_refused_and_signing_that(lot, one, monkeypatch):
    """The act's refusal is in the log by then: it is signed, and not logged a second time."""
    lot.bid("bidder1")
    data = lot.seal("bidder1", price=2)[0]  # a first version again
    address = one.begun(len(data))
    killed(monkeypatch, lambda: one.part(address, 0, data))
    assert RefusedAct.objects.count() == 1
    came_back()
    assert ResumableUpload.objects.get().status == "refused"
    is_once(lot, one, address, "sealing.manifest.version")


def test_between_the_look_at_a_head_and_signing_what_it_showed(lot, one, monkeypatch):
    data = lot.seal("bidder1", signer="bidder2")[0]
    address, half = one.begun(len(data)), len(data) // 2
    killed(monkeypatch, lambda: one.part(address, 0, data[:half]))
    assert not RefusedAct.objects.exists()
    ResumableUpload.objects.update(holder="")  # the dead one's hold runs out
    answer = one.part(address, ResumableUpload.objects.get().offset, data[:half])
    is_once(lot, one, address, codes(answer)[0])


def test_a_file_that_is_lost_is_refused_under_a_signature(lot, one, monkeypatch):
    data = lot.seal("bidder1")[0]
    address = one.begun(len(data))
    killed(monkeypatch, lambda: one.part(address, 0, data), upload_ends.receiving, "settle")
    vault.delete(address.rpartition("/")[2])
    came_back()
    is_once(lot, one, address, "procurement.upload.lost")
