"""Two envelopes: price stays shut until the logged result, for ever where a bid did not pass."""

from __future__ import annotations

import pytest

from kernel.errors import Refused
from kernel.evidence import merkle
from kernel.sealing.bids import closing as formats
from kernel.sealing.bids import results
from kernel.sealing.bids.opening import read_record
from kernel.workflow.firing import fire
from procurement.bids import answers, closing, keeper, selectors, staging, vault
from procurement.bids.bid_machine import BID
from procurement.bids.models import Bid, BidVersion, OpenedEnvelope, Opening
from tests.procurement.bids.steps import (
    close,
    conclude,
    finish,
    later,
    now,
    ready,
    rehearse_stage,
    settle,
    version_of,
)
from tests.procurement.bids.support import LOT, told
from tests.procurement.tendering.samples import uploaded

pytestmark = pytest.mark.django_db
NAMES = ("bidder1", "bidder2", "bidder3")


@pytest.fixture
def lot(world, monkeypatch):
    """The technical stage is open."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    world.policy(stages="two_envelopes")
    for index, name in enumerate(NAMES, start=1):
        world.bid(name, price=index * 1_000_00)
    close(world)
    ready(world, "trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    finish(world)
    return world


def test_policy_names_two_stages_and_each_envelope_once(lot):
    policy = lot.in_force
    assert [(s.name, s.envelopes) for s in policy.stages] == [
        ("technical", ("qualification", "technical")), ("price", ("opening_sheet", "price")),
    ]  # fmt: skip


def test_the_first_stage_opens_no_price_and_no_trustee_gets_a_share_of_it(lot):
    assert now().state == "stage_opened"
    assert set(OpenedEnvelope.objects.values_list("name", flat=True)) == {
        "qualification", "technical",
    }  # fmt: skip
    assert set(Bid.objects.values_list("state", "price_fen")) == {("part_opened", None)}
    shares = answers.closed(LOT, lot.people["trustee1"])["sealed_shares"]
    assert {name for each in shares.values() for name in each} == {"qualification", "technical"}
    record = read_record(now().record_text.encode())
    assert [bid.sheet for bid in record.bids] == [None] * 3
    assert not selectors.is_opened(LOT)
    assert settle().stage == "technical"  # nothing goes on without a result


def test_price_opens_for_those_who_passed_and_stays_shut_for_the_rest(lot):
    conclude(lot, {"bidder2": "技术标不合格"})
    case = settle()
    assert (case.stage, case.state) == ("price", "listed")
    first = case.before
    listed = formats.read_list(case.list_text.encode())
    assert [bid.bidder for bid in listed.bids] == [
        lot.people["bidder1"].uscc, lot.people["bidder3"].uscc,
    ]  # fmt: skip
    told_ = answers.closed(LOT, lot.people["trustee1"])
    earlier = told_["earlier"]
    result = results.read_result(earlier["result"].encode())
    assert list(results.following_faults(
        listed, formats.read_list(earlier["list"].encode()), result, lot.in_force
    )) == []  # fmt: skip
    assert result.sha256 in earlier["log"]["entry"]
    assert merkle.verify_inclusion(
        bytes.fromhex(earlier["log"]["leaf"]), earlier["log"]["index"], listed.tree_size,
        [bytes.fromhex(step) for step in earlier["proof"]], bytes.fromhex(listed.tree_root),
    )  # fmt: skip
    # Shares of the one that did not pass never leave, those of the stage do.
    shut = version_of(lot, "bidder2")
    assert shut.manifest_sha256 not in told_["sealed_shares"]
    assert {n for each in told_["sealed_shares"].values() for n in each} == {
        "opening_sheet", "price",
    }  # fmt: skip
    who = later(lot, "trustee1", "trustee3")
    with pytest.raises(Refused) as refused:
        lot.countersign(who[0])
    assert told(refused) == ["procurement.policy.rehearsal_missing"]
    rehearse_stage(lot, *who)
    lot.countersign(*who)
    assert now().state == "drawn"  # what was drawn once stays, nothing is revealed again
    assert now().draw_text == first.draw_text
    lot.mark(*who)
    lot.release(*who)
    assert finish(lot).state == "opened"
    assert [bid.price_fen for bid in selectors.opened_bids(LOT)] == [1_000_00, 3_000_00]
    assert set(selectors.opened_bids(LOT)[0].files) == {
        "qualification", "technical", "opening_sheet", "price",
    }  # fmt: skip
    bid = Bid.objects.get(pk=shut.bid_id)
    assert (bid.state, bid.reason, bid.price_fen) == ("not_passed", "技术标不合格", None)
    gone = BidVersion.objects.get(pk=shut.pk)
    assert (gone.vault, gone.keeper, gone.shares) == ("", "", {})
    assert not vault.exists(shut.vault)
    assert not keeper.storage().exists(shut.keeper)
    assert not OpenedEnvelope.objects.filter(version=gone, name="price").exists()
    assert Opening.objects.count() == 2


def test_a_result_is_the_procuring_entitys_and_judges_exactly_what_was_opened(lot):
    with pytest.raises(Refused) as refused:
        conclude(lot, {}, by="agency")
    assert told(refused) == ["sealing.signature.other"]
    case = now()
    every = [b.manifest_sha256 for b in formats.read_list(case.list_text.encode()).bids]
    for passed, failed in ((every[:2], ()), ([*every, "00" * 32], ())):
        text = results.StageResult(
            LOT, "technical", case.list_sha256, "ab" * 32, tuple(passed), failed
        ).encode().decode()  # fmt: skip
        with pytest.raises(Refused) as refused:
            lot.say("conclude", "owner", result=text, p7s=lot.p7s("owner", text))
        assert told(refused) == ["procurement.opening.result_other"]


def void(lot, name, **changes):
    """The authority's decision on a bid of the stage that is open."""
    bid = Bid.objects.get(bidder_uscc=lot.people[name].uscc)
    payload = {
        "ground": "collusion", "document_number": "哈建罚字〔2025〕7号", "reason": "串通投标。",
        "file_sha256": uploaded(lot.people["supervisor"], "行政处罚决定书"), **changes,
    }  # fmt: skip
    fire(
        BID.code, bid.pk, "void", actor=lot.people["supervisor"], payload=payload,
        key=f"void-{name}-{bid.version}", seen_version=bid.version,
    )  # fmt: skip


