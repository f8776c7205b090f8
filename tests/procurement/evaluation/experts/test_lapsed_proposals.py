"""What one officer proposed of an expert of the bank does not wait for another without an end."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from kernel import clock
from kernel.parties.models import User
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from kernel.workflow.selectors import acts_of
from procurement.evaluation.experts import pages, services
from procurement.evaluation.experts.machine import EXPERT
from procurement.evaluation.models import Expert
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.experts.test_experts import (
    BACKEND,
    CHECKED,
    act,
    admitted,
    apply,
    propose,
    refused,
)

pytestmark = pytest.mark.django_db
WHY = {"reason": "调查期间"}


@pytest.fixture
def people(september):
    return {
        "expert": member("expert", "expert", region="230000", serial=40),
        "keeper": samples.officer(),
        "second": samples.officer("keeper2"),
        "operator": member("op", "operator", serial=6),
    }


def later(people, moment):
    """At a moment, with what has fallen due."""
    sandbox.move_to(moment, actor=people["operator"])
    run_due()


def waiting(case):
    return set(services.proposed([case.pk])[case.pk])


def lapses(case):
    return [one for one in acts_of(case) if one.transition == "lapse_proposal"]


def test_what_nobody_decided_in_thirty_days_lapses_at_that_very_moment(people):
    case = admitted(people)
    propose(case, "suspend", people["keeper"])
    due_at = case.proposal_lapses_at
    # The thirtieth day lies in the holiday of National Day.
    assert due_at == clock.end_of(date(2025, 10, 9))
    later(people, due_at - timedelta(seconds=1))
    assert waiting(case) == {"suspend"}
    later(people, due_at + timedelta(hours=3))
    assert refused(act, case, "suspend", people["second"], WHY) == {"not_proposed"}
    case.refresh_from_db()
    assert (case.state, case.proposal_lapses_at, waiting(case)) == ("admitted", None, set())
    # Told where everything of the file is told, at the law's moment and not the worker's.
    (lapsed,) = lapses(case)
    assert (lapsed.at, lapsed.person) == (due_at, None)
    propose(case, "suspend", people["keeper"])
    act(case, "suspend", people["second"], WHY)
    assert (case.state, case.proposal_lapses_at) == ("suspended", None)


def test_whoever_decides_too_late_is_refused_though_no_worker_has_run(people):
    case = propose(apply(people), "admit", people["second"])
    sandbox.move_to(case.proposal_lapses_at, actor=people["operator"])
    # What fell due takes effect before the act, which is told that something changed since.
    assert refused(act, case, "admit", people["keeper"], CHECKED) == {"workflow.act.stale"}
    case.refresh_from_db()
    assert (case.state, len(lapses(case))) == ("applied", 1)
    assert refused(act, case, "admit", people["keeper"], CHECKED) == {"not_proposed"}


def test_a_later_proposal_gives_all_that_wait_its_time_and_a_decision_ends_it(people):
    case = admitted(people)
    propose(case, "suspend", people["keeper"])
    first = case.proposal_lapses_at
    later(people, first - timedelta(days=1))
    propose(case, "remove", people["keeper"])
    later(people, first + timedelta(hours=1))
    assert waiting(case) == {"suspend", "remove"}
    act(case, "suspend", people["second"], WHY)
    later(people, clock.now() + timedelta(days=60))
    assert lapses(case) == []


def test_an_application_whose_proposal_lapsed_waits_for_a_proposal_again(people):
    case = propose(apply(people), "admit", people["second"])
    later(people, case.proposal_lapses_at)
    case.refresh_from_db()
    waits = services.waiting([case], people["second"], clock.now())
    assert (case.state, waits) == ("applied", {case.pk: {"propose"}})


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "提议失效时间"), ("en", "Proposal lapses at")]
)
def test_the_page_tells_when_a_proposal_lapses_and_that_it_did(client, people, language, words):
    case = admitted(people)
    propose(case, "suspend", people["second"])
    client.force_login(User.objects.get(username="keeper"), BACKEND)

    def page():
        url = f"/cases/{EXPERT.code}/{case.pk}/"
        return client.get(url, headers={"accept-language": language}).content.decode()

    assert words in page()
    later(people, case.proposal_lapses_at)
    told = "提议逾期未决定，已失效" if language == "zh-hans" else "Proposal lapsed undecided"
    assert told in page()


def before_the_upgrade(case):
    """The file as it was while proposals had no end, and what the upgrade makes of it."""
    Deadline.objects.filter(machine=EXPERT.code, case_pk=case.pk).delete()
    Expert.objects.filter(pk=case.pk).update(proposal_lapses_at=None)
    import_module("procurement.migrations.0026_expert_proposals_lapse").start_clocks(apps, None)
    case.refresh_from_db()
    return case


def test_what_was_proposed_before_there_was_a_clock_lapses_thirty_days_later(people):
    case = admitted(people)
    propose(case, "suspend", people["keeper"])
    told = [one.name for one in Deadline._meta.fields if one.name not in {"id", "status"}]
    clocks = Deadline.objects.filter(machine=EXPERT.code, case_pk=case.pk, ended_at=None)
    (own,) = clocks.values(*told)
    case = before_the_upgrade(case)
    (made,) = clocks.values(*told)
    # The machine's clock goes on past the holiday into which the thirtieth day falls.
    thirtieth = date(2025, 10, 1)
    assert case.proposal_lapses_at == clock.end_of(thirtieth)
    assert made == own | {"due_at": clock.end_of(thirtieth), "last_day": thirtieth}
    later(people, clock.end_of(thirtieth))
    case.refresh_from_db()
    assert (case.proposal_lapses_at, waiting(case)) == (None, set())


def test_what_waited_too_long_already_lapses_no_earlier_than_the_last_act_of_the_file(people):
    case = admitted(people)
    propose(case, "suspend", people["keeper"])
    Deadline.objects.filter(machine=EXPERT.code, case_pk=case.pk).delete()
    later(people, clock.now() + timedelta(days=90))
    job = {"uscc": samples.OWNER, "since": date(2024, 1, 1)}
    act(case, "report_employer", people["expert"], job)
    case = before_the_upgrade(case)
    run_due()
    (lapsed,) = lapses(case)
    assert lapsed.at == acts_of(case)[-2].at
    assert waiting(case) == set()


def test_a_file_of_which_nothing_waits_gets_no_clock(people):
    case = before_the_upgrade(admitted(people))
    assert case.proposal_lapses_at is None
    assert not Deadline.objects.filter(machine=EXPERT.code, case_pk=case.pk).exists()


def test_the_desk_tells_until_when_a_proposal_waits(people):
    case = admitted(people)
    propose(case, "suspend", people["keeper"])
    (row,) = pages._proposed(people["second"], clock.now())
    assert row.due is not None
    assert row.due.at == case.proposal_lapses_at
