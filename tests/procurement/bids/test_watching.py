"""The opening's page: who is awaited and what is open, for parties; for everybody, the record."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from kernel.errors import NotPermitted, Unavailable
from kernel.parties.models import User
from procurement.bids import answers, closing, copies, pool, progress, staging
from tests.procurement.bids.steps import close, conclude, finish, now, ready, settle, version_of
from tests.procurement.bids.support import LOT
from tests.procurement.bids.test_keeping import spoil_keeper, spoil_vault

pytestmark = pytest.mark.django_db
PAGE = "procurement:bids-opening"


@pytest.fixture
def lot(world, monkeypatch):
    for module in (closing, staging):
        monkeypatch.setattr(module, "machine", lambda _code: None)
    return world


def bid_all(lot):
    for index, name in enumerate(("bidder1", "bidder2", "bidder3"), start=1):
        lot.bid(name, price=index * 1_000_00)


def page(lot, name=""):
    client = Client(headers={"Accept-Language": "zh-hans"})
    if name:
        client.force_login(User.objects.get(person_id=lot.people[name].person_id))
    return client.get(reverse(PAGE, args=[LOT]))


def test_parties_see_who_is_awaited_and_strangers_see_nothing(lot):
    lot.policy()
    bid_all(lot)
    close(lot)
    for name in ("bidder1", "owner", "agency", "trustee1", "supervisor"):
        told = page(lot, name).content.decode()
        assert "签署截标名单" in told
        assert "公开随机数" in told
        assert "hx-trigger" in told
    for name in ("", "bidder4"):
        assert page(lot, name).status_code == 404
    # How many bids there are is told to nobody before they open.
    assert progress.of(now(), now().closed_at).total == 0
    ready(lot, "trustee1", "trustee2")
    found = progress.of(now(), now().closed_at)
    assert {row.act for row in found.awaited} == {"核对密钥份额"}
    assert [row.label for row in found.clocks] == ["公开随机数截止"]  # the others begin later


def test_bids_appear_as_they_open_and_everybody_reads_the_record(lot, monkeypatch):
    released(lot)
    bad, run = version_of(lot, "bidder1").manifest_sha256, pool.Pool.run

    def dying(self, line, size):
        if json.loads(line)["to"].split("/")[-2] == bad[:32]:
            raise Unavailable.because(copies.CRASHED)
        return run(self, line, size)

    with monkeypatch.context() as broken:
        broken.setattr(pool.Pool, "run", dying)
        finish(lot)  # one is to be tried again: the others are open, the record waits
    told = page(lot, "bidder2").content.decode()
    assert "已开启 2 份，共 3 份" in told
    assert "2,000.00" in told
    assert "1,000.00" not in told
    assert page(lot).status_code == 404
    lot.at(now().window_ends_at)
    settle()
    told = page(lot).content.decode()
    assert "hx-trigger" not in told
    assert "3,000.00" in told


def test_who_is_asked_for_its_file_again_sees_no_price_before_it_is_here(lot):
    lot.policy()
    bid_all(lot)
    close(lot)
    spoil_vault(lot)
    spoil_keeper(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)
    for name in ("bidder1", "bidder2", "owner"):
        told = page(lot, name).content.decode()
        assert "已开启 0 份，共 3 份" in told
        assert ",000.00" not in told
    own = Client()
    own.force_login(User.objects.get(person_id=lot.people["bidder1"].person_id))
    mine = own.get(reverse("procurement:bids-lot", args=[LOT])).content.decode()
    assert "give-again" in mine
    lot.at(now().window_ends_at)  # it does not come: the others go on without it
    settle()
    told = page(lot).content.decode()
    assert "3,000.00" in told
    assert "1,000.00" not in told
    assert "非投标人原因未能开启，视为撤回" in told


def released(lot):
    lot.policy()
    bid_all(lot)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")


def test_an_earlier_stage_shows_no_price_and_waits_for_its_result(lot):
    lot.policy(stages="two_envelopes")
    bid_all(lot)
    close(lot)
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)
    told = page(lot).content.decode()
    assert "本阶段的信封已开启" in told
    assert "000.00" not in told
    conclude(lot, {"bidder2": "不合格"})
    settle()
    told = page(lot, "bidder1").content.decode()
    assert "后一阶段演练" in told
    assert page(lot).status_code == 200  # of the stage that is open


def test_no_stranger_with_a_token_asks_for_the_closing_before_the_record(lot):
    lot.policy()
    bid_all(lot)
    close(lot)
    strangers = ("bidder4", "operator")
    for name in strangers:
        with pytest.raises(NotPermitted):
            answers.closed(LOT, lot.people[name])
    for name in ("bidder1", "owner", "agency", "trustee1", "supervisor", "auditor"):
        assert answers.closed(LOT, lot.people[name])["bids"]
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    finish(lot)
    for name in strangers:
        assert len(answers.closed(LOT, lot.people[name])["bids"]) == 3


def test_whose_bids_a_lot_had_that_is_never_opened_no_stranger_learns(lot):
    lot.policy()
    lot.bid("bidder1")
    close(lot)
    assert now().state == "stopped"
    with pytest.raises(NotPermitted):
        answers.closed(LOT, lot.people["bidder4"])
