"""What stands on the desks around a committee: what can be done, and where it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.errors import Refusal
from kernel.workflow import selectors
from procurement.evaluation import inputs
from procurement.evaluation.machine import EVALUATION
from tests.conftest import member
from tests.procurement.evaluation.samples import score, vote

pytestmark = pytest.mark.django_db


def test_desk_and_case_lead_to_the_session_for_what_is_done_bid_by_bid(walk, enter):
    walk.open().draw().check_in().lead()
    client, session = enter(walk.members()[1]), f"/evaluations/{walk.pk}/session/"
    case = f"/cases/{EVALUATION.code}/{walk.pk}/"
    assert f'href="{session}"' in client.get("/desk/").content.decode()
    page = client.get(case).content.decode()
    assert f'href="{session}"' in page and f"{case}acts/vote/" not in page
    walk.vote()
    assert f'href="{session}"' in client.get("/desk/").content.decode()
    assert f"{case}acts/score_detail/" not in client.get(case).content.decode()


def test_the_form_of_a_vote_is_drawn_beside_what_clearing_found(walk, enter):
    walk.open().draw().check_in().lead()
    page = enter(walk.members()[1]).get(f"/cases/{EVALUATION.code}/{walk.pk}/acts/vote/")
    assert page.status_code == 200
    assert "评审事项 3" in page.content.decode()


def waits(actor: Any) -> set[str]:
    """The acts of evaluations on somebody's desk."""
    rows = selectors.desk([EVALUATION], actor, at=clock.now())
    return {act.code for row in rows for act in row.transitions}


def test_a_member_finds_what_they_can_do_and_nothing_that_is_done(walk):
    walk.open().draw()
    leader, second = walk.members()[:2]
    assert waits(leader) == {"check_in"}
    walk.market.open(100_00, 102_00, 104_00)
    walk.act("check_in", leader, {"no_conflict": True})
    assert waits(leader) == set() and waits(second) == {"check_in"}
    walk.check_in()
    assert waits(leader) == {"elect_leader"}
    walk.act("elect_leader", leader, {"leader": walk.seat(leader)})
    assert (waits(leader), waits(second)) == ({"start_preliminary"}, set())
    walk.act("start_preliminary", leader)
    for bid in (1, 2, 3):
        assert waits(second) == {"vote"}
        walk.act("vote", second, vote(bid))
    assert (waits(leader), waits(second)) == ({"vote"}, set())
    walk.vote()
    for bid in (1, 2, 3):
        assert waits(second) == {"score_detail"}
        walk.act("score_detail", second, score(bid))
    assert waits(second) == set()
    walk.score()
    assert (waits(leader), waits(second)) == ({"summarise"}, set())


def test_a_vote_waits_again_where_a_rejection_lacks_its_shared_ground(walk):
    walk.open().draw().check_in().lead()
    grounds = ["no_response", "no_response", "unsigned", "unsigned", ""]
    for actor, ground in zip(walk.members(), grounds, strict=True):
        for bid in (1, 2, 3, 4):
            walk.act("vote", actor, vote(bid, ground if bid == 1 else ""))
    assert all(waits(actor) == {"vote"} for actor in walk.members())


def test_whether_too_few_are_left_to_compete_waits_on_no_desk(walk):
    walk.open().draw().check_in().lead().vote(1, 2, 3)
    assert waits(walk.members()[0]) == {"score_detail"}


def test_with_no_bid_left_rejecting_all_is_the_one_act_left(walk, enter):
    walk.open().draw().check_in().lead().vote(1, 2, 3, 4)
    leader, second = walk.members()[:2]
    assert (waits(leader), waits(second)) == ({"fail"}, set())
    session = f"/evaluations/{walk.pk}/session/"
    told = enter(leader).get(session).content.decode()
    assert "请否决全部投标" in told and "请等待其他成员" not in told
    assert "由组长否决全部投标" in enter(second).get(session).content.decode()


def test_an_agency_is_asked_to_extend_a_time_only_that_a_third_holds_too_short(walk):
    walk.open(hours=4).draw().check_in().lead()
    assert waits(walk.clerk) == set()
    for actor in walk.members()[:2]:
        walk.act("ask_time", actor, {"reason": "工程量清单复杂"})
    assert waits(walk.clerk) == {"extend_time"}


def test_a_bidder_is_asked_for_an_answer_as_long_as_one_may_come(walk):
    walk.open().draw().check_in().lead().vote()
    later = (clock.now() + timedelta(hours=1)).isoformat()
    walk.act("clarify", walk.members()[0], {"bid_id": 2, "question": "工期", "reply_by": later})
    bidder = member("bidder2", "contractor_clerk", serial=32)
    assert waits(bidder) == {"reply"}
    walk.act("recall_question", walk.members()[0], {
        "clarification": walk.case.questions.get().pk, "reason": "已查清",
    })  # fmt: skip
    assert waits(bidder) == set()


def test_stepping_back_never_looks_like_the_next_step(walk, enter):
    walk.open().draw().check_in().lead()
    page = enter(walk.members()[1]).get(f"/evaluations/{walk.pk}/session/").content.decode()
    act = f'href="/cases/{EVALUATION.code}/{walk.pk}/acts/step_back/"'
    assert f'<a class="btn btn-secondary" {act}' in page


def test_a_vote_that_misses_a_step_says_which(walk, enter):
    walk.open().draw().check_in().lead()
    url = f"/evaluations/{walk.pk}/session/1/"
    page = enter(walk.members()[1]).post(url, {"key": "k", "form": "pass"}).content.decode()
    assert "资格评审的结论" in page and "响应性评审的结论" in page


def test_the_page_of_a_vote_shows_what_stands_on_record_and_the_files(walk, enter, monkeypatch):
    walk.open().draw().check_in().lead()
    why = Refusal("procurement.evaluation.security_missing", {}, "《招标投标法实施条例》第二十六条")
    monkeypatch.setattr(inputs, "_faults", [lambda *_: (inputs.Fault("response", "price", why),)])
    first, *rest = walk.market.opened.bids
    first = replace(first, files=(inputs.BidFile("施工组织设计.pdf", "ab" * 32),))
    walk.market.opened = replace(walk.market.opened, bids=(first, *rest))
    page = enter(walk.members()[1]).get(f"/evaluations/{walk.pk}/session/1/").content.decode()
    assert "第二十六条" in page and f'/evaluations/{walk.pk}/files/{"ab" * 32}/"' in page
