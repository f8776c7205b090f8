"""What happened in a project is held against the order of the law, by its number."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.workflow import order
from kernel.workflow.models import Act
from tests.procurement.projects.samples import opened, registered

pytestmark = pytest.mark.django_db


def test_a_project_is_found_with_all_its_acts(people, september):
    project = registered(people["clerk"], people["officer"])
    opened(people["clerk"])
    acts = [act.name.rpartition(".")[2] for act in order.log_of(project.number)]
    assert acts == ["open", "submit", "accept"]
    assert order.violations(project.number, clock.now()) == []


def test_an_act_out_of_order_is_found(people, september):
    project = registered(people["clerk"], people["officer"])
    # As if somebody had taken the submission away past fire(), which the log would show too.
    Act.objects.filter(transition="submit").delete()
    found = order.violations(project.number, clock.now())
    assert [(v.act.name, v.reason) for v in found] == [
        ("procurement.project.accept", "not_preceded")
    ]
