"""From notice to opening: clarifications, the deadline, too few bids, a second try, stops."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from procurement.tendering.models import Lot
from procurement.tendering.selectors import lot_facts
from procurement.tendering.services import open_lot
from tests.procurement.tendering.samples import (
    LIST,
    act,
    at_hour,
    automatic,
    opened,
    project,
    published,
    uploaded,
    whole,
)

pytestmark = pytest.mark.django_db


def codes(refused):
    return {r.code.rpartition(".")[2] for r in refused.value.refusals}


def until(people, lot, instant):
    sandbox.move_to(instant, actor=people["officer"])
    run_due()
    lot.refresh_from_db()


def closed(people, **changes):
    lot = published(people, **changes)
    until(people, lot, lot.bid_deadline_at)
    return lot


def test_a_clarification_fifteen_days_before_leaves_the_deadline_alone(market):
    lot = published(market)
    before = lot.bid_deadline_at
    until(market, lot, at_hour(10))
    act(lot, "clarify", market["owner"], {"text": "门窗颜色以样板为准。"})
    assert (lot.bid_deadline_at, len(lot.clarifications)) == (before, 1)
    assert lot.clarifications[0]["bid_deadline_at"] is None


def test_a_late_clarification_moves_the_deadline_in_the_same_act(market):
    lot = published(market)
    until(market, lot, at_hour(11))
    say = {"text": "门窗颜色以样板为准。"}
    with pytest.raises(Refused) as refused:
        act(lot, "clarify", market["owner"], say)
    assert codes(refused) == {"clarification_late"}
    with pytest.raises(Refused):
        act(lot, "clarify", market["owner"], say | {"bid_deadline_at": at_hour(14, 23)})
    act(lot, "clarify", market["owner"], say | {"bid_deadline_at": at_hour(15)})
    assert lot.bid_deadline_at == at_hour(15)
    clock_row = Deadline.objects.get(period_key="tender.lot.bid_deadline")
    assert (clock_row.due_at, clock_row.status) == (lot.bid_deadline_at, "running")


def test_what_does_not_bear_on_bids_may_be_said_late(market):
    lot = published(market)
    until(market, lot, at_hour(20))
    act(lot, "clarify", market["owner"], {"text": "开标室改为二楼。", "affects_bids": False})
    assert len(lot.clarifications) == 1


def test_each_guard_of_a_clarification_refuses(market):
    lot = published(market)
    wrong = {
        "text": "",
        "documents": [{"kind": "other", "name": "图", "file_sha256": "e" * 64}],
        "bid_deadline_at": at_hour(24),
    }
    with pytest.raises(Refused) as refused:
        act(lot, "clarify", market["owner"], wrong)
    assert codes(refused) == {"clarification_empty", "file_missing", "deadline_earlier"}
    with pytest.raises(Refused) as refused:
        act(lot, "clarify", market["owner"], {"text": "仅限国有企业投标。"})
    assert codes(refused) == {"restriction"}


def test_the_sale_and_then_the_bidding_close_by_themselves(market):
    lot = published(market)
    until(market, lot, at_hour(9))
    assert (lot.state, lot.sale_clock_at) == ("published", None)
    until(market, lot, at_hour(40))
    # However late somebody looks, it closed at its deadline.
    assert (lot.state, lot.closed_at) == ("closing", lot.bid_deadline_at)
    with pytest.raises(Refused):
        act(lot, "clarify", market["owner"], {"text": "补充说明。"})


def test_three_bids_are_opened_and_two_are_not(market):
    lot = closed(market)
    for act_, bids, code in (("open_bids", 2, "bids_too_few"), ("fail", 3, "bids_are_enough")):
        with pytest.raises(Refused) as refused:
            automatic(lot, act_, {"live_bids": bids, "closing_list_sha256": LIST})
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        automatic(lot, "open_bids", {"live_bids": 3})
    assert codes(refused) == {"closing_list_missing"}
    automatic(lot, "open_bids", {"live_bids": 3, "closing_list_sha256": LIST})
    assert (lot.state, lot.live_bids, lot.closing_list_sha256) == ("opening", 3, LIST)


def test_nobody_but_the_platform_opens_bids(market):
    lot = closed(market)
    for who in ("owner", "supervisor"):
        with pytest.raises(NotPermitted):
            act(lot, "open_bids", market[who], {"live_bids": 3, "closing_list_sha256": LIST})


def failed(people, case=None, **changes):
    lot = published(people, case, **changes)
    until(people, lot, lot.bid_deadline_at)
    automatic(lot, "fail", {"live_bids": 2, "closing_list_sha256": LIST})
    return lot


def test_a_failed_lot_is_tried_again_by_a_new_one_that_names_it_once(market):
    lot = failed(market)
    form = whole(lot.project_number, uploaded(market["owner"]), retender_of=lot.number)
    with pytest.raises(Refused) as refused:
        open_lot(actor=market["owner"], payload=form, key="early")
    assert codes(refused) == {"retender_unknown"}
    with pytest.raises(Refused):
        act(lot, "retender", market["owner"], {"reason": ""})
    act(lot, "retender", market["owner"], {"reason": "公告时间短。"})
    again = Lot.objects.get(pk=open_lot(actor=market["owner"], payload=form, key="again").case_pk)
    assert (again.retender_of, again.failures, lot.state) == (lot.number, 1, "retendered")
    with pytest.raises(Refused) as refused:
        open_lot(actor=market["owner"], payload=form, key="twice")
    assert codes(refused) == {"retender_taken"}


def test_the_method_changes_only_after_two_failures_and_with_a_paper(market):
    lot = failed(market)
    act(lot, "retender", market["owner"], {"reason": "公告时间短。", "approval_number": "批-1"})
    other = whole(
        lot.project_number, uploaded(market["owner"]), retender_of=lot.number, method="direct"
    )
    with pytest.raises(Refused) as refused:
        open_lot(actor=market["owner"], payload=other, key="other")
    assert codes(refused) == {"method_changed"}
    case = project(market)
    long = {"sale_ends_at": at_hour(15)}  # over the holidays of October
    first = failed(market, case, **long)
    act(first, "retender", market["owner"], {"reason": "公告时间短。"})
    long = {"sale_ends_at": at_hour(15)}
    second = failed(market, case, retender_of=first.number, **long)
    act(second, "retender", market["owner"], {"reason": "无人投标。", "approval_number": "批-2"})
    third = opened(market, case, retender_of=second.number, method="direct")
    assert (third.failures, third.method) == (2, "direct")


def test_all_rejected_bids_fail_a_lot_only_with_a_reason(market):
    lot = closed(market)
    automatic(lot, "open_bids", {"live_bids": 3, "closing_list_sha256": LIST})
    automatic(lot, "start_evaluation")
    with pytest.raises(Refused) as refused:
        automatic(lot, "fail")
    assert codes(refused) == {"reason_missing"}
    automatic(lot, "fail", {"reason": "投标全部被否决。"})
    assert (lot.state, lot.live_bids, lot.failures) == ("failed", 3, 1)


def test_a_supervisor_stops_a_lot_and_lets_it_go_on_where_it_stood(market):
    lot = published(market)
    before = lot.bid_deadline_at
    with pytest.raises(NotPermitted):
        act(lot, "suspend", market["owner"], {"reason": "查"})
    act(lot, "suspend", market["supervisor"], {"reason": "投诉处理期间暂停。"})
    until(market, lot, at_hour(30))
    assert lot.state == "suspended"
    with pytest.raises(Refused) as refused:
        act(lot, "lift_award", market["supervisor"], {"reason": "处理完毕。"})
    assert codes(refused) == {"lifted_elsewhere"}
    act(lot, "lift", market["supervisor"], {"reason": "处理完毕。"})
    assert (lot.state, lot.suspended_from) == ("published", "")
    assert lot.bid_deadline_at > max(before, clock.now())


def test_a_tender_that_ends_early_says_why(market):
    lot = published(market)
    with pytest.raises(Refused):
        act(lot, "terminate", market["owner"], {"reason": ""})
    act(lot, "terminate", market["owner"], {"reason": "规划调整。"})
    assert lot.state == "terminated"


def test_other_rooms_read_a_lot_by_its_number(market):
    lot = published(market)
    view = lot_facts(lot.number)
    assert view is not None
    assert (view.pk, view.bid_deadline_at, view.ceiling_price_fen) == (
        lot.pk, lot.bid_deadline_at, lot.ceiling_price_fen,
    )  # fmt: skip
    assert view.parameters["points"]["price"] == 60
    assert lot_facts("nothing") is None
