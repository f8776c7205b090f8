"""A bid that an authority found void is not voted on, scored, ranked or made public; nobody waits
for it, and it stops nobody.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.events import services as events
from kernel.events.procurement_bids import BidVoided
from procurement.evaluation import connections, on_record, selectors
from tests.procurement.evaluation.samples import NUMBER, score, settle, vote
from tests.procurement.evaluation.test_connections import bid as opened_bid

pytestmark = pytest.mark.django_db


def void(walk, *serials):
    """The decision: what the room of bids tells from now on, and its event."""
    found = walk.market.opened
    walk.market.opened = replace(
        found, bids=tuple(replace(b, void=b.void or b.bid_id in serials) for b in found.bids)
    )
    for serial in serials:
        events.publish(
            [BidVoided(serial, 9, NUMBER)], at=clock.now(), case=f"procurement.bid:{serial}"
        )
    settle()


def result(walk):
    return selectors.result_of(walk.case)


def ranked(walk):
    return sorted(row["bid_id"] for row in result(walk)["ranking"])


@pytest.fixture
def voting(walk):
    return walk.open().draw().check_in().lead()


def test_a_bid_is_void_here_as_the_room_of_bids_says_it():
    assert connections._bid(opened_bid(state="void")).void
    assert not connections._bid(opened_bid(state="opened")).void


def test_a_void_bid_that_all_had_passed_is_out(voting):
    voting.vote()
    assert voting.valid() == [1, 2, 3, 4]
    void(voting, 2)
    assert voting.valid() == [1, 3, 4]
    with pytest.raises(Refused) as refused:
        voting.act("score_detail", voting.members()[0], score(2))
    assert refused.value.refusals[0].code == "procurement.evaluation.bid_rejected"
    voting.score().summarise()
    assert ranked(voting) == [1, 3, 4]
    assert [(r["bid_id"], r["codes"]) for r in result(voting)["rejected"]] == [(2, ["collusion"])]


def test_nobody_waits_for_votes_on_a_void_bid(voting):
    for actor in voting.members():
        for serial in (1, 2, 3):
            voting.act("vote", actor, vote(serial))
    assert voting.case.state == "preliminary"
    void(voting, 4)
    assert voting.case.state == "clearing"


def test_nobody_votes_a_decision_away(voting):
    void(voting, 2)
    terms, bid = voting.market.terms, voting.market.opened.bids[1]
    (fault,) = [f for f in on_record.faults(terms, bid, clock.now()) if f.ground == "collusion"]
    assert (fault.refusal.code, fault.stage) == ("procurement.evaluation.bid_void", "qualification")
    assert voting.case.state == "preliminary"  # the others are still voted on


def test_nobody_waits_for_points_of_a_void_bid(voting):
    voting.vote()
    for actor in voting.members():
        for serial in (1, 2, 3):
            voting.act("score_detail", actor, score(serial))
    assert voting.case.state == "detailed"
    void(voting, 4)
    assert voting.case.state == "priced"
    assert ranked(voting) == [1, 2, 3]


def test_a_result_that_was_counted_is_counted_again_under_the_same_benchmark(voting):
    voting.vote().score()
    assert voting.case.state == "priced"
    before = result(voting)
    void(voting, 1)
    assert voting.case.state == "priced"
    assert ranked(voting) == [2, 3, 4]
    assert result(voting)["benchmark"] == before["benchmark"]
    voting.summarise()
    assert voting.case.state == "summary"


def test_a_report_that_waits_for_signatures_is_printed_anew_without_it(voting):
    voting.vote().score().summarise()
    issue = voting.case.report_issue
    void(voting, 1)
    assert (voting.case.state, voting.case.report_issue) == ("summary", issue + 1)
    assert ranked(voting) == [2, 3, 4]
    void(voting, 1)  # told twice, nothing more happens
    assert voting.case.report_issue == issue + 1


def test_where_the_last_bids_are_void_the_evaluation_fails_and_is_not_stuck(voting):
    voting.vote(2, 3, 4).score().summarise()
    void(voting, 1)
    assert voting.valid() == []
    leads = voting.case.leader
    leader = next(a for a in voting.members() if voting.seat(a) == leads)
    voting.act("fail", leader, {"reason": "全部投标无效或被否决。"})
    assert voting.case.state == "failed"
