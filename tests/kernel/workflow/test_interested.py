"""An officer who acts for one side of a case, too, leaves it to another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel import clock
from kernel.errors import NotPermitted
from kernel.parties.models import Membership, User
from kernel.web.case_pages import act_url
from kernel.workflow import judge, selectors
from kernel.workflow.firing import fire
from kernel.workflow.models import RefusedAct
from tests.procurement.projects.samples import submitted

pytestmark = pytest.mark.django_db
BACK = {"reason": "补正"}


def beside(person, firm, until=None):
    Membership.objects.create(
        person_id=person.person_id,
        organisation_id=firm.organisation_id,
        role=firm.role,
        valid_from=date(2024, 1, 1),
        valid_to=until,
    )


def returned(people, project):
    return fire(
        project.machine.code, project.pk, "return", actor=people["officer"], payload=BACK,
        key="back", seen_version=project.version,
    )  # fmt: skip


def test_an_officer_decides_nothing_on_a_case_of_whom_they_act_for(people):
    """One person, two memberships: the clerk who asks is the officer who answers."""
    project = submitted(people["clerk"])
    beside(people["officer"], people["clerk"])
    with pytest.raises(NotPermitted) as found:
        returned(people, project)
    assert [r.code for r in found.value.refusals] == ["access.act.interested"]
    assert RefusedAct.objects.get().refusals[0]["code"] == "access.act.interested"


def test_who_acts_for_somebody_else_or_did_is_no_side(people):
    project = submitted(people["clerk"])
    beside(people["officer"], people["stranger"])
    beside(people["officer"], people["clerk"], until=clock.today() - timedelta(days=1))
    assert returned(people, project).state == "returned"


def test_a_party_that_a_case_names_in_a_list_is_a_side(people):
    firm = people["stranger"]
    project = submitted(people["clerk"])
    type(project).objects.filter(pk=project.pk).update(
        parties=[{"role": "design_firm", "uscc": firm.uscc, "name": firm.organisation_name}]
    )
    beside(people["officer"], firm)
    with pytest.raises(NotPermitted):
        returned(people, project)


def test_a_page_says_so_at_once_and_a_desk_offers_nothing(people):
    """Who may not decide fills in no form first."""
    project = submitted(people["clerk"])
    officer, now = people["officer"], clock.now()
    assert any(act.allowed for act in judge.what_next(project.machine, project, officer, now))
    assert selectors.desk([project.machine], officer, at=now)
    beside(officer, people["clerk"])
    asked = judge.what_next(project.machine, project, officer, now)
    of_office = [act for act in asked if act.transition.code in ("accept", "return")]
    assert len(of_office) == 2
    for act in of_office:
        assert [r.code for r in act.refusals] == ["access.act.interested"]
    assert not selectors.desk([project.machine], officer, at=now)


def test_the_form_is_not_shown_to_who_must_leave_it_to_another(people, client):
    project = submitted(people["clerk"])
    beside(people["officer"], people["clerk"])
    client.force_login(User.objects.get(person_id=people["officer"].person_id))
    page = client.get(act_url(project, "return"))
    assert "应当回避" in page.content.decode()
    assert 'name="reason"' not in page.content.decode()
