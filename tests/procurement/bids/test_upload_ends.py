"""How uploads in parts end: judged by their head, given up, late, or received."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from kernel import clock
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.refusals import read_refusal
from kernel.workflow.models import RefusedAct
from procurement.bids import closing, receipts, receiving, upload_parts, uploads, vault
from procurement.bids.models import Bid, BidVersion, PendingUpload, ResumableUpload
from tests.procurement.bids.support import LOT
from tests.procurement.bids.uploading import BASE, Uploader, codes, name_of

pytestmark = pytest.mark.django_db


# Judged early


def test_a_bad_head_is_refused_before_the_rest_has_come(lot, one):
    cases = {
        "sealing.signature.other": lot.seal("bidder1", signer="bidder2")[0],
        "sealing.bid.bidder": lot.seal("bidder2")[0],
        "sealing.container.layout": b"%PDF-1.7" + bytes(100_000),
    }
    for code, wrong in cases.items():
        address = one.begun(len(wrong))
        answer = one.part(address, 0, wrong[: len(wrong) // 2])
        assert answer.status_code == 422
        assert code in codes(answer)
        assert all(reason["article"] for reason in answer.json()["refusals"])
        signed = read_refusal(answer.json()["refusal"].encode())
        assert signed.size <= len(wrong) // 2
        assert signed.log is not None
        assert [r.code for r in signed.reasons] == codes(answer)
        assert not vault.exists(name_of(address))
        # It stays told.
        told = one.ask(address).json()
        assert (told["state"], told["refused"]["refusal"]) == (
            "refused", answer.json()["refusal"],
        )  # fmt: skip
        assert one.part(address, 0, wrong).json()["refusal"] == answer.json()["refusal"]
    assert RefusedAct.objects.count() == len(cases)
    assert not Bid.objects.exists()


def test_a_head_for_another_lot_policy_length_or_version_is_refused(lot, one, data):
    from dataclasses import replace

    other = lot.seal("bidder1", policy=replace(lot.in_force, lot="ANOTHER-01"))[0]
    answer = one.part(one.begun(len(other)), 0, other[:-10])
    assert {"sealing.manifest.lot", "sealing.manifest.policy"} <= set(codes(answer))
    answer = one.part(one.begun(len(data) + 5), 0, data[:-10])
    assert codes(answer) == ["sealing.container.length"]
    one.whole(data)
    second_first = lot.seal("bidder1", price=5)[0]
    answer = one.part(one.begun(len(second_first)), 0, second_first[:-10])
    assert codes(answer) == ["sealing.manifest.version"]


def test_who_is_barred_learns_it_from_the_head(lot, one, data, monkeypatch):
    from kernel.errors import Refusal
    from procurement.bids import needs

    reasons = [Refusal("credit.enterprise.barred"), Refusal("credit.enterprise.no_licence")]
    monkeypatch.setattr(needs, "_barred", lambda uscc, number, at: reasons)
    answer = one.part(one.begun(len(data)), 0, data[:-10])
    assert codes(answer) == ["credit.enterprise.barred", "credit.enterprise.no_licence"]


def test_a_whole_bid_that_is_broken_is_refused_as_by_put(lot, one, data):
    broken = bytearray(data)
    broken[len(data) // 2] ^= 1
    answer = one.whole(bytes(broken), 20_000)
    assert answer.status_code == 422
    signed = read_refusal(answer.json()["refusal"].encode())
    assert signed.file_sha256 == hashlib.sha256(bytes(broken)).hexdigest()
    assert signed.size == len(data)
    assert not Bid.objects.exists()
    assert not vault.exists(ResumableUpload.objects.get().id.hex)


def test_a_file_beyond_the_policys_limit_is_not_begun(one):
    answer = one.begin(4 * 1024 * 1024 + 1)
    assert (answer.status_code, codes(answer)) == (413, ["procurement.bid.too_large"])


# Ends


def test_a_given_up_upload_is_gone_with_its_file(one, data):
    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    assert one.give_up(address).status_code == 204
    assert not vault.exists(name_of(address))
    answer = one.part(address, 5000, data[5000:])
    assert (answer.status_code, codes(answer)) == (410, ["procurement.upload.given_up"])
    assert one.client.head(address, headers=one.head).status_code == 410
    assert one.ask(address).json()["state"] == "void"
    done = one.whole(data).json()
    assert one.give_up(f"{BASE}/{done['upload']}").status_code == 409


def test_an_idle_upload_expires_by_real_time(one, data, settings):
    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    assert uploads.sweep() == 0
    long_ago = clock.technical_now() - timedelta(hours=settings.UPLOADS["idle_hours"], seconds=1)
    ResumableUpload.objects.update(touched_really_at=long_ago)
    assert uploads.sweep() == 1
    assert not vault.exists(name_of(address))
    answer = one.part(address, 5000, data[5000:])
    assert (answer.status_code, codes(answer)) == (410, ["procurement.upload.expired"])


def test_an_upload_not_whole_at_the_closing_is_void_and_the_earlier_version_stands(
    lot, one, data, monkeypatch
):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    one.whole(data)
    for name in ("bidder2", "bidder3"):
        lot.bid(name)
    version = BidVersion.objects.get(bid__bidder_uscc=one.actor.uscc)
    from kernel.sealing.bids.manifest import read_manifest

    later = lot.seal("bidder1", before=read_manifest(version.manifest.encode()), price=7)[0]
    address = one.begun(len(later))
    assert one.part(address, 0, later[:-1]).status_code == 200
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    closing.close(LOT)
    answer = one.part(address, len(later) - 1, later[-1:])
    assert (answer.status_code, codes(answer)) == (410, ["procurement.upload.unfinished"])
    assert not vault.exists(name_of(address))
    assert Bid.objects.get(bidder_uscc=one.actor.uscc).bid_version == 1
    assert vault.exists(version.vault)
    assert one.begin(1000).status_code == 422


@pytest.mark.parametrize(("after", "accepted"), [(-1, True), (0, True), (1, False)])
def test_the_last_byte_of_the_last_part_decides(lot, one, data, monkeypatch, after, accepted):
    address = one.begun(len(data))
    one.part(address, 0, data[:-10])
    moment, real = lot.lot.deadline + timedelta(milliseconds=after), clock.now
    row, told = ResumableUpload.objects.get(), [False]

    def now():
        return moment if told[0] else real()

    def read(size):
        told[0] = True
        return data[-10:]

    monkeypatch.setattr(clock, "now", now)
    if accepted:
        done = upload_parts.receive(row, one.actor, len(data) - 10, read, 10)
        assert (done.status, done.version.received_at) == ("received", moment)
        return
    with pytest.raises(receipts.BidRefused) as refused:
        upload_parts.receive(row, one.actor, len(data) - 10, read, 10)
    assert "sealing.bid.deadline" in [r.code for r in refused.value.refusals]
    signed = read_refusal(refused.value.text.encode())
    assert (signed.received_at, signed.size) == (moment, len(data))
    assert not Bid.objects.exists()
    assert not vault.exists(name_of(address))


def test_a_part_that_begins_after_the_deadline_is_refused_at_once(lot, one, data):
    address = one.begun(len(data))
    one.part(address, 0, data[:5000])
    lot.at(lot.lot.deadline + timedelta(milliseconds=1))
    answer = one.part(address, 5000, data[5000:5001])
    assert (answer.status_code, codes(answer)) == (422, ["sealing.bid.deadline"])
    assert read_refusal(answer.json()["refusal"].encode()).size == 5000


def test_what_was_whole_when_its_server_died_is_finished_by_whoever_comes(
    lot, one, data, monkeypatch
):
    def dies(_row, _actor):
        raise SystemError("killed")

    real = receiving.settle
    one.client.raise_request_exception = False
    addresses = []
    for finisher in ("part", "sweep", "closing"):
        name = {"part": "bidder1", "sweep": "bidder2", "closing": "bidder3"}[finisher]
        person, sealed = Uploader(lot, name), lot.seal(name)[0]
        person.client.raise_request_exception = False
        address = person.begun(len(sealed))
        monkeypatch.setattr(receiving, "settle", dies)
        assert person.part(address, 0, sealed).status_code == 500
        monkeypatch.setattr(receiving, "settle", real)
        assert person.offset(address) == len(sealed)
        assert person.ask(address).json()["state"] == "whole"
        addresses.append((person, address, len(sealed)))
    person, address, length = addresses[0]
    assert person.part(address, length, b"").json()["received"]
    ResumableUpload.objects.filter(bidder_uscc=addresses[1][0].actor.uscc).update(
        touched_really_at=clock.technical_now() - timedelta(minutes=1)
    )
    assert uploads.sweep() == 1
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    closing.close(LOT)
    for person, address, _length in addresses:
        told = person.ask(address).json()
        assert told["state"] == "received", told
        assert read_receipt(told["received"]["receipt"].encode()).bidder == person.actor.uscc
    assert Bid.objects.filter(state="awaiting_decryption").count() == 3
    assert PendingUpload.objects.filter(status="settled").count() == 3


def test_what_was_received_when_its_server_died_is_told_when_asked_again(one, data):
    one.whole(data)
    before = ResumableUpload.objects.get()
    ResumableUpload.objects.update(status="whole", version=None)
    told = one.part(f"{BASE}/{before.id.hex}", len(data), b"").json()
    assert (told["state"], told["received"]["receipt"]) == ("received", before.version.receipt)


def test_whoever_settles_what_was_just_received_does_not_delete_it(lot, data):
    """The closing finishes what its own thread has meanwhile finished: the bid must stay."""
    import io

    row = receiving.begin(LOT, lot.people["bidder1"])
    receiving.stream(row, io.BytesIO(data).read, len(data))
    seen_by_closing = PendingUpload.objects.get()
    version = receiving.resume(PendingUpload.objects.get())
    assert receiving.resume(seen_by_closing) == version
    assert PendingUpload.objects.get().status == "settled"
    assert vault.open_file(version.vault).read() == data
