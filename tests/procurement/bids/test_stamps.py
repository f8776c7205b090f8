"""Receipts completed by the worker: with a token in time, late or none; what later lists say."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import timedelta

import pytest
from django.test import Client

from kernel import clock
from kernel.documents import demo_stamps
from kernel.evidence import cadence, selectors, stamping
from kernel.evidence.models import LogEntry
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.refusals import read_refusal
from kernel.sealing.certificates import pem
from procurement.bids import (
    answers,
    believed,
    closing,
    decrypting,
    later_lists,
    receipts,
    stamps,
)
from procurement.bids.models import Bid, BidStamp, BidVersion, ListToken
from tests.kernel.evidence.outside import NAME, SECOND, configured, outside
from tests.procurement.bids.support import LOT, TRUSTEES
from tests.procurement.bids.test_secrecy import token as bearer

__all__ = ["configured", "outside"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    return world


def due(version):
    """The worker's next turn is now."""
    BidVersion.objects.filter(pk=version.pk).exclude(follow_up_at=None).update(
        follow_up_at=clock.technical_now()
    )
    return stamps.follow_up()


def test_the_policy_names_whose_tokens_count(lot):
    assert lot.in_force.timestamp_authorities == (demo_tsa.NAME,)


def test_a_receipt_is_completed_with_a_token_over_the_manifest(lot, tmp_path):
    version, manifest, _data = lot.bid("bidder1")
    first = receipts.of(version)
    assert stamps.newest(version) == first
    assert stamps.follow_up() == 1
    text, p7s = stamps.newest(version)
    whole, before = read_receipt(text.encode()), read_receipt(first[0].encode())
    assert whole.provisional == ()
    assert vars(whole) | {"timestamp": b"", "provisional": ("timestamp",)} == vars(before)
    believed.trust(clock.now()).verify(
        p7s, text.encode(), lot.in_force.operator.uscc, whole.received_at
    )
    token = timestamps.read(whole.timestamp)
    assert token.info.digest == bytes.fromhex(manifest.sha256)
    timestamps.check_time(token, whole.received_at)
    assert receipts.of(version) == first  # both stay
    (tmp_path / "t").write_bytes(whole.timestamp)
    (tmp_path / "m").write_text(version.manifest, "utf-8")
    (tmp_path / "roots").write_bytes(pem(demo_stamps.own().anchors.certificates))
    done = subprocess.run(
        [
            "openssl", "ts", "-verify", "-data", "m", "-in", "t", "-token_in", "-CAfile", "roots",
            # It would judge the certificates by its own clock; the sandbox's stands elsewhere.
            "-attime", str(int(token.info.gen_time.timestamp()) + 1),
        ],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_completed_receipt_is_asked_for_once_and_stays(lot):
    version, _manifest, data = lot.bid("bidder1")
    assert stamps.follow_up() == 1
    found = stamps.newest(version)
    assert stamps.follow_up() == 0
    again, new = lot.submit("bidder1", data)
    assert not new
    assert (answers.newest(again)["receipt"], answers.newest(again)["stamp"]["state"]) == (
        found[0], "completed",
    )  # fmt: skip


def test_the_bidder_asks_for_its_newest_receipt_and_nobody_elses(lot):
    _version, manifest, _data = lot.bid("bidder1")
    address = f"/api/v1/lots/{LOT}/bids/receipt?manifest={manifest.sha256}"
    mine, others = (bearer(lot.people[name]) for name in ("bidder1", "bidder2"))
    told = Client().get(address, headers=mine).json()
    assert told["stamp"] == {"state": "waiting", "authority": "", "time": "", "failures": []}
    stamps.follow_up()
    told = Client().get(address, headers=mine).json()
    assert told["stamp"]["state"] == "completed"
    assert told["stamp"]["authority"] == demo_tsa.NAME
    assert read_receipt(told["receipt"].encode()).provisional == ()
    assert base64.b64decode(told["p7s"])
    assert Client().get(address, headers=others).status_code == 404
    assert Client().get(address).status_code == 401


def test_stamping_shows_no_count_in_the_log(lot, client):
    before = selectors.log_size()
    version, _manifest, _data = lot.bid("bidder1")
    stamps.follow_up()
    row = BidStamp.objects.get()
    entry = LogEntry.objects.get(pk=row.log_index)
    assert (entry.kind, entry.public) == (stamps.STAMP, False)
    assert hashlib.sha256(bytes(row.token)).hexdigest() in entry.body
    sizes = set()
    for number in range(12):
        BidStamp.objects.all().delete()
        BidVersion.objects.update(follow_up_at=clock.technical_now())
        begin = selectors.log_size()
        assert stamps.follow_up() == 1, number
        sizes.add(selectors.log_size() - begin)
    assert len(sizes) > 1  # covers around it, of random number
    assert version.bid.bidder_uscc not in client.get(f"/log/{row.log_index}/").content.decode()
    assert selectors.log_size() > before


def test_where_nobody_stamps_the_receipt_stays_provisional_and_says_who_failed(world, configured):
    configured("fails", "hangs")
    world.policy()
    version, _manifest, _data = world.bid("bidder1")
    assert stamps.follow_up() == 0
    told = answers.newest(version)
    assert told["stamp"]["state"] == "waiting"
    assert [(row["authority"], row["code"]) for row in told["stamp"]["failures"]] == [
        (NAME, "evidence.timestamp.answer"), (SECOND, "evidence.timestamp.unreachable"),
    ]  # fmt: skip
    assert read_receipt(told["receipt"].encode()).provisional == ("timestamp",)
    pauses = []
    for _ in range(3):
        due(version)
        left = BidVersion.objects.get().follow_up_at - clock.technical_now()
        pauses.append(round(left.total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 10


def test_a_token_of_an_authority_that_the_policy_does_not_name_does_not_count(world, configured):
    world.policy()  # names the sandbox's own
    version, _manifest, _data = world.bid("bidder1")
    configured("good")
    assert stamps.follow_up() == 0
    assert not BidStamp.objects.get().token
    assert stamps.newest(version) == receipts.of(version)


def test_a_late_token_is_attached_and_the_receipt_stays_provisional(lot):
    version, _manifest, _data = lot.bid("bidder1")
    lot.at(clock.now() + timedelta(minutes=5))
    assert stamps.follow_up() == 1
    receipt = read_receipt(stamps.newest(version)[0].encode())
    assert receipt.provisional == ("timestamp",)
    apart = timestamps.read(receipt.timestamp).gen_time - receipt.received_at
    assert timedelta(minutes=4) < apart < timedelta(minutes=6)
    assert answers.newest(version)["stamp"]["state"] == "late"
    assert BidStamp.objects.get().reason == "sealing.timestamp.time"
    assert BidVersion.objects.get().follow_up_at is None


def test_an_authority_that_lies_about_the_time_is_not_believed_while_there_is_time(
    world, configured
):
    configured("lies")
    world.policy()
    version, _manifest, _data = world.bid("bidder1")
    assert stamps.follow_up() == 0
    assert not BidStamp.objects.get().token
    assert BidVersion.objects.get().follow_up_at is not None
    assert stamps.newest(version) == receipts.of(version)


def test_a_worker_that_died_leaves_a_turn_that_comes_again(lot, monkeypatch):
    version, _manifest, _data = lot.bid("bidder1")
    monkeypatch.setattr(stamping, "obtain_many", lambda _wanted: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        stamps.follow_up()
    monkeypatch.undo()
    assert stamps.follow_up() == 0  # it may still be alive
    assert due(version) == 1


def test_heads_come_every_minute_around_the_deadline_of_a_lot(lot):
    deadline = lot.in_force.deadline
    assert not cadence.is_busy(deadline - timedelta(hours=2))
    assert cadence.is_busy(deadline - timedelta(minutes=59))
    assert cadence.is_busy(deadline + timedelta(minutes=59))
    assert not cadence.is_busy(deadline + timedelta(hours=2))


# Closing lists ----------------------------------------------------------------------------------


def close(lot):
    lot.at(lot.in_force.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    return closing.close(LOT)


def test_a_closing_list_is_stamped_after_its_deadline(lot):
    for name in ("bidder1", "bidder2", "bidder3"):
        lot.bid(name)
    case = close(lot)
    row = ListToken.objects.get()
    token = timestamps.read(bytes(row.token))
    assert token.info.digest == bytes.fromhex(case.list_sha256)
    assert token.gen_time > lot.in_force.deadline
    told = answers.closed(LOT, lot.people["trustee1"])["timestamp"]
    assert told["authority"] == demo_tsa.NAME
    assert base64.b64decode(told["token"]) == bytes(row.token)


def test_a_list_that_nobody_stamped_waits_for_the_worker(lot, monkeypatch):
    lot.bid("bidder1")
    monkeypatch.setattr(stamps.stamping, "obtain", lambda *_a, **_k: stamping.Outcome(None))
    close(lot)
    assert answers.closed(LOT, lot.people["trustee1"])["timestamp"] is None


# What a later list says -------------------------------------------------------------------------


def received(lot, name="bidder1", **more):
    version, manifest, data = lot.bid(name, **more)
    assert version.provisional == ["crl"]
    return version, manifest, data


def test_the_first_list_makes_a_receipt_whole(lot, no_lists):
    version, _manifest, _data = received(lot)
    assert stamps.follow_up() == 0  # nor can a token be judged without one
    no_lists()
    assert due(version) == 1
    receipt = read_receipt(stamps.newest(version)[0].encode())
    assert receipt.provisional == ()
    assert BidStamp.objects.get().certificate == "good"
    assert BidVersion.objects.get().follow_up_at is None


def test_a_certificate_revoked_before_receipt_lets_the_bid_fall(lot, no_lists):
    version, manifest, _data = received(lot)
    no_lists(("bidder1", clock.now() - timedelta(hours=1)))
    due(version)
    bid = Bid.objects.get()
    assert (bid.state, bid.failure) == ("annulled", "sealing.certificate.revoked")
    told = answers.newest(version)
    assert told["stamp"]["state"] == "fallen"
    refusal = read_refusal(told["refusal"].encode())
    assert refusal.manifest_sha256 == manifest.sha256
    assert [reason.code for reason in refusal.reasons] == ["sealing.certificate.revoked"]
    believed.trust(clock.now()).verify(
        base64.b64decode(told["refusal_p7s"]), told["refusal"].encode(),
        lot.in_force.operator.uscc, clock.now(),
    )  # fmt: skip
    entry = LogEntry.objects.get(pk=BidStamp.objects.get().certificate_index)
    assert (entry.kind, entry.public) == (later_lists.FALLEN, False)
    assert refusal.log.index == entry.index
    assert "crl" in read_receipt(told["receipt"].encode()).provisional
    # Until the deadline the bidder may hand in anew, with another certificate.
    del lot.signers["bidder1"]
    again, _m, _d = lot.bid("bidder1", before=manifest)
    assert (again.number, again.provisional, Bid.objects.get().state) == (2, [], "received")


def test_an_earlier_version_stands_again_where_the_newest_falls(lot, no_lists):
    first, manifest, _data = received(lot)
    good = lot.signers.pop("bidder1")
    second, _m, _d = received(lot, before=manifest, price=1_00)
    no_lists(("bidder1", clock.now() - timedelta(hours=1)))
    lot.signers["bidder1"] = good
    due(first)
    due(second)
    bid = Bid.objects.get()
    assert (bid.state, bid.bid_version, bid.manifest_sha256) == ("received", 1, manifest.sha256)
    assert BidStamp.objects.get(version=first).certificate == "good"
    assert BidStamp.objects.get(version=second).certificate == "revoked"


def test_a_revocation_after_receipt_harms_nothing(lot, no_lists):
    version, _manifest, _data = received(lot)
    at = clock.now() + timedelta(hours=1)
    lot.at(clock.now() + timedelta(hours=2))
    no_lists(("bidder1", at))
    due(version)
    assert BidStamp.objects.get().certificate == "good"
    assert Bid.objects.get().state == "received"


def test_a_bid_that_falls_on_the_closing_list_fails_to_open(lot, no_lists):
    fallen, _manifest, _data = received(lot)
    others = [received(lot, name)[0] for name in ("bidder2", "bidder3")]
    at = clock.now() - timedelta(hours=1)
    case = close(lot)
    no_lists(("bidder1", at))
    for version in (fallen, *others):
        due(version)
    assert {bid.state for bid in Bid.objects.all()} == {"awaiting_decryption"}
    lot.countersign(*TRUSTEES[:2])
    lot.reveal("owner", *TRUSTEES)
    lot.mark(*TRUSTEES[:2])
    lot.release(*TRUSTEES[:2])
    decrypting.open_lot(case.pk, clock.now())
    states = {bid.bidder_uscc: (bid.state, bid.failure) for bid in Bid.objects.all()}
    uscc = lot.people["bidder1"].uscc
    assert states.pop(uscc) == ("deemed_revoked", "sealing.certificate.revoked")
    assert {state for state, _failure in states.values()} == {"opened"}


def test_an_authority_that_failed_is_told_in_words_before_its_code():
    from procurement.bids.page_parts import failure

    assert not failure("evidence.timestamp.resting").startswith("evidence.")
    assert failure("no.such.code") == "没有给出可用的时间戳"
