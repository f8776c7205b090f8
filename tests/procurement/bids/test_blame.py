"""Whose failure it is that a bid did not open is told by what was signed, and nobody else pays."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from kernel import clock
from kernel.evidence.models import LogEntry
from kernel.sealing.bids import cures
from kernel.sealing.bids.opening import read_record
from procurement.bids import blame, closing, gathering, record
from procurement.bids.models import Bid
from tests.procurement.bids.steps import close, finish, now, ready, settle, version_of
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_dossier_honest import verdict

__all__ = ["verdict"]
pytestmark = pytest.mark.django_db
BIDDERS = ("bidder1", "bidder2", "bidder3", "bidder4")


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.policy()
    for name in BIDDERS:
        world.bid(name)
    close(world)
    ready(world, "trustee1", "trustee2")
    return world


def price_of(lot, name):
    place = version_of(lot, name).manifest_sha256
    return lambda mark: (mark.manifest_sha256, mark.envelope) == (place, "price")


def send(lot, *, lies="", withholds=()):
    """Trustees release while any is waited for; of bidder4's price one lies, some send none."""
    honest, victims = lot.opened_shares, price_of(lot, "bidder4")

    def told(name):
        listed, manifests, found = honest(name)
        found = [
            (mark, bytes(32) + share[-1:] if name == lies and victims(mark) else share)
            for mark, share in found
            if name not in withholds or not victims(mark)
        ]
        return listed, manifests, found

    lot.opened_shares = told
    lot.at(now().cure_until_at)
    for name in ("trustee1", "trustee2", "trustee3"):
        if now().state == "checked":
            lot.release(name)
    lot.opened_shares = honest
    settle()
    lot.at(now().window_ends_at)
    return finish(lot)


def broken(lot):
    return [(row.trustee, row.sent) for row in blame.unkept(now(), gathering.policy_of(now()))]


def test_a_share_that_was_found_good_and_not_given_is_its_trustees_failure(lot, verdict, client):
    lot.mark("trustee1", "trustee2", "trustee3")
    assert send(lot, lies="trustee2", withholds=("trustee3",)).state == "opened"
    bid = Bid.objects.get(bidder_uscc=lot.people["bidder4"].uscc)
    assert (bid.state, bid.failure) == ("deemed_withdrawn", cures.BROKEN)
    second, third = (lot.people[name].uscc for name in ("trustee2", "trustee3"))
    assert broken(lot) == [(second, True), (third, False)]
    # Signed in the record, logged with the record's act, shown on page and paper.
    line = {b.bidder: b for b in read_record(now().record_text.encode()).bids}[bid.bidder_uscc]
    assert [e.reason for e in line.envelopes if e.name == "price"] == [cures.BROKEN]
    logged = [json.loads(row.body) for row in LogEntry.objects.filter(kind=blame.KIND)]
    assert [(row["trustee"], row["envelope"], row["sent"]) for row in logged] == [
        (second, "price", True), (third, "price", False),
    ]  # fmt: skip
    page = client.get(reverse("procurement:bids-opening", args=[LOT])).content.decode()
    assert "非投标人原因未能开启，视为撤回" in page
    assert "没有给出份额" in page
    paper = json.dumps(record.build(type("Ref", (), {"pk": str(now().pk)})), ensure_ascii=False)
    assert "未能开启，视为撤销" not in paper
    assert paper.count("开启人未按其签署的核对结果给出份额") == 2
    for scope in ("public", "entitled"):
        code, told = verdict(scope)
        assert code == 0, told
        assert "is its trustees' failure" in told
        assert third in told


def test_a_share_that_its_bidder_sealed_wrongly_is_its_own_failure(lot, verdict):
    lot.mark("trustee1", "trustee2", bad=price_of(lot, "bidder4"))
    lot.mark("trustee3")
    assert send(lot, withholds=("trustee1", "trustee2")).state == "opened"
    bid = Bid.objects.get(bidder_uscc=lot.people["bidder4"].uscc)
    assert (bid.state, bid.failure) == ("deemed_revoked", cures.TOO_FEW)
    assert broken(lot) == []
    assert not LogEntry.objects.filter(kind=blame.KIND).exists()
    code, told = verdict()
    assert code == 0, told


@pytest.mark.parametrize("says", [cures.TOO_FEW, cures.BROKEN])
def test_an_operator_who_blames_the_wrong_side_is_convicted(lot, verdict, monkeypatch, says):
    guilty = says == cures.BROKEN
    lot.mark("trustee1", "trustee2", bad=price_of(lot, "bidder4") if guilty else _nobodys)
    lot.mark("trustee3")
    with monkeypatch.context() as lie:
        lie.setattr(cures.Told, "too_few", lambda *_place: says)
        lie.setattr(blame, "unkept", lambda *_case: [])
        assert send(lot, withholds=("trustee1", "trustee2")).state == "opened"
    code, told = verdict()
    assert code == 1
    assert "signed marks say" in told


def test_a_lie_that_harms_nobody_costs_nobody_the_bid(lot):
    lot.mark("trustee1", "trustee2", "trustee3")
    assert send(lot, lies="trustee2").state == "opened"
    assert set(Bid.objects.values_list("state", flat=True)) == {"opened"}
    assert broken(lot) == []
    assert clock.now() >= now().window_ends_at


def _nobodys(_mark):
    return False
