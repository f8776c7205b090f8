"""A receipt leads to what its reader can do next, and to nothing that was done or is refused."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.workflow import own_next
from kernel.workflow.firing import fire
from kernel.workflow.models import Act
from labour.roster.machine import WORKER
from procurement.evaluation.experts.machine import EXPERT
from procurement.evaluation.models import Expert
from tests.conftest import member
from tests.credit.conduct import samples as conduct
from tests.equipment import samples as equipment
from tests.labour import samples as labour
from tests.procurement.evaluation import samples as evaluation
from tests.procurement.projects import building
from tests.procurement.projects import samples as projects

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def led_to(case, actor, at=None):
    """The acts that the receipt of the last act on a case leads its reader to."""
    case = type(case).objects.get(pk=case.pk)
    done = Act.objects.filter(machine=case.machine.code, case_pk=case.pk).latest("version")
    return [act.code for act in own_next.acts(case, actor, at or clock.now(), done)]


def test_who_proposed_is_not_sent_to_propose_again_nor_to_decide():
    first, second = evaluation.officer(), evaluation.officer("keeper2")
    expert = member("expert", "expert", region="230000", serial=40)
    said = evaluation.application(expert, 1)
    pk = fire(EXPERT.code, None, "apply", actor=expert, payload=said, key="apply").case_pk
    case = Expert.objects.get(pk=pk)
    assert led_to(case, first) == ["propose"]
    proposed = {"act": "admit", "reason": "经核对"}
    fire(EXPERT.code, pk, "propose", actor=first, payload=proposed, key="propose", seen_version=1)
    assert led_to(case, first) == []
    assert led_to(case, second) == ["admit"]


def test_a_station_that_reported_is_not_sent_to_report_again(monkeypatch):
    building.answered(monkeypatch)
    who = building.people()
    works = building.completed(who, building.started(who))
    building.caused(building.WORKS, works.pk, "accept")
    assert led_to(works, who["station"]) == ["station_report"]
    building.act(
        building.WORKS, works.pk, "station_report", who["station"], {"conclusion": "符合规定"}
    )
    assert led_to(works, who["station"]) == []
    # Nor on the receipt of another's act that follows.
    building.act(
        building.WORKS, works.pk, "hand_over_archive", who["owner"], {"archive_receipt": "1"}
    )
    assert led_to(works, who["station"]) == []


def test_who_lets_a_worker_in_is_not_sent_to_see_them_off():
    who = labour.world()
    case = labour.brought(who, "worker1", "train")
    assert led_to(case, who["clerk"]) == ["admit"]
    case = labour.act(WORKER.code, case.pk, "admit", who["clerk"])
    assert led_to(case, who["clerk"]) == ["work"]
    labour.later(who, 1)
    labour.act(WORKER.code, case.pk, "work", who["clerk"], labour.day_at(clock.today(), 8, 9))
    assert led_to(case, who["clerk"]) == led_to(case, who["worker1"]) == []


def test_a_new_wage_account_leads_nobody_to_close_it():
    who = labour.people()
    labour.signed()
    assert led_to(labour.open_account(who), who["clerk"]) == []


def test_a_draft_that_lacks_something_is_submitted_next_and_nothing_is_saved_twice(people):
    draft = projects.opened(people["clerk"], funding=[], name="")
    assert led_to(draft, people["clerk"]) == ["amend", "submit"]
    projects.act(draft, "amend", people["clerk"], projects.whole(papers=[]))
    assert led_to(draft, people["clerk"]) == ["submit"]


def test_what_was_sent_back_is_sent_again(people):
    project = projects.submitted(people["clerk"])
    projects.act(project, "return", people["officer"], {"reason": "补正"})
    assert led_to(project, people["clerk"]) == ["amend", "submit"]


def test_a_worker_confirms_once():
    who = labour.world()
    crew = labour.crew_at_work(who, "worker1", "worker2")
    payroll = labour.listed(who, *(labour.line(one) for one in crew))
    labour.act("labour.payroll", payroll.pk, "confirm", who["worker1"])
    assert led_to(payroll, who["worker1"]) == []


def test_what_another_officer_has_to_confirm_leads_nobody_back():
    people = conduct.officers()
    record = conduct.captured(people)
    assert led_to(record, people["one"]) == ["verify"]
    record = conduct.act(record, "verify", people["one"])
    assert led_to(record, people["one"]) == []
    assert led_to(record, people["two"]) == ["confirm"]


def test_who_engaged_an_installer_is_not_sent_to_engage_one():
    people = equipment.people()
    one = equipment.rented(people)
    assert led_to(one, people["contractor"]) == []
    equipment.act(one, "notify_installation", people["installer"], equipment.PLAN)
    equipment.act(one, "recall_notice", people["contractor"], {"reason": "另行委托"})
    assert led_to(one, people["contractor"]) == ["engage"]


def test_a_member_is_led_from_bid_to_bid_until_all_are_voted_on():
    with evaluation.market() as market:
        walk = evaluation.Walk(market, evaluation.agency(), evaluation.experts())
        walk.open().draw().check_in().lead()
        second = walk.members()[1]
        for bid in (1, 2, 3, 4):
            assert led_to(walk.case, second) == ["vote"]
            walk.act("vote", second, evaluation.vote(bid))
        assert led_to(walk.case, second) == []
