"""A committee at work: its leader, votes, questions, points, result.

Each guard once refusing; the acts that go through are those of test_session.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.refusing import refused
from tests.procurement.evaluation.samples import NUMBER, score, vote

pytestmark = pytest.mark.django_db


def test_the_leader_is_elected_once_by_all_among_those_present(walk):
    walk.open().draw().market.open(1, 2, 3)
    first, second = walk.members()[:2]
    walk.act("check_in", first, {"no_conflict": True})
    assert "members_absent" in refused(walk.act, "elect_leader", first, {"leader": 1})
    assert "not_checked_in" in refused(walk.act, "elect_leader", second, {"leader": 1})
    walk.check_in()
    assert refused(walk.act, "start_preliminary", first) == {"leader_missing"}
    assert refused(walk.act, "elect_leader", first, {"leader": 99}) == {"seat_unknown"}
    walk.act("elect_leader", first, {"leader": 1})
    assert refused(walk.act, "elect_leader", first, {"leader": 2}) == {"leader_elected"}
    assert refused(walk.act, "start_preliminary", second) == {"not_the_leader"}


def test_a_vote_is_whole_and_a_rejection_has_its_ground(walk):
    walk.open().draw().check_in().lead()
    first = walk.members()[0]
    assert refused(walk.act, "vote", first, {"bid_id": 1, "findings": []}) == {"vote_incomplete"}
    assert refused(walk.act, "vote", first, vote(99)) == {"bid_unknown"}
    assert refused(walk.act, "vote", first, vote(1, "ugly", "")) == {
        "ground_unlisted",
        "evidence_missing",
    }
    passed = vote(1)
    passed["findings"][0]["ground"] = "price"
    assert refused(walk.act, "vote", first, passed) == {"ground_of_passed"}


def test_where_all_are_rejected_the_evaluation_fails_and_else_competition_must_be_lost(walk):
    walk.open().draw().check_in().lead()
    leader = walk.members()[0]
    assert "votes_missing" in refused(walk.act, "fail", leader, {"reason": "无"})
    walk.vote(1, 2)
    # Two are left of four: fewer than three.
    assert refused(walk.act, "fail", leader, {}) == {"reason_missing"}
    assert "not_the_leader" in refused(walk.act, "fail", walk.members()[1], {"reason": "无"})
    walk.act("fail", leader, {"reason": "有效投标仅两家，明显缺乏竞争"})
    assert walk.case.state == "failed"


def test_enough_competition_is_not_thrown_away(walk):
    walk.open().draw().check_in().lead().vote(1)
    assert refused(walk.act, "fail", walk.members()[0], {"reason": "无"}) == {"competition_holds"}


def test_no_vote_clears_what_all_reject(walk):
    walk.open().draw().check_in().lead().vote(1, 2, 3, 4)
    assert walk.case.state == "preliminary"
    walk.act("fail", walk.members()[0], {})
    assert walk.case.state == "failed"


def test_split_grounds_wait_for_one_more_vote(walk):
    walk.open().draw().check_in().lead()
    for place, actor in enumerate(walk.members()):
        for bid in (1, 2, 3, 4):
            ground = ("price", "unsigned")[place % 2] if bid == 1 and place < 4 else ""
            walk.act("vote", actor, vote(bid, ground))
    assert walk.case.state == "preliminary"
    assert refused(walk.act, "fail", walk.members()[0], {}) == {"grounds_differ"} | {
        "competition_holds"
    }
    walk.act("vote", walk.members()[1], vote(1, "price"))
    assert walk.case.state == "clearing"
    assert walk.valid() == [2, 3, 4]


def test_questions_are_asked_and_answered_in_writing_and_in_time(walk):
    walk.open().draw().check_in().lead().vote(1)
    leader, other = walk.members()[:2]
    later = clock.now() + timedelta(hours=1)

    def asked(bid=2, question="请说明工期", reply_by=later):
        return {"bid_id": bid, "question": question, "reply_by": reply_by.isoformat()}

    assert "not_the_leader" in refused(walk.act, "clarify", other, asked())
    assert refused(walk.act, "clarify", leader, asked(1)) == {"bid_rejected"}
    nothing = {"clarification": 1, "reason": "无须再等待"}
    assert "no_question_open" in refused(walk.act, "recall_question", leader, nothing)
    assert refused(walk.act, "clarify", leader, asked(question="", reply_by=clock.now())) == {
        "question_missing",
        "reply_time_past",
    }
    walk.act("clarify", leader, asked())
    assert walk.case.state == "clarifying"
    assert refused(walk.act, "score_detail", leader, score(2)) == {"questions_open"}
    bidder = member("bidder2", "contractor_clerk", serial=32)
    question = walk.case.questions.get().pk
    reply = {"clarification": question, "answer": "三百日历天"}
    assert refused(walk.act, "reply", bidder, reply | {"clarification": 10**6}) == {
        "question_unknown"
    }
    assert refused(walk.act, "reply", bidder, reply | {"answer": ""}) == {"answer_missing"}
    walk.act("reply", bidder, reply)
    assert walk.case.questions.get().answer == "三百日历天"
    walk.act("score_detail", leader, score(2))
    naive = clock.now().replace(tzinfo=None) + timedelta(days=1)
    assert refused(walk.act, "clarify", leader, asked(reply_by=naive)) == {
        "workflow.payload.invalid"
    }


def test_an_answer_after_its_time_is_refused_and_scoring_goes_on(walk):
    walk.open().draw().check_in().lead().vote()
    leader = walk.members()[0]
    soon = clock.now() + timedelta(hours=1)
    walk.act("clarify", leader, {"bid_id": 2, "question": "请说明", "reply_by": soon.isoformat()})
    bidder = member("bidder2", "contractor_clerk", serial=32)
    sandbox.move_to(soon + timedelta(minutes=1), actor=member("op", "operator", serial=6))
    reply = {"clarification": walk.case.questions.get().pk, "answer": "迟到"}
    assert refused(walk.act, "reply", bidder, reply) == {"reply_late"}
    walk.act("score_detail", leader, score(2))


def test_no_question_without_end_outlives_the_leader_who_asked_it(walk):
    """A leader who waits for a bidder for a hundred years is replaced, and the next goes on."""
    walk.open().draw().check_in().lead().vote()
    leader, other = walk.members()[:2]
    asked = {"bid_id": 2, "question": "请说明", "reply_by": "2125-01-01T09:00:00+08:00"}
    walk.act("clarify", leader, asked)
    assert refused(walk.act, "score_detail", other, score(2)) == {"questions_open"}
    said = {"clarification": walk.case.questions.get().pk, "reason": "无须再等待答复"}
    assert refused(walk.act, "recall_question", other, said) == {"not_the_leader"}
    replace = {"seat": walk.seat(leader), "cause": "unable", "statement": "拖延评标"}
    walk.act("replace_member", samples.supervisor(), replace)
    new = next(
        a for a in walk.members() if walk.case.seats.get(person_id=a.person_id).status == "called"
    )
    walk.act("check_in", new, {"no_conflict": True})
    walk.lead()
    for bid in (1, 2, 3, 4):
        walk.act("vote", new, vote(bid))
    chosen = walk.members()[0]
    assert refused(walk.act, "score_detail", chosen, score(2)) == {"questions_open"}
    assert refused(walk.act, "recall_question", chosen, said | {"reason": ""}) == {"reason_missing"}
    assert refused(walk.act, "recall_question", chosen, said | {"clarification": 10**6}) == {
        "question_unknown"
    }
    walk.act("recall_question", chosen, said)
    bidder = member("bidder2", "contractor_clerk", serial=32)
    reply = {"clarification": said["clarification"], "answer": "三百日历天"}
    later = clock.now() + timedelta(minutes=1)
    sandbox.move_to(later, actor=member("op", "operator", serial=6))
    with pytest.raises(Refused):
        walk.act("reply", bidder, reply)
    walk.act("score_detail", chosen, score(2))


def test_points_stay_within_the_documents(walk):
    walk.open().draw().check_in().lead().vote(1)
    first = walk.members()[0]
    assert refused(walk.act, "score_detail", first, score(2, "20.01")) == {"points_high"}
    assert refused(walk.act, "score_detail", first, score(2, "18.005")) == {"points_decimals"}
    assert refused(walk.act, "score_detail", first, score(1)) == {"bid_rejected"}
    lacking = score(2)
    lacking["marks"][2]["criterion"] = "beauty"
    assert refused(walk.act, "score_detail", first, lacking) == {
        "mark_missing",
        "criterion_unknown",
    }


def test_who_is_far_off_writes_why_before_prices_are_counted(walk):
    walk.open().draw().check_in().lead().vote()
    members = walk.members()
    for actor in members:
        for bid in (1, 2, 3, 4):
            far = actor == members[-1] and bid == 1
            walk.act("score_detail", actor, score(bid, "0.00" if far else "18.00"))
    assert walk.case.state == "detailed"
    walk.act("score_detail", members[-1], score(1, "0.00", deviation_reason="方案照抄他人"))
    assert walk.case.state == "priced"


def test_no_result_is_confirmed_while_points_are_missing(walk):
    walk.open().draw().check_in().lead().vote().score()
    walk.case.scores.filter(bid_id=1).first().delete()
    assert "scores_missing" in refused(walk.act, "summarise", walk.members()[0])


def test_no_result_is_confirmed_while_somebody_is_far_off_without_a_word(walk):
    walk.open().draw().check_in().lead().vote().score()
    seat = walk.seat(walk.members()[-1])
    walk.case.scores.filter(bid_id=1, seat__number=seat).update(technical=0)
    assert "deviation_unexplained" in refused(walk.act, "summarise", walk.members()[0])


def test_only_the_leader_confirms_and_only_what_still_comes_out(walk):
    walk.open().draw().check_in().lead().vote().score()
    assert "not_the_leader" in refused(walk.act, "summarise", walk.members()[1])
    walk.case.scores.update(technical=1_00)
    assert refused(walk.act, "summarise", walk.members()[0]) == {"result_differs"}


def test_a_dissent_has_reasons_and_a_refusal_a_member(walk):
    walk.open().draw().check_in().lead().vote().score().summarise()
    first, second = walk.members()[:2]
    assert refused(walk.act, "dissent", second, {"opinion": ""}) == {"opinion_missing"}
    walk.act("dissent", second, {"opinion": "第二名的方案更好"})
    assert walk.case.report_issue == 2
    assert refused(walk.act, "note_refusal", first, {"seat": 99}) == {"seat_unknown"}
    for seat in (4, 5):
        walk.act("note_refusal", first, {"seat": seat})
    assert refused(walk.act, "note_refusal", first, {"seat": 3}) == {"signers_few"}


def test_nobody_but_members_acts_in_the_session(walk):
    walk.open().draw().check_in().lead()
    outsider = next(a for a in walk.bank.values() if a not in walk.members())
    for actor in (walk.clerk, outsider):
        with pytest.raises(Refused) as caught:
            walk.act("vote", actor, vote(1))
        assert caught.value.status == 403
    assert walk.case.lot_number == NUMBER
