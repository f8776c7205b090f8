"""The tool and time-stamps: waited for, judged by the reader's roots, required of a list."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing import demo_tsa
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import receipts
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import BIDDERS, NOW
from tests.procurement.bidder.conftest import TRUSTEES


@pytest.fixture
def tsa(shared_stage):
    return demo_tsa.issue(shared_stage.authority, NOW)


@pytest.fixture
def desk(world):
    """A bidder's desk in a lot whose policy names the sandbox's authority."""
    make = world.lot.make_draft
    world.lot.make_draft = lambda **changes: make(
        **{"timestamp_authorities": (demo_tsa.NAME,), **changes}
    )
    world.policy()
    made = world.desks[BIDDERS[0]]
    made.does(*made.sealing("bid.zxb"))
    return made


def waiting(desk, seconds="5"):
    return [*desk.submitting("bid.zxb")[:-1], seconds]


def kept(desk, kind):
    told = json.loads((desk.folder / f"bid.zxb.{kind}.json").read_bytes())
    return receipts.read_receipt(told["receipt"].encode())


def test_the_tool_waits_for_the_completed_receipt_and_keeps_both(desk, world, tsa):
    later = threading.Timer(0.6, lambda: setattr(world.lot, "tsa", tsa))
    later.start()
    told = desk.does(*waiting(desk))
    later.join()
    assert told["provisional"] == []
    assert told["timestamp"] == {
        "vouched": True, "authority": demo_tsa.NAME, "demonstration": True,
        "time": "2026-03-02T01:30:00.250000Z",
    }  # fmt: skip
    assert kept(desk, "receipt").provisional == ("timestamp",)
    assert kept(desk, "completed").provisional == ()
    status, told = desk.run(*desk.verifying("bid.zxb"))
    assert (status, told["timestamp"]["authority"]) == (0, demo_tsa.NAME)
    first = ["--receipt", desk.path("bid.zxb.receipt.json")]
    assert desk.run(*desk.verifying("bid.zxb", *first))[0] == 3


def test_where_none_comes_the_tool_says_that_the_receipt_is_provisional(desk):
    told = desk.does(*waiting(desk, "0.6"))
    assert told["provisional"] == ["timestamp"]
    assert told["timestamp"] is None
    assert not (desk.folder / "bid.zxb.completed.json").exists()


def test_the_same_file_again_brings_the_completed_receipt(desk, world, tsa):
    desk.does(*waiting(desk, "0"))
    world.lot.tsa = tsa
    told = desk.does(*waiting(desk))
    assert told["again"]
    assert told["provisional"] == []
    assert kept(desk, "receipt").timestamp == b""


def forged(world, tsa, **changes):
    """A completed receipt whose token is what the test makes of it."""
    newest = world.lot.newest

    def lie(name):
        whole = receipts.read_receipt(newest(name)["receipt"].encode())
        return world.lot.spoken("receipt", replace(whole, **changes).encode())

    world.lot.tsa, world.lot.newest = tsa, lie


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("other", "sealing.timestamp.imprint"),
        ("late", "sealing.timestamp.time"),
        ("stranger", "sealing.certificate.untrusted"),
        ("none", "bidder.receipt.no_timestamp"),
        ("rubbish", "sealing.timestamp.malformed"),
        ("bidder", "sealing.certificate.wrong_profile"),
    ],
)
def test_a_token_that_proves_nothing_is_refused(desk, world, tsa, what, code):
    desk.does(*waiting(desk, "0"))
    (name,) = world.lot.files
    digest, lot = bytes.fromhex(name), world.lot
    lot.tsa = tsa
    tokens = {"other": lot.stamp(bytes(32), NOW), "none": b"", "rubbish": bytes(99)}
    tokens["late"] = lot.stamp(digest, NOW + timedelta(seconds=62))
    lot.tsa = demo_tsa.issue(DemoAuthority.create(NOW), NOW)
    tokens["stranger"] = lot.stamp(digest, NOW)
    lot.tsa = world.stage.signers[BIDDERS[0]]
    tokens["bidder"] = lot.stamp(digest, NOW)
    forged(world, tsa, timestamp=tokens[what])
    assert desk.codes(*waiting(desk)) == [code]


def test_a_token_of_an_authority_that_the_policy_does_not_name_is_refused(world, tsa):
    world.policy()  # names none
    desk = world.desks[BIDDERS[0]]
    desk.does(*desk.sealing("bid.zxb"))
    world.lot.tsa = tsa
    assert desk.codes(*waiting(desk)) == ["sealing.timestamp.authority"]


def test_a_list_is_signed_only_with_a_token_later_than_the_deadline(desk, world, tsa):
    desk.does(*waiting(desk, "0"))
    lot = world.lot
    lot.close()
    lot.tsa = tsa
    trustee = world.desks[TRUSTEES[1]]
    assert trustee.codes(*trustee.trustee("check")) == ["bidder.list.no_timestamp"]
    digest, deadline = bytes.fromhex(lot.listed.sha256), lot.in_force[-1][0].deadline
    lot.list_token = lot.stamp(digest, deadline)
    assert trustee.codes(*trustee.trustee("check")) == ["bidder.list.timestamp"]
    lot.list_token = lot.stamp(bytes(32), lot.now)
    assert trustee.codes(*trustee.trustee("check")) == ["sealing.timestamp.imprint"]
    lot.list_token = lot.stamp(digest, lot.now)
    told = trustee.does(*trustee.trustee("check"))
    assert next(iter(told.values()))["check"]["timestamp"]["authority"] == demo_tsa.NAME


def test_roots_of_time_stamp_authorities_may_be_others_than_those_of_signers(desk, world):
    other = DemoAuthority.create(NOW)
    outside = demo_tsa.issue(other, NOW)
    surroundings = world.lot.surroundings

    def with_lists():
        from kernel.sealing.bids.fields import b64

        told = surroundings()
        return {**told, "crls": [*told["crls"], *(b64(crl) for crl in other.crls(NOW))]}

    world.lot.surroundings = with_lists
    world.lot.tsa = outside
    assert desk.codes(*waiting(desk)) == ["sealing.certificate.untrusted"]
    desk.write("tsa.pem", pem([other.root.certificate]))
    told = desk.does(*waiting(desk), "--tsa-anchors", desk.path("tsa.pem"))
    assert told["timestamp"]["vouched"]
