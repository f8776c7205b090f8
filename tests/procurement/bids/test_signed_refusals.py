"""What is refused of a bid, whatever it is, is in the log and under the platform's signature."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection

from kernel import clock
from kernel.evidence.models import LogEntry
from kernel.sealing.bids.receipts import Withdrawal
from kernel.sealing.bids.refusals import read_refusal
from kernel.workflow.models import RefusedAct
from procurement.bids import believed, uploads, vault
from procurement.bids.models import Bid, PendingUpload, ResumableUpload
from tests.conftest import member
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_withdrawing_at_the_page import at_the_page, hand_in, refused
from tests.procurement.bids.uploading import BASE, Uploader, codes

pytestmark = pytest.mark.django_db


def signed(lot, answer, person):
    """The refusal in an answer: under the operator's signature, of its entry in the log."""
    told = answer.json()
    said = read_refusal(told["refusal"].encode())
    believed.trust(clock.now()).verify(
        base64.b64decode(told["p7s"]), told["refusal"].encode(), lot.in_force.operator.uscc,
        clock.now(),
    )  # fmt: skip
    assert (said.lot, said.bidder) == (LOT, lot.people[person].uscc)
    assert [reason.code for reason in said.reasons] == codes(answer)
    assert said.log is not None
    entry = json.loads(said.log.entry)
    assert (entry["kind"], entry["body"]["codes"]) == ("workflow.refusal", codes(answer))
    assert entry["index"] == RefusedAct.objects.order_by("-log_index").first().log_index
    return said


def test_an_upload_that_begins_too_late_is_refused_signed_and_logged(lot, one):
    at = lot.lot.deadline + timedelta(milliseconds=1)
    lot.at(at)
    answer = one.begin(1000)
    assert answer.status_code == 422
    said = signed(lot, answer, "bidder1")
    assert (said.size, said.file_sha256) == (0, hashlib.sha256().hexdigest())
    assert said.received_at >= at
    attempt = RefusedAct.objects.get()
    assert (attempt.about, attempt.transition) == (LOT, "receive")
    assert not ResumableUpload.objects.exists() and not PendingUpload.objects.exists()


def test_an_upload_that_is_too_large_and_too_late_is_told_both(lot, one):
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    late = codes(one.begin(1000))
    answer = one.begin(4 * 1024 * 1024 + 1)
    assert (answer.status_code, codes(answer)) == (422, [*late, "procurement.bid.too_large"])


def test_an_upload_that_is_too_large_is_refused_signed_and_logged(lot, one):
    answer = one.begin(4 * 1024 * 1024 + 1)
    assert (answer.status_code, codes(answer)) == (413, ["procurement.bid.too_large"])
    signed(lot, answer, "bidder1")


def test_an_upload_void_at_the_deadline_is_refused_signed_and_logged(lot, one):
    data = lot.seal("bidder1")[0]
    address = one.begun(len(data))
    one.part(address, 0, data[:-10])
    number = address.rpartition("/")[2]
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    assert uploads.void_unfinished(LOT) == 1
    answer = one.part(address, len(data) - 10, data[-10:])
    assert (answer.status_code, codes(answer)) == (410, ["procurement.upload.unfinished"])
    said = signed(lot, answer, "bidder1")
    assert (said.size, said.file_sha256) == (
        len(data) - 10, hashlib.sha256(data[:-10]).hexdigest(),
    )  # fmt: skip
    assert said.manifest_sha256 != ""
    assert RefusedAct.objects.get().about == LOT
    assert not vault.exists(number)
    # It stays told, and told once.
    assert one.ask(address).json()["refused"]["refusal"] == answer.json()["refusal"]
    assert uploads.void_unfinished(LOT) == 0
    assert RefusedAct.objects.count() == 1


def test_a_closing_that_died_in_between_refuses_what_it_had_made_void(lot, one, monkeypatch):
    def dies(*_args, **_more):
        raise SystemError("killed")

    one.begun(5000)
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    with monkeypatch.context() as patch:
        patch.setattr(uploads.upload_ends.refusing, "refuse", dies)
        with pytest.raises(SystemError):
            uploads.void_unfinished(LOT)
    assert uploads.void_unfinished(LOT) == 1
    row = ResumableUpload.objects.get()
    assert (row.status, RefusedAct.objects.count()) == ("void", 1)
    signed(lot, one.part(f"{BASE}/{row.id.hex}", 0, b"x" * 5000), "bidder1")


def test_a_closing_writes_covers_in_a_transaction_of_its_own(monkeypatch):
    """Its worker opens none, and the log takes nothing outside of one; a test's would hide it."""
    inside, before = [], len(connection.savepoint_ids)
    monkeypatch.setattr(
        uploads.evidence, "append_many",
        lambda _rows: inside.append(len(connection.savepoint_ids) > before),
    )  # fmt: skip
    uploads.void_unfinished(LOT)
    assert inside == [True]


