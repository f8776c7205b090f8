"""Deadlines take effect at their own time, whoever comes late; only legal time moves them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel import clock
from kernel.errors import Conflict, NotPermitted, Refused
from kernel.events.models import Event
from kernel.evidence.models import LogEntry
from kernel.regulation import calendars
from kernel.regulation.due import due
from kernel.workflow import sandbox
from kernel.workflow.due import confirm_provisional, run_due
from kernel.workflow.models import Act, Deadline, RefusedAct, SandboxClock
from procurement.projects.models import Project
from tests.procurement.projects.samples import act, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(people):
    project = submitted(people["clerk"])
    act(project, "return", people["officer"], {"reason": "请补正规划许可证"})
    # As if the year's holidays were all announced.
    Deadline.objects.update(provisional=False)
    return Project.objects.get(pk=project.pk)


def clock_of(project):
    return Deadline.objects.get(case_pk=project.pk, ended_at=None)


def move(people, instant):
    while clock.now() < instant:
        sandbox.move_to(min(instant, clock.now() + timedelta(days=399)), actor=people["operator"])


def test_a_late_worker_changes_nothing_legally(people, returned):
    due_at = clock_of(returned).due_at
    move(people, due_at + timedelta(days=50))
    run_due()
    lapse = Act.objects.get(case_pk=returned.pk, transition="lapse")
    assert lapse.at == due_at
    assert LogEntry.objects.get(pk=lapse.log_index).at == due_at
    assert Project.objects.get(pk=returned.pk).changed_at == due_at
    assert lapse.person is None


def test_without_any_worker_the_next_act_finds_the_lapse_done(people, returned):
    due_at = clock_of(returned).due_at
    seen = returned.version
    move(people, due_at + timedelta(days=3))
    with pytest.raises(Conflict) as refused:
        act(returned, "submit", people["clerk"], seen=seen)
    assert refused.value.refusals[0].facts["changes"][0]["act"] == "lapse"
    project = Project.objects.get(pk=returned.pk)
    assert (project.state, project.changed_at) == ("draft", due_at)
    assert RefusedAct.objects.filter(case_pk=returned.pk).exists()


def test_an_act_a_second_before_the_deadline_is_in_time(people, returned):
    deadline = clock_of(returned)
    move(people, deadline.due_at - timedelta(seconds=60))
    act(returned, "submit", people["clerk"])
    deadline.refresh_from_db()
    assert deadline.status == Deadline.Status.MET


def test_running_twice_takes_effect_once(people, returned):
    move(people, clock_of(returned).due_at + timedelta(days=1))
    run_due()
    run_due()
    assert Act.objects.filter(case_pk=returned.pk, transition="lapse").count() == 1


def test_an_authority_that_is_late_is_named_late_and_may_still_decide(people):
    project = submitted(people["clerk"])
    Deadline.objects.update(provisional=False)
    deadline = clock_of(project)
    move(people, deadline.due_at + timedelta(days=2))
    run_due()
    deadline.refresh_from_db()
    assert deadline.status == Deadline.Status.MISSED and deadline.ended_at is None
    event = Event.objects.get(name="workflow.deadline_missed")
    assert event.occurred_at == deadline.due_at
    act(project, "accept", people["officer"])
    deadline.refresh_from_db()
    assert deadline.status == Deadline.Status.LATE and deadline.ended_at is not None


def test_a_clock_over_an_unannounced_year_takes_no_effect_until_it_is_confirmed(people, returned):
    deadline = clock_of(returned)
    unknown = calendars.last_confirmed_day() + timedelta(days=40)
    Deadline.objects.filter(pk=deadline.pk).update(
        provisional=True, last_day=unknown, due_at=clock.now() - timedelta(days=1)
    )
    run_due()
    assert Project.objects.get(pk=returned.pk).state == "returned"
    assert act(returned, "submit", people["clerk"]).state == "submitted"


def test_a_provisional_clock_is_computed_again_once_its_year_is_known(people, returned):
    deadline = clock_of(returned)
    begun = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    Deadline.objects.filter(pk=deadline.pk).update(
        provisional=True,
        started_at=begun,
        last_day=date(2026, 3, 30),
        due_at=clock.now() + timedelta(days=90),
    )
    assert confirm_provisional() == 1
    fresh = clock_of(returned)
    right = due(begun, fresh.period_key, region=returned.region)
    assert (fresh.due_at, fresh.last_day, fresh.provisional) == (right.at, right.last_day, False)
    assert LogEntry.objects.filter(kind="workflow.deadline_confirmed").count() == 1
    assert confirm_provisional() == 0


def test_the_sandbox_clock_moves_legal_time_only_and_is_logged(people):
    legal, technical = clock.now(), clock.technical_now()
    sandbox.move_to(legal + timedelta(days=10), actor=people["operator"])
    assert clock.now() - legal >= timedelta(days=10)
    assert clock.technical_now() - technical < timedelta(minutes=5)
    assert LogEntry.objects.filter(kind="workflow.sandbox_clock").count() == 1


def test_the_sandbox_clock_never_goes_back(people):
    sandbox.move_to(clock.now() + timedelta(days=10), actor=people["operator"])
    before = SandboxClock.objects.get().offset
    with pytest.raises(Refused):
        sandbox.move_to(clock.now() - timedelta(days=1), actor=people["operator"])
    assert SandboxClock.objects.get().offset == before


def test_outside_a_sandbox_nobody_moves_the_clock(people, settings):
    settings.SANDBOX = False
    with pytest.raises(NotPermitted):
        sandbox.move_to(clock.now() + timedelta(days=1), actor=people["operator"])


def test_leases_and_sessions_stand_still_when_legal_time_moves(people, signed_in):
    from kernel.events import services
    from kernel.events.models import Delivery
    from tests.procurement.projects.samples import registered

    client = signed_in("clerk")
    registered(people["clerk"], people["officer"])
    delivery = Delivery.objects.get(subscriber="procurement.projects.certificate")
    claim = services._claim(delivery.pk)
    assert claim is not None
    sandbox.move_to(clock.now() + timedelta(days=300), actor=people["operator"])
    assert services._claim(delivery.pk) is None
    assert client.get("/desk/").status_code == 200
