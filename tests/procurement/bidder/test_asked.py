"""Who seals by the command line is told what the notice asks for and the bid lacks."""

from __future__ import annotations

import pytest
from django.utils import translation

from kernel.sealing.bids.opening import OpeningSheet
from procurement.bidder import asked
from tests.kernel.sealing.bids.support import BIDDERS

ASKS = {"ceiling_fen": 304_885_129_3, "security_fen": 304_885_12, "bill": True}
WHOLE = {"bid_security": "保函-1", "bill_sha256": "ab" * 32}


def sheet(**values):
    known = {
        "lot": "1",
        "bidder": "2",
        "bidder_name": "3",
        "price_fen": 1,
        "period_days": 1,
        "quality": "合格",
        "project_manager": "王五",
        "bid_security": "",
        "bill_sha256": "",
    }
    return OpeningSheet(**known | values)


@pytest.mark.parametrize(
    ("asks", "values", "lacks"),
    [
        (ASKS, {}, {asked.SECURITY: 304_885_12, asked.BILL: 0}),
        (ASKS, WHOLE, {}),
        (ASKS, WHOLE | {"price_fen": ASKS["ceiling_fen"]}, {}),
        (ASKS, WHOLE | {"price_fen": 304_885_129_4}, {asked.CEILING: ASKS["ceiling_fen"]}),
        ({"ceiling_fen": 0, "security_fen": 0, "bill": False}, {"price_fen": 10**14}, {}),
        (None, {}, {}),
        ({"security_fen": "5", "bill": "yes", "ceiling_fen": True}, {"price_fen": 9}, {}),
    ],
    ids=["nothing", "whole", "at the ceiling", "above it", "nothing asked", "older", "nonsense"],
)
def test_a_bid_lacks_what_is_asked_and_not_named(asks, values, lacks):
    assert asked.missing(asks, sheet(**values)) == lacks


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "要求投标保证 304,885.12 元"), ("en", "304,885.12 yuan")]
)
def test_a_bid_without_the_security_that_is_asked_is_sealed_and_its_bidder_warned(
    world, language, word, monkeypatch
):
    world.policy()
    monkeypatch.setattr(world.lot, "asks", ASKS | {"bill": False, "ceiling_fen": 0})
    desk = world.desks[BIDDERS[0]]
    with translation.override(language):
        assert desk.does(*desk.sealing("bare.zxb"))["lacks"] == [asked.SECURITY]
    assert word in desk.shown
    assert desk.does(*desk.sealing("held.zxb", bid_security="保函-1"))["lacks"] == []


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "没有核对"), ("en", "Not checked")])
def test_a_policy_file_that_does_not_say_what_is_asked_is_told_to_be_unchecked(
    world, language, word, monkeypatch
):
    world.policy()
    monkeypatch.setattr(world.lot, "asks", None)
    desk = world.desks[BIDDERS[0]]
    with translation.override(language):
        assert desk.does(*desk.sealing("bare.zxb"))["lacks"] == [asked.UNTOLD]
    assert word in desk.shown