@pytest.mark.parametrize("how", ["given_up", "expired"])
def test_what_its_bidder_gave_up_or_let_lie_is_signed_and_logged_once(lot, one, settings, how):
    data = lot.seal("bidder1")[0]
    address = one.begun(len(data))
    one.part(address, 0, data[:-300])
    if how == "given_up":
        assert one.give_up(address).status_code == 204
    else:
        idle = timedelta(hours=settings.UPLOADS["idle_hours"], seconds=1)
        ResumableUpload.objects.update(touched_really_at=clock.technical_now() - idle)
        assert uploads.sweep() == 1
    answer = one.part(address, len(data) - 300, data[-300:])
    assert (answer.status_code, codes(answer)) == (410, [f"procurement.upload.{how}"])
    said = signed(lot, answer, "bidder1")
    assert (said.size, said.file_sha256) == (
        len(data) - 300, hashlib.sha256(data[:-300]).hexdigest(),
    )  # fmt: skip
    assert uploads.sweep() == uploads.void_unfinished(LOT) == 0
    assert RefusedAct.objects.get().about == LOT


def test_the_log_does_not_count_unfinished_uploads_at_a_closing(lot, one):
    """Covers come whether any was unfinished or not, as many as chance wills."""
    grown = set()
    for _ in range(12):
        before = LogEntry.objects.count()
        uploads.void_unfinished(LOT)
        grown.add(LogEntry.objects.count() - before)
    assert len(grown) > 1


def withdrawal(lot, manifest_sha256, signer="bidder1"):
    text = Withdrawal(LOT, lot.people["bidder1"].uscc, manifest_sha256, "").encode().decode()
    return {"statement": text, "p7s": lot.p7s(signer, text)}


@pytest.mark.parametrize("why", ["signature", "version", "late"])
def test_a_refused_withdrawal_is_signed_and_logged(lot, one, why):
    _version, manifest, _data = lot.bid("bidder1")
    named = "0" * 64 if why == "version" else manifest.sha256
    body = withdrawal(lot, named, "bidder2" if why == "signature" else "bidder1")
    if why == "late":
        lot.at(lot.lot.deadline + timedelta(seconds=1))
    answer = withdraw(one, body)
    assert answer.status_code == 422, answer.content
    said = signed(lot, answer, "bidder1")
    statement = body["statement"].encode()
    assert (said.file_sha256, said.size) == (
        hashlib.sha256(statement).hexdigest(), len(statement),
    )  # fmt: skip
    assert said.manifest_sha256 == named
    assert Bid.objects.get().state == "received"
    assert RefusedAct.objects.get().transition == "withdraw"


def withdraw(one, body):
    return one.client.post(
        f"/api/v1/lots/{LOT}/bids/withdrawal", body, content_type="application/json",
        headers={**one.head, "Idempotency-Key": "w"},
    )  # fmt: skip


def test_a_withdrawal_of_nothing_is_refused_signed_and_logged(lot, one):
    body = withdrawal(lot, "0" * 64)
    answer = withdraw(one, body)
    assert (answer.status_code, codes(answer)) == (404, ["procurement.bid.unknown"])
    said = signed(lot, answer, "bidder1")
    assert said.file_sha256 == hashlib.sha256(body["statement"].encode()).hexdigest()
    attempt = RefusedAct.objects.get()
    assert (attempt.about, attempt.transition, attempt.case_pk) == (LOT, "withdraw", None)


def test_a_withdrawal_by_whom_it_is_none_of_is_refused_signed_and_logged(lot, one):
    _version, manifest, _data = lot.bid("bidder1")
    guest = member("guest", "guarantor_clerk", serial=31)  # the bidder's own, in another role
    assert guest.uscc == lot.people["bidder1"].uscc
    lot.people["guest"] = guest
    answer = withdraw(Uploader(lot, "guest"), withdrawal(lot, manifest.sha256))
    assert (answer.status_code, codes(answer)) == (403, ["access.act.not_permitted"])
    signed(lot, answer, "bidder1")
    assert Bid.objects.get().state == "received"


def test_of_a_lot_that_is_none_nothing_is_signed(lot, one):
    answer = one.client.post(
        "/api/v1/lots/none/bids/withdrawal", withdrawal(lot, "0" * 64),
        content_type="application/json", headers={**one.head, "Idempotency-Key": "w"},
    )  # fmt: skip
    assert (answer.status_code, answer.json().get("refusal", "")) == (404, "")
    assert not RefusedAct.objects.exists()


def test_a_withdrawal_refused_at_the_page_is_given_as_a_signed_file(lot):
    _version, manifest, _data = lot.bid("bidder1")
    client = at_the_page(lot, "bidder1")
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    answer = hand_in(client, withdrawal(lot, manifest.sha256))
    assert refused(answer)
    said = read_refusal(answer.context["signed"]["refusal"].encode())
    assert said.manifest_sha256 == manifest.sha256
