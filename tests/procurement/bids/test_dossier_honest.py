"""Nobody can make an honest lot's dossier fail: neither by a signing time nor by a late list."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.sealing.bids import bundles
from kernel.sealing.bids import receipts as receipt_formats
from procurement.bids import bidding, closing, readings, receipts, staging, stamps
from procurement.bids.models import BidVersion
from tests.procurement.bids.dossiers import anchors_of, sign_head, status, write
from tests.procurement.bids.steps import (
    again,
    close,
    conclude,
    drop,
    finish,
    give,
    now,
    protest,
    ready,
    settle,
    version_of,
)
from tests.procurement.bids.support import LOT, told

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")
EARLY, LATE = datetime(1990, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)


@pytest.fixture
def lot(world, monkeypatch):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    return world


@pytest.fixture
def signed(lot):
    lot.policy()
    return lot


@pytest.fixture
def verdict(lot, tmp_path, capsys):
    def look(scope="public"):
        sign_head()
        path, trust = write(tmp_path, scope), anchors_of(lot, tmp_path)
        capsys.readouterr()
        return status(path, trust, "--lang", "en"), capsys.readouterr().out

    return look


@pytest.fixture
def trusting(monkeypatch):
    """A platform that took any signing time: dossiers made then must hold."""
    monkeypatch.setattr(readings, "CLOCKS", timedelta(days=20_000))


def at_another_time(lot, name, at):
    """From now on a party's signatures say that they were made then."""
    real = lot.p7s

    def p7s(who, text):
        if who != name:
            return real(who, text)
        return base64.b64encode(bundles.sign(text.encode(), lot.signer(name), at)).decode()

    lot.p7s = p7s


def opened(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"


def withdraw(lot, name):
    version = version_of(lot, name)
    wish = receipt_formats.Withdrawal(
        LOT, lot.people[name].uscc, version.manifest_sha256, ""
    ).encode().decode()  # fmt: skip
    bidding.withdraw(LOT, actor=lot.people[name], statement=wish, p7s=lot.p7s(name, wish), key="")


def test_a_withdrawal_that_says_another_time_spoils_no_dossier(lot, verdict):
    lot.policy()
    for name in (*NAMES, "bidder4"):
        lot.bid(name)
    real = lot.p7s
    at_another_time(lot, "bidder4", EARLY)
    with pytest.raises(Refused) as refused:
        withdraw(lot, "bidder4")
    assert told(refused) == ["sealing.certificate.not_yet"]
    lot.p7s = real
    at_another_time(lot, "bidder4", LATE)
    with pytest.raises(Refused) as refused:
        withdraw(lot, "bidder4")
    assert told(refused) == ["procurement.signature.ahead"]
    lot.p7s = real
    withdraw(lot, "bidder4")
    close(lot)
    opened(lot)
    code, said = verdict()
    assert code == 0, said


def test_a_protest_that_says_another_time_spoils_no_dossier(lot, verdict, trusting):
    lot.policy()
    files = {}
    for name in (*NAMES, "bidder4"):
        files[name] = lot.bid(name)[2]
        receipts.of(version_of(lot, name))
    drop(lot, "bidder4")
    close(lot)
    ready(lot, "trustee1", "trustee2")
    at_another_time(lot, "bidder4", LATE)
    protest(lot, "bidder4", version_of(lot, "bidder4"))
    give(lot, "bidder4", files["bidder4"])
    settle()
    lot.countersign("trustee3")
    again(lot, "trustee1", "trustee2")
    assert settle().state == "opened"
    code, said = verdict()
    assert code == 0, said


def test_a_result_that_says_another_time_spoils_no_dossier(lot, verdict, trusting):
    lot.policy(stages="two_envelopes")
    for name in NAMES:
        lot.bid(name)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)
    at_another_time(lot, "owner", LATE)
    conclude(lot, dict.fromkeys(NAMES, "不合格"))
    settle()
    code, said = verdict()
    assert code == 0, said


def test_a_policys_party_signs_with_a_certificate_that_held_when_it_says(lot):
    at_another_time(lot, "trustee1", EARLY)
    with pytest.raises(Refused) as refused:
        lot.policy()
    assert told(refused) == ["sealing.certificate.not_yet"]


def test_a_bid_that_falls_between_a_list_and_its_correction_spoils_no_dossier(
    signed, no_lists, verdict
):
    lot = signed
    files = {}
    for name in (*NAMES, "bidder4", "bidder5"):
        files[name] = lot.bid(name)[2]
        receipts.of(version_of(lot, name))
    drop(lot, "bidder5")
    at = clock.now() - timedelta(hours=1)
    close(lot)
    no_lists(("bidder4", at))
    for version in BidVersion.objects.all():
        BidVersion.objects.filter(pk=version.pk).update(follow_up_at=clock.technical_now())
    stamps.follow_up()
    protest(lot, "bidder5", version_of(lot, "bidder5"))
    give(lot, "bidder5", files["bidder5"])
    settle()
    assert now().replaced_lists.count() == 1
    opened(lot)
    code, said = verdict()
    assert code == 0, said
