"""What the platform does because of something else: once for one cause, if it still can."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.errors import NotPermitted
from kernel.workflow.following import follow
from kernel.workflow.models import Act
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from tests.procurement.projects.samples import act, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(people):
    project = submitted(people["clerk"])
    act(project, "return", people["officer"], {"reason": "请补正"})
    return Project.objects.get(pk=project.pk)


def cause(project, key="event:1"):
    return follow(PROJECT.code, project.pk, "lapse", key=key, at=clock.now())


def test_the_same_cause_has_one_effect(returned):
    first, again = cause(returned), cause(returned)
    assert first is not None and again is not None
    assert again.replayed and again.act_id == first.act_id
    assert Act.objects.filter(case_pk=returned.pk, transition="lapse").count() == 1


def test_what_was_overtaken_is_left_alone(returned):
    assert cause(returned) is not None
    assert cause(returned, "event:2") is None


def test_the_platform_does_no_act_of_people(people):
    project = submitted(people["clerk"])
    with pytest.raises(NotPermitted):
        follow(PROJECT.code, project.pk, "accept", key="event:1", at=clock.now())
    assert Project.objects.get(pk=project.pk).state == "submitted"
