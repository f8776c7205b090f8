"""Who is owed wages is free to earn elsewhere, also while the labour inspection has a case."""

from __future__ import annotations

import pytest

from labour.roster.models import Worker
from tests.labour import samples
from tests.labour.roster.test_workers import paid, refused, unpaid
from tests.labour.samples import OTHER, act, brought

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
OPENED = {"case_number": "示例劳监立字 1 号", "reason": "逾期未编制工资表"}
DONE = {"reason": "已付清"}


@pytest.fixture
def who():
    return samples.world()


def case_of_wages(who):
    case = unpaid(who)
    samples.later(who, 75)
    return act("labour.worker", case.pk, "open_case", who["inspector"], OPENED)


def test_a_case_of_unpaid_wages_keeps_no_worker_from_another_site_and_calls_nobody_back(who):
    case = case_of_wages(who)
    samples.permitted(OTHER, "HT-2", "P2")
    elsewhere = brought(who, "worker1", site_number=OTHER)
    assert elsewhere.state == "working"
    paid(who, case)
    assert refused(case, "close_case", who["inspector"], DONE) == {"back_from_other_site"}
    closed = act("labour.worker", case.pk, "close_case_away", who["inspector"], DONE)
    assert closed.state == "exit_pending"
    assert act("labour.worker", case.pk, "exit", who["clerk"]).state == "exited"
    assert Worker.objects.get(pk=elsewhere.pk).state == "working"


def test_a_case_ends_without_the_worker_coming_back_only_of_who_works_elsewhere(who):
    case = case_of_wages(who)
    found = refused(case, "close_case_away", who["inspector"], {})
    assert found == {"wages_owed", "nowhere_else", "workflow.reason.missing"}
    paid(who, case)
    assert refused(case, "close_case_away", who["inspector"], DONE) == {"nowhere_else"}
    assert act("labour.worker", case.pk, "close_case", who["inspector"], DONE).state == "working"
