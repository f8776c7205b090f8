"""Uploads in parts: what is kept and told, the protocol, whose they are, shares of the disk."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel import clock
from kernel.sealing.bids.acknowledgements import read_acknowledgement
from kernel.sealing.bids.receipts import check_receipt, read_receipt
from kernel.workflow.models import RefusedAct
from procurement.bids import believed, receipts, upload_parts, uploads, vault
from procurement.bids.models import BidVersion, ResumableUpload
from tests.procurement.bids.support import LOT
from tests.procurement.bids.uploading import BASE, Uploader, codes, name_of

pytestmark = pytest.mark.django_db


# The ordinary way


def test_a_bid_in_parts_gets_the_receipt_that_it_gets_in_one(lot, one, data):
    answer = one.whole(data, 3000)
    told = answer.json()
    assert (answer.status_code, told["state"], told["offset"]) == (200, "received", len(data))
    version = BidVersion.objects.get()
    receipt = read_receipt(told["received"]["receipt"].encode())
    check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
    assert version.file_sha256 == hashlib.sha256(data).hexdigest()
    assert (version.size, receipt.size) == (len(data), len(data))
    assert vault.open_file(version.vault).read() == data
    # PUT of the same file: the same receipt.
    again, new = lot.submit("bidder1", data)
    assert (again.pk, new) == (version.pk, False)
    assert vault.exists(version.vault)


def test_every_part_is_acknowledged_under_the_operators_signature(lot, one, data):
    address, place = one.begun(len(data)), 0
    while place < len(data):
        answer = one.part(address, place, data[place : place + 9000])
        place = min(place + 9000, len(data))
        told = answer.json()
        said = read_acknowledgement(told["acknowledgement"].encode())
        assert (said.upload, said.lot) == (name_of(address), LOT)
        assert (said.bidder, said.offset, said.length) == (one.actor.uscc, place, len(data))
        assert answer["Upload-Offset"] == str(place)
        believed.trust(said.at).verify(
            base64.b64decode(told["p7s"]), told["acknowledgement"].encode(),
            lot.in_force.operator.uscc, said.at,
        )  # fmt: skip
    assert said.at == BidVersion.objects.get().received_at


@hypothesis_settings(
    max_examples=15, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None
)
@given(st.lists(st.integers(0, 1000), max_size=6))
def test_breaks_at_any_byte_lose_nothing_that_was_told(lot, cuts):
    """Cut anywhere, also within the head: what was told is there, and the end is the same."""
    person, sealed = _remembered(lot)
    row = uploads.begin(LOT, uploads.Wish(len(sealed)), actor=person.actor)
    address = f"{BASE}/{row.id.hex}"
    for cut in [*cuts, 1000]:  # in thousandths of what is left
        place = person.offset(address)
        assert vault.size_of(row.id.hex) >= place
        if place < len(sealed):
            _breaks(row, person.actor, place, sealed, place + (len(sealed) - place) * cut // 1000)
    version = BidVersion.objects.get()
    assert vault.open_file(version.vault).read() == sealed
    told = person.ask(address).json()
    assert told["state"] == "received"
    again, new = lot.submit("bidder1", sealed)
    assert (told["received"]["receipt"], new) == (receipts.of(again)[0], False)


def _remembered(lot):
    """One uploader and one sealed bid for all examples of a test."""
    if not hasattr(lot, "remembered"):
        lot.remembered = Uploader(lot, "bidder1"), lot.seal("bidder1")[0]
    return lot.remembered


def _breaks(row, actor, place, sealed, stop):
    """A part to the end of the file whose line breaks at a byte."""
    at = [place]

    def read(size):
        chunk = sealed[at[0] : min(stop, at[0] + min(size, 7000))]
        at[0] += len(chunk)
        if not chunk and stop % 2:
            raise OSError("reset")
        return chunk

    row.refresh_from_db()
    upload_parts.receive(row, actor, place, read, len(sealed) - place)


def test_the_same_key_begins_one_upload(one, data):
    first = one.begin(len(data), **{"Idempotency-Key": "k"})
    again = one.begin(len(data), **{"Idempotency-Key": "k"})
    assert first["Location"] == again["Location"]
    other = one.begin(len(data) + 1, **{"Idempotency-Key": "k"})
    assert (other.status_code, codes(other)) == (409, ["procurement.upload.key_other"])
    assert ResumableUpload.objects.count() == 1


def test_the_same_file_again_gives_the_same_receipt_and_no_refusal_is_logged(one, data):
    first, again = one.whole(data).json(), one.whole(data, 50_000).json()
    assert again["received"] == first["received"]
    assert BidVersion.objects.count() == 1
    assert not RefusedAct.objects.exists()
    assert vault.exists(BidVersion.objects.get().vault)
    assert not vault.exists(again["upload"])


def test_a_name_is_kept_for_people(one, data):
    name = base64.b64encode("投标.zxb".encode()).decode()
    answer = one.begin(len(data), **{"Upload-Metadata": f"filetype eA==,filename {name}"})
    assert answer.json()["name"] == "投标.zxb"


# The protocol


def test_a_part_at_another_offset_is_refused_and_changes_nothing(one, data):
    address = one.begun(len(data))
    one.part(address, 0, data[:100])
    for wrong in (0, 99, 101):
        answer = one.part(address, wrong, data[wrong : wrong + 10])
        assert (answer.status_code, codes(answer)) == (409, ["procurement.upload.offset"])
    assert one.offset(address) == 100


def test_more_than_was_announced_is_refused(one, data):
    address = one.begun(len(data))
    answer = one.part(address, 0, data + b"x")
    assert codes(answer) == ["procurement.upload.beyond"]
    assert one.offset(address) == 0


def test_who_does_not_speak_the_protocol_is_told(one, data):
    address = one.begun(len(data))
    answer = one.part(address, 0, data[:10], **{"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    answer = one.client.patch(
        address, data, content_type="text/plain", headers={**one.head, "Upload-Offset": "0"}
    )
    assert answer.status_code == 415
    for length in ("", "-1", "0", "x", "1" * 17):
        assert one.begin(1, **{"Upload-Length": length}).status_code == 422
    told = one.client.options(BASE, headers=one.head)
    assert (told.status_code, told["Tus-Extension"]) == (204, "creation,termination")


def test_one_writer_at_a_time_and_the_other_is_told_to_wait(one, data):
    address = one.begun(len(data))
    ResumableUpload.objects.update(
        holder="somebody", held_until_at=clock.technical_now() + timedelta(seconds=9)
    )
    answer = one.part(address, 0, data[:10])
    assert (answer.status_code, codes(answer)) == (423, ["procurement.upload.busy"])
    assert answer["Retry-After"]
    # Who stands still longer than its time has lost it.
    ResumableUpload.objects.update(held_until_at=clock.technical_now() - timedelta(seconds=1))
    assert one.part(address, 0, data[:10]).status_code == 200


def test_who_lost_its_hold_writes_not_one_byte_more(lot, one, data, monkeypatch):
    monkeypatch.setattr(upload_parts, "STEP_SECONDS", -1.0)
    address = one.begun(len(data))
    row = ResumableUpload.objects.get()
    taken = []

    def read(size):
        if not taken:  # while this one waits for its line, another takes over
            taken.append(1)
            ResumableUpload.objects.update(held_until_at=None, holder="")
            assert one.part(address, 0, data[:200]).status_code == 200
        return b"?" * size

    with pytest.raises(upload_parts.Busy):
        upload_parts.receive(row, one.actor, 0, read, 5000)
    assert one.offset(address) == 200
    with vault.open_file(name_of(address)) as file:
        assert file.read() == data[:200]


def test_what_a_dead_server_wrote_and_never_told_is_cut_off(one, data):
    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    with vault.Part(name_of(address)) as part:
        part.write(b"?" * 9000, 5000)
    assert one.offset(address) == 5000
    assert one.part(address, 5000, data[5000:]).json()["state"] == "received"
    assert vault.open_file(name_of(address)).read() == data


def test_never_more_is_told_than_is_on_the_disk(one, data):
    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    with vault.Part(name_of(address)) as part:
        part.cut(3000)
    assert one.offset(address) == 3000
    assert one.part(address, 5000, data[5000:]).status_code == 409
    assert one.part(address, 3000, data[3000:]).json()["state"] == "received"


def test_nothing_is_told_before_it_is_flushed(one, data, monkeypatch):
    def breaks(_part):
        raise OSError("no disk")

    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    monkeypatch.setattr(vault.Part, "sync", breaks)
    one.client.raise_request_exception = False
    assert one.part(address, 5000, data[5000:6000]).status_code == 500
    assert one.offset(address) == 5000
    assert ResumableUpload.objects.get().holder == ""


# Whose it is


def test_an_upload_is_its_bidders_own(lot, one, data):
    address = one.begun(len(data))
    one.part(address, 0, data[:100])
    for name in ("bidder2", "owner", "agency", "operator", "supervisor", "trustee1"):
        other = Uploader(lot, name)
        for answer in (
            other.ask(address),
            other.client.head(address, headers=other.head),
            other.part(address, 100, data[100:]),
            other.give_up(address),
        ):
            assert answer.status_code in (403, 404)
    assert Client().get(address).status_code == 401
    # A colleague goes on with it.
    colleague = Uploader(lot, "bidder1b")
    assert colleague.part(address, 100, data[100:]).json()["state"] == "received"


def test_an_upload_of_another_lot_is_not_there(one, data):
    address = one.begun(len(data))
    elsewhere = address.replace(LOT, "2301022509010101-02")
    assert one.ask(elsewhere).status_code == 404
    assert one.begin(5, lot="2301022509010101-02").status_code == 404
    assert one.ask(f"{BASE}/nonsense").status_code == 404


def test_nobody_but_a_contractor_uploads(lot):
    assert Uploader(lot, "owner").begin(100).status_code == 403


# Shares of the disk


def test_a_bidder_has_its_share_of_uploads_and_bytes(lot, one, settings):
    for _ in range(3):
        one.begun(1000)
    answer = one.begin(1000)
    assert (answer.status_code, codes(answer)) == (409, ["procurement.upload.too_many"])
    one.give_up(f"{BASE}/{ResumableUpload.objects.first().id.hex}")
    settings.UPLOADS = {**settings.UPLOADS, "most_bytes": 2500}
    assert codes(one.begin(1000)) == ["procurement.upload.too_much"]
    assert Uploader(lot, "bidder2").begin(1000).status_code == 201


def test_a_disk_that_is_nearly_full_begins_nothing(one, monkeypatch, settings):
    keep = settings.UPLOADS["keep_free_bytes"]
    monkeypatch.setattr(vault, "free", lambda: keep + 1500)
    assert one.begin(1000).status_code == 201
    answer = one.begin(1000)
    assert (answer.status_code, codes(answer)) == (507, ["procurement.upload.no_space"])


def test_a_disk_that_fills_up_keeps_what_was_told(one, data, monkeypatch):
    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    real = vault.Part.write

    def full(part, chunk, place):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vault.Part, "write", full)
    assert one.part(address, 5000, data[5000:]).status_code == 507
    assert one.offset(address) == 5000
    monkeypatch.setattr(vault.Part, "write", real)
    assert one.part(address, 5000, data[5000:]).json()["state"] == "received"
