"""What the log says of clocks on a page: which clock it was, and whether somebody is late."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kernel.parties.models import User
from kernel.web.case_pages import case_url
from tests.credit.conduct import samples
from tests.credit.conduct.samples import act, captured, later, notified

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return samples.officers()


def page(record, language="zh-hans"):
    browser = Client()
    browser.force_login(User.objects.get(username="one"))
    browser.cookies["django_language"] = language
    return browser.get(case_url(record)).content.decode()


def test_a_clock_that_somebody_let_pass_is_named(people):
    record = captured(people)
    later(people, 30)
    shown = page(record)
    assert "逾期未办：采集后公布" in shown
    assert not re.search(">逾期未办<", shown)
    assert re.search("Overdue: [A-Z]", page(record, "en"))


def test_a_time_after_which_something_follows_of_itself_makes_nobody_late(people):
    record = notified(people)
    later(people, 10)
    shown = page(record)
    assert "到期：告知期满即公布" in shown
    assert "逾期未办" not in shown


def test_acts_that_wait_for_a_proposal_stand_in_one_line_with_the_reason_once(people):
    record = act(captured(people), "verify", people["one"])
    record = act(record, "confirm", people["two"])
    off = page(record).partition("尚不能办理")[2].partition("其他阶段的事项")[0]
    folded = re.findall(r'zx-act-off">([^<]*)<.*?class="zx-reasons">(.*?)</ul>', off, re.DOTALL)
    waiting = [names for names, why in folded if why.count("<li>") == 1 and "尚无人提议" in why]
    assert len(waiting) == 1 and "、" in waiting[0]