def test_what_is_found_void_between_the_stages_passes_none_and_its_price_stays_shut(lot):
    void(lot, "bidder2")
    shut = version_of(lot, "bidder2")
    with pytest.raises(Refused) as refused:
        conclude(lot, {})
    assert told(refused) == ["procurement.opening.result_void"]
    assert refused.value.refusals[0].facts == {"bidders": [lot.people["bidder2"].uscc]}
    conclude(lot, {"bidder2": "已被认定投标无效"})
    case = settle()
    assert (case.stage, case.state) == ("price", "listed")
    listed = formats.read_list(case.list_text.encode())
    assert shut.manifest_sha256 not in {bid.manifest_sha256 for bid in listed.bids}
    who = later(lot, "trustee1", "trustee3")
    shares = answers.closed(LOT, lot.people["trustee1"])["sealed_shares"]
    assert shut.manifest_sha256 not in shares
    rehearse_stage(lot, *who)
    lot.countersign(*who)
    lot.mark(*who)
    lot.release(*who)
    assert finish(lot).state == "opened"
    bid = Bid.objects.get(pk=shut.bid_id)
    assert (bid.state, bid.price_fen, bid.decision["ground"]) == ("void", None, "collusion")
    assert not OpenedEnvelope.objects.filter(version=shut, name="price").exists()
    gone = BidVersion.objects.get(pk=shut.pk)
    assert (gone.vault, gone.keeper, gone.shares) == ("", "", {})
    assert not vault.exists(shut.vault)
    assert [bid.price_fen for bid in selectors.opened_bids(LOT)] == [1_000_00, 3_000_00]


def test_what_a_signed_result_let_pass_is_found_void_after_the_record_and_then_counts_nowhere(lot):
    conclude(lot, {})
    for moment in (lambda: None, settle):  # before the list that follows, and under it
        moment()
        with pytest.raises(Refused) as refused:
            void(lot, "bidder2")
        assert told(refused) == ["procurement.bid.stage_under_way"]
    who = later(lot, "trustee1", "trustee3")
    rehearse_stage(lot, *who)
    lot.countersign(*who)
    lot.mark(*who)
    lot.release(*who)
    assert finish(lot).state == "opened"
    void(lot, "bidder2")
    states = {bid.bidder_uscc: bid.state for bid in selectors.opened_bids(LOT)}
    assert states[lot.people["bidder2"].uscc] == "void"


def test_an_authority_that_cannot_wait_stops_the_opening_of_the_later_stage(lot):
    conclude(lot, {})
    settle()
    lot.say("propose_stop", "supervisor", reason="串通投标，停止开标。")
    lot.say("stop", "supervisor2", reason="经复核，串通投标，停止开标。")
    settle()
    assert not OpenedEnvelope.objects.filter(name="price").exists()
    assert set(Bid.objects.values_list("state", flat=True)) == {"deemed_withdrawn"}


def test_where_nothing_passes_no_price_is_ever_opened(lot):
    names = list(BidVersion.objects.values_list("vault", flat=True))
    conclude(lot, dict.fromkeys(NAMES, "不合格"))
    assert settle().stage == "technical"
    assert answers.closed(LOT, lot.people["trustee1"])["over"]
    assert set(Bid.objects.values_list("state", flat=True)) == {"not_passed"}
    assert not any(map(vault.exists, names))
