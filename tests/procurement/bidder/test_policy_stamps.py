"""The tool and a policy's time-stamp: who is revoked later stops nobody; a false one refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.sealing import demo_tsa
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids.fields import b64
from kernel.sealing.certificates import pem
from procurement.bidder.http import ServerRefused
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY, NOW, Stage
from tests.procurement.bidder.conftest import World
from tests.procurement.bidder.lot_server import Serving

SIGNED_AFTER = timedelta(minutes=1)


@pytest.fixture
def own(tmp_path, capsys):
    """A lot whose policy names an outside clock, under an authority of its own."""
    made = World(tmp_path, Stage(), capsys)
    make = made.lot.make_draft
    made.lot.make_draft = lambda **changes: make(
        # Nothing is drawn: this server waits for every nonce.
        **{"timestamp_authorities": (demo_tsa.NAME,), "draws": (), **changes}
    )
    made.lot.tsa = demo_tsa.issue(made.stage.authority, NOW)
    with Serving(made.lot) as url:
        made.url = url
        yield made


def revoke(own, who, at, reason="unspecified"):
    own.stage.authority.revoke(own.stage.signers[who].certificate.serial_number, at, reason)


def desk_of(own, bidder=BIDDERS[0]):
    return own.desks[bidder]


def test_a_policy_is_told_with_its_time(own):
    own.policy()
    desk = desk_of(own)
    assert desk.does(*desk.sealing("bid.zxb"))["policy_timestamp"] is None
    own.lot.stamp_policy()
    own.lot.now += timedelta(minutes=30)
    told = desk.does(*desk.sealing("again.zxb"))
    assert told["policy_timestamp"] == {
        "authority": demo_tsa.NAME, "demonstration": True, "time": "2026-03-02T01:30:00.250000Z",
    }  # fmt: skip


@pytest.mark.parametrize("reason", ["cessation_of_operation", "key_compromise"])
def test_a_trustee_who_is_revoked_afterwards_stops_neither_sealing_nor_opening(own, reason):
    own.policy()
    desk, lot = desk_of(own), own.lot
    lot.now += SIGNED_AFTER
    lot.stamp_policy()
    revoke(own, CHAMBER, lot.now + timedelta(minutes=1), reason)
    stamped = lot.proofs.copy()
    lot.now += timedelta(minutes=10)
    lot.proofs.clear()
    assert desk.codes(*desk.sealing("bid.zxb")) == [
        "sealing.certificate.revoked", "sealing.policy_proof.missing",
    ]  # fmt: skip
    lot.proofs.update(stamped)
    desk.does(*desk.sealing("bid.zxb"))
    desk.does(*desk.submitting("bid.zxb"))
    lot.close()
    lot.list_token = lot.stamp(bytes.fromhex(lot.listed.sha256), lot.now)
    others = (ENTITY, NOTARY)
    own.each("check", who=others)
    own.each("mark", who=others)
    own.each("release", who=others)
    record = lot.open()
    assert [bid.bidder for bid in record.bids] == [BIDDERS[0]]
    assert record.bids[0].sheet.price_fen == 100_000_00


def test_a_trustee_who_was_revoked_before_it_signed_is_refused_stamp_or_none(own):
    own.policy()
    desk, lot = desk_of(own), own.lot
    lot.now += SIGNED_AFTER
    revoke(own, NOTARY, lot.now - timedelta(seconds=2))
    lot.stamp_policy()
    lot.now += timedelta(minutes=10)
    assert desk.codes(*desk.sealing("bid.zxb")) == ["sealing.certificate.revoked"]


def test_without_roots_for_it_a_stamp_counts_for_nothing(own):
    """As of now then, as where there is none: the answer brings no roots that count."""
    own.policy()
    desk, lot = desk_of(own), own.lot
    lot.tsa = demo_tsa.issue(other := DemoAuthority.create(NOW), NOW)
    lot.stamp_policy()
    surroundings = lot.surroundings
    lot.surroundings = lambda: {
        **(told := surroundings()),
        "crls": [*told["crls"], *(b64(crl) for crl in other.crls(NOW))],
        "anchors": pem([other.root.certificate]).decode(),
        "chain": told["chain"] + pem([other.issuing.certificate, other.root.certificate]).decode(),
    }
    assert desk.codes(*desk.sealing("bid.zxb")) == ["sealing.certificate.untrusted"]
    desk.write("tsa.pem", pem([other.root.certificate]))
    told = desk.does(*desk.sealing("bid.zxb"), "--tsa-anchors", desk.path("tsa.pem"))
    assert told["policy_timestamp"]["authority"] == demo_tsa.NAME


def test_an_extended_policy_needs_a_stamp_of_its_own(own):
    own.policy()
    desk, lot = desk_of(own), own.lot
    lot.stamp_policy()
    first = lot.proofs.copy()
    lot.make_draft(deadline=lot.in_force[-1][0].deadline + timedelta(days=1))
    for code in (ENTITY, NOTARY, CHAMBER):
        own.desks[code].does(*own.desks[code].trustee("sign-policy"))
    newest = lot.in_force[-1][0].sha256
    lot.proofs = {**first, newest: next(iter(first.values()))}
    assert desk.codes(*desk.sealing("bid.zxb")) == ["sealing.policy_proof.other"]
    lot.stamp_policy()
    desk.does(*desk.sealing("bid.zxb"))


def test_a_proof_of_another_shape_is_refused(own):
    own.policy()
    desk, lot = desk_of(own), own.lot
    lot.stamp_policy()
    (name, whole) = next(iter(lot.proofs.items()))
    for proof in ([], "x", {"text": whole["text"]}, {**whole, "token": "?"}):
        lot.proofs[name] = proof
        assert desk.codes(*desk.sealing("bid.zxb")) == ["bidder.server.answer"]
    lot.proofs[name] = whole
    desk.does(*desk.sealing("bid.zxb"))


@pytest.mark.parametrize(
    "lie", [b'{"policy": "\\ud800"}', b'{"refusals": null}', b"[" * 100_000, b'{"crls": [5]}']
)
def test_a_server_that_answers_nonsense_is_refused_and_breaks_nothing(own, monkeypatch, lie):
    own.policy()
    desk = desk_of(own)
    desk.write("told.json", lie)
    saved = [*desk.sealing("bid.zxb"), "--policy", desk.path("told.json")]
    assert desk.codes(*saved)[0].startswith(("bidder.server", "bidder.usage", "sealing.crl"))
    assert not list((own.root).rglob("*.partial"))


def test_a_refusal_without_reasons_is_still_a_refusal():
    assert ServerRefused(500, {"refusals": None}).reasons == []
    assert ServerRefused(500, {"refusals": 5}).reasons == []
