"""What happened to a crane on a site stays part of the project after the crane has left."""

from __future__ import annotations

import pytest

from equipment.sites.models import MachineSite
from kernel import clock
from kernel.workflow import order
from kernel.workflow.models import Act
from kernel.workflow.project_cases import acts_in, clocks_in, outlines_of
from tests.equipment import samples as s

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
PROJECT, KIND = "2301022509010101", {"equipment.machine"}


@pytest.fixture
def gone(people):
    """A crane that was used on the site and is back in its yard."""
    one = s.in_use(people)
    s.act(one, "dismantle", people["installer"], s.PLAN)
    s.act(one, "return_idle", people["lessor"])
    s.settle()
    assert s.fresh(one).project_number == ""
    return one


def test_a_crane_that_left_is_still_held_to_the_order_of_the_law(gone):
    done = {act.name for act in order.log_of(PROJECT) if act.case == gone.case_ref}
    assert {f"equipment.machine.{code}" for code in ("file", "rent", "use", "return_idle")} <= done
    assert order.violations(PROJECT, clock.now()) == []
    Act.objects.filter(machine="equipment.machine", transition="test").delete()
    (found,) = order.violations(PROJECT, clock.now())
    assert (found.act.name, found.reason) == ("equipment.machine.accept", "not_preceded")


def test_a_project_tells_of_a_crane_what_happened_during_its_stay(gone):
    (found,) = (one for one in outlines_of(PROJECT) if one.machine.code in KIND)
    assert found.case_ref == gone.case_ref and found.state == "idle"
    told = [row[4] for row in acts_in(PROJECT, KIND)]
    assert told[0] == "rent" and told[-1] == "return_idle"
    assert {"notify_installation", "install", "test", "accept", "register_use"} <= set(told)
    # Its clocks are its owner's again.
    assert clocks_in(PROJECT, KIND) == []


def test_nothing_is_told_of_what_a_crane_does_at_the_next_project(people, gone):
    other = "2301022509010202"
    MachineSite.objects.filter(number=s.SITE).update(project_number=other)
    before = acts_in(PROJECT, KIND)
    s.later(people, 1)
    hire = s.asked(people, s.fresh(gone))
    s.act(hire, "agree", people["lessor"], {"contract_number": "租-2"}, s.HIRE)
    s.settle()
    assert s.fresh(gone).project_number == other
    assert acts_in(PROJECT, KIND) == before
    rents = [act.name for act in order.log_of(PROJECT) if act.name.endswith(".rent")]
    assert len(rents) == 1


def test_a_crane_that_comes_again_is_told_once(people, gone):
    s.later(people, 1)
    hire = s.asked(people, s.fresh(gone))
    s.act(hire, "agree", people["lessor"], {"contract_number": "租-2"}, s.HIRE)
    s.settle()
    assert sum(case.machine.code in KIND for case in outlines_of(PROJECT)) == 1
    rows = [row[1] for row in acts_in(PROJECT, KIND)]
    assert len(rows) == len(set(rows))
