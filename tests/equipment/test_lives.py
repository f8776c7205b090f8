"""How long a crane may still be used: what an assessment may allow, and what a hire may outlast."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from equipment.leasing.machine import HIRE
from equipment.registry import rules
from kernel import clock
from kernel.errors import Refused
from tests.equipment import samples as s

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
AGREED = {"contract_number": "租-1"}


@pytest.fixture
def people():
    return s.people()


def refused(one, code, actor, payload=None, machine=s.MACHINE):
    with pytest.raises(Refused) as found:
        s.act(one, code, actor, payload, machine)
    return {reason.code for reason in found.value.refusals}


def assessed(one, people, until):
    s.act(one, "assess", people["lessor"])
    passed = {"passed": True, "report_number": "评-1", "usable_until": until}
    s.act(one, "pass_assessment", people["inspector"], passed)


def test_an_assessment_allows_no_longer_than_its_kind_and_size(people):
    one = s.idle(people)
    s.act(one, "assess", people["lessor"])
    today = clock.today()
    longest = today.replace(year=today.year + 2)  # a tower crane of 800 kN·m
    passed = {"passed": True, "report_number": "评-1", "usable_until": longest + timedelta(days=1)}
    found = refused(one, "pass_assessment", people["inspector"], passed)
    assert found == {"equipment.machine.assessment_too_long"}
    s.act(one, "pass_assessment", people["inspector"], passed | {"usable_until": longest})
    assert s.fresh(one).life_ends_on == longest


@pytest.mark.parametrize(
    ("kind", "capacity", "years"),
    [
        ("tower_crane", 400, 1), ("tower_crane", 630, 2), ("tower_crane", 1250, 3),
        ("construction_hoist", 0, 2), ("material_hoist", 0, 1),
    ],
)  # fmt: skip
def test_how_long_an_assessment_holds_goes_by_kind_and_size(people, kind, capacity, years):
    from equipment import citing

    assert rules.assessed_years(kind, capacity, citing.values(clock.today())) == years


def test_a_hire_is_not_agreed_beyond_a_life_that_was_cut_short_meanwhile(people):
    one = s.idle(people)
    hire = s.asked(people, one)
    assessed(one, people, clock.today() + timedelta(days=100))
    s.act(one, "offer", people["lessor"], s.OFFER)
    found = refused(hire, "agree", people["lessor"], AGREED, HIRE)
    assert found == {"equipment.machine.life_short"}
    shorter = s.asked(people, s.fresh(one), to_on=clock.today() + timedelta(days=90))
    s.act(shorter, "agree", people["lessor"], AGREED, HIRE)
    s.settle()
    assert s.fresh(one).state == "rented"


def test_a_hire_whose_last_day_has_passed_is_not_agreed(people):
    one = s.idle(people, manufactured_on=date(2022, 3, 1))
    hire = s.asked(people, one, to_on=clock.today() + timedelta(days=3))
    s.later(people, 4)
    assert refused(hire, "agree", people["lessor"], AGREED, HIRE) == {"equipment.hire.over"}
