"""The time for a review is extended when more than a third of the members hold it too short."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.workflow import sandbox
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.refusing import refused
from tests.procurement.evaluation.samples import score, vote

pytestmark = pytest.mark.django_db
# The sandbox's clock runs.
EIGHT = pytest.approx(timedelta(hours=8), abs=timedelta(minutes=5))
SHORT = {"reason": "图纸和清单较多，八小时内不能评审完毕"}


@pytest.fixture
def timed(walk):
    """A review that may take eight hours and has just begun."""
    return walk.open(hours=8).draw().check_in().lead()


def later(hours):
    sandbox.move_to(clock.now() + timedelta(hours=hours), actor=member("op", "operator", serial=6))


def until(hours):
    return {"until": (clock.now() + timedelta(hours=hours)).isoformat()}


def test_the_time_runs_from_the_preliminary_review_and_binds_votes_and_points(timed):
    assert timed.case.ends_at - clock.now() == EIGHT
    timed.vote()
    later(9)
    first = timed.members()[0]
    assert refused(timed.act, "score_detail", first, score(1)) == {"time_over"}


def test_without_a_time_none_is_too_short(walk):
    walk.open().draw().check_in().lead()
    assert refused(walk.act, "ask_time", walk.members()[0], SHORT) == {"time_unlimited"}


def test_a_member_says_why_and_counts_once(timed):
    first = timed.members()[0]
    assert refused(timed.act, "ask_time", first, {"reason": ""}) == {"reason_missing"}
    timed.act("ask_time", first, SHORT)
    assert refused(timed.act, "ask_time", first, SHORT) == {"time_asked"}


def test_more_than_a_third_and_no_fewer_have_it_extended(timed):
    """Two of five are more than a third, one of five is not."""
    first, second = timed.members()[:2]
    timed.act("ask_time", first, SHORT)
    assert refused(timed.act, "extend_time", timed.clerk, until(20)) == {"time_not_short"}
    later(9)
    timed.act("ask_time", second, SHORT)
    assert refused(timed.act, "vote", second, vote(1)) == {"time_over"}
    assert refused(timed.act, "extend_time", timed.clerk, until(0)) == {"time_end_early"}
    timed.act("extend_time", timed.clerk, until(8))
    assert timed.case.ends_at - clock.now() == EIGHT
    timed.act("vote", second, vote(1))
    # Who asked was heard; the next extension needs a third again.
    assert refused(timed.act, "extend_time", timed.clerk, until(30)) == {"time_not_short"}


def test_no_result_and_no_failure_over_a_third_who_got_no_more_time(timed):
    leader, second = timed.members()[:2]
    timed.act("ask_time", leader, SHORT)
    timed.act("ask_time", second, SHORT)
    assert "time_not_extended" in refused(timed.act, "fail", leader, {"reason": "无"})
    timed.vote().score()
    assert timed.case.state == "priced"
    assert refused(timed.act, "summarise", leader) == {"time_not_extended"}
    timed.act("extend_time", timed.clerk, until(20))
    timed.summarise()


def test_after_a_member_is_replaced_the_time_runs_anew(timed):
    later(9)
    said = {"seat": 5, "cause": "unable", "statement": "突发疾病"}
    timed.act("replace_member", samples.supervisor(), said)
    assert timed.case.ends_at is None
    timed.check_in()
    timed.act("start_preliminary", timed.members()[0])
    assert timed.case.ends_at - clock.now() == EIGHT
