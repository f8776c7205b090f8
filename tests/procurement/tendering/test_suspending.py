"""A supervisor's order stops a lot in every stage that it runs, and lets it go on in the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.parties.models import User
from kernel.workflow.following import follow
from kernel.workflow.models import Deadline
from procurement.tendering.machine import LOT
from procurement.tendering.transitions import STOPPABLE
from tests.procurement.tendering.samples import act, at_hour, automatic, published
from tests.procurement.tendering.test_award import (
    awarded,
    codes,
    evaluated,
    fallen_out,
    publicised,
    until,
)
from tests.procurement.tendering.test_objections import act as answer_act
from tests.procurement.tendering.test_objections import raise_

pytestmark = pytest.mark.django_db
ORDER = {"reason": "投诉处理期间暂停。"}
DONE = {"reason": "处理完毕。"}


def paused(people, _report):
    lot = published(people)
    raise_(people["bidder"], lot)
    return lot


def publicity_paused(people, report):
    lot = publicised(people, report)
    raise_(people["bidder"], lot, "publicity")
    return lot


def pending(people, report):
    lot = publicised(people, report)
    until(people, lot, lot.publicity_ends_at)
    return lot


STAGES = {
    "published": (lambda people, _report: published(people), "lift"),
    "paused": (paused, "lift_pause"),
    "evaluating": (evaluated, "lift_evaluation"),
    "publicity": (publicised, "lift_publicity"),
    "publicity_paused": (publicity_paused, "lift_publicity_pause"),
    "award_pending": (pending, "lift_award"),
    "awarded": (awarded, "lift_awarded"),
}


def test_every_stage_between_notice_and_contract_is_looked_at_here():
    assert set(STAGES) == set(STOPPABLE)
    # While bids are listed and opened the opening is stopped, and nothing of it goes on.
    running = set(LOT.main_path) | {"paused", "publicity_paused"}
    later = {"draft", "approved", "contracted", "archived"}
    assert running - later - set(STOPPABLE) == {"closing", "opening"}


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_lot_is_stopped_and_goes_on_where_it_stood(market, report, stage):
    make, lift = STAGES[stage]
    lot = make(market, report)
    assert lot.state == stage
    act(lot, "suspend", market["supervisor"], ORDER)
    assert (lot.state, lot.suspended_from) == ("suspended", stage)
    wrong = "lift_evaluation" if lift != "lift_evaluation" else "lift"
    with pytest.raises(Refused) as refused:
        act(lot, wrong, market["supervisor"], DONE)
    assert codes(refused) == {"lifted_elsewhere"}
    act(lot, lift, market["supervisor"], DONE)
    assert (lot.state, lot.suspended_from) == (stage, "")


def test_a_lot_that_is_stopped_stands_on_the_supervisors_desk_with_its_clock_and_the_way_back(
    market, client
):
    """The act that lifts it is the only one offered, and when it is late it is told once."""
    lot = published(market)
    act(lot, "suspend", market["supervisor"], ORDER)
    client.force_login(
        User.objects.get(username="supervisor"),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    desk = client.get("/desk/").content.decode()
    assert desk.count(f"/cases/procurement.tender/{lot.pk}/acts/lift/") == 1
    assert "解除暂停，恢复招标" in desk and "解除暂停，恢复评标" not in desk
    assert "还剩 30 个工作日" in desk and "第六十一条" in desk
    clock_row = Deadline.objects.get(period_key="complaint.decide", status="running")
    until(market, lot, clock_row.due_at)
    desk = client.get("/desk/").content.decode()
    assert desk.count(lot.number) == desk.count("已逾期") * 2 == 2
    assert "acts/lift/" in desk


def test_an_objection_answered_meanwhile_pauses_nothing_any_more(market):
    lot = published(market)
    objection = raise_(market["bidder"], lot)
    ends, stopped_at = lot.bid_deadline_at, lot.paused_at
    act(lot, "suspend", market["supervisor"], ORDER)
    assert lot.paused_at == stopped_at
    answer_act(objection, "answer", market["owner"], {"text": "以图纸为准。"})
    with pytest.raises(Refused) as refused:
        act(lot, "lift_pause", market["supervisor"], DONE)
    assert codes(refused) == {"lifted_elsewhere"}
    until(market, lot, ends + timedelta(days=2))
    act(lot, "lift", market["supervisor"], DONE)
    assert lot.state == "published"
    # The time stood still since the objection, and what ended meanwhile ends so much later.
    assert lot.bid_deadline_at == ends + (lot.changed_at - stopped_at)


def test_back_in_its_pause_a_lot_goes_on_with_the_answer(market):
    lot = published(market)
    objection = raise_(market["bidder"], lot)
    act(lot, "suspend", market["supervisor"], ORDER)
    act(lot, "lift_pause", market["supervisor"], DONE)
    answer_act(objection, "answer", market["owner"], {"text": "以图纸为准。"})
    lot.refresh_from_db()
    assert (lot.state, lot.paused_at) == ("published", None)


def test_the_days_of_a_publicity_that_was_stopped_still_run_whole(market, report):
    lot = publicised(market, report)
    ends = lot.publicity_ends_at
    act(lot, "suspend", market["supervisor"], ORDER)
    until(market, lot, clock.now() + timedelta(days=1))
    act(lot, "lift_publicity", market["supervisor"], DONE)
    # Whole days, as after an objection: a day that was begun when it was stopped runs again.
    assert ends + timedelta(days=1) <= lot.publicity_ends_at <= ends + timedelta(days=2)
    assert lot.publicity_ends_at == clock.start_of(clock.legal_date(lot.publicity_ends_at))
    assert Deadline.objects.get(
        period_key="tender.lot.publicity_end", status="running"
    ).due_at == lot.publicity_ends_at  # fmt: skip


def test_no_contract_is_made_on_an_award_that_is_stopped(market, report):
    from procurement.contracts import needs as contracts

    lot = awarded(market, report)
    act(lot, "suspend", market["supervisor"], ORDER)
    assert contracts.award.ask(lot.number) is None
    with pytest.raises(Refused):
        act(lot, "next_candidate", market["owner"], fallen_out(market))
    act(lot, "lift_awarded", market["supervisor"], DONE)
    assert contracts.award.ask(lot.number) is not None


def test_a_contract_signed_just_before_the_order_is_still_told(market, report):
    lot = awarded(market, report)
    act(lot, "suspend", market["supervisor"], ORDER)
    automatic(lot, "contract", {"contract_number": "HT-1"})
    assert (lot.state, lot.suspended_from) == ("contracted", "")


def test_a_lot_that_is_stopped_before_its_award_has_no_contract(market):
    lot = published(market)
    act(lot, "suspend", market["supervisor"], ORDER)
    with pytest.raises(Refused) as refused:
        follow(
            LOT.code, lot.pk, "contract", key="early", at=clock.now(),
            payload={"contract_number": "HT-1"},
        )  # fmt: skip
    assert codes(refused) == {"not_awarded"}


def test_nobody_ends_a_tender_once_its_award_notice_is_out_stopped_or_not(market, report):
    lot = awarded(market, report)
    assert LOT.transition("terminate").sources.count("awarded") == 0
    act(lot, "suspend", market["supervisor"], ORDER)
    with pytest.raises(Refused) as refused:
        act(lot, "terminate", market["owner"], {"reason": "规划调整。"})
    assert codes(refused) == {"award_is_out"}
    lot = published(market, sale_ends_at=at_hour(40), bid_deadline_at=at_hour(60))
    act(lot, "suspend", market["supervisor"], ORDER)
    act(lot, "terminate", market["owner"], {"reason": "规划调整。"})
    assert lot.state == "terminated"
