"""A crane goes to work as the law has it: by a qualified installer, noticed, tested, registered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from equipment.registry import rules
from equipment.registry.models import LiftingMachine
from kernel import clock
from kernel.errors import NotPermitted
from kernel.parties.models import Membership, User
from kernel.web.words import with_note
from kernel.workflow import judge, order
from kernel.workflow.machines import machine
from tests.equipment import samples as s
from tests.equipment.samples import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.mark.parametrize("act", ["notify_installation", "dismantle"])
def test_no_strange_installer_lays_hands_on_a_crane(people, act):
    """Any qualified firm could take a site's crane down, or take an installation over."""
    stranger = people["unqualified"]
    one = s.rented(people) if act == "notify_installation" else s.in_use(people)
    s.qualified(people, stranger.uscc, 53)
    with pytest.raises(NotPermitted):
        s.act(one, act, stranger, s.PLAN)
    assert s.fresh(one).state == one.state


def test_another_firm_that_is_engaged_takes_the_crane_down(people):
    one = s.in_use(people)
    other = people["unqualified"]
    named = {"installer_uscc": other.uscc, "reason": "原安装单位退出"}
    found = refused(one, "change_installer", people["contractor"], named)
    assert found == {"not_qualified", "safety_licence_missing"}
    s.qualified(people, other.uscc, 53)
    with pytest.raises(NotPermitted):
        s.act(one, "change_installer", people["stranger"], named)
    s.act(one, "change_installer", people["contractor"], named)
    with pytest.raises(NotPermitted):
        s.act(one, "dismantle", people["installer"], s.PLAN)
    s.act(one, "dismantle", other, s.PLAN)


def test_a_notice_that_is_taken_back_lets_another_firm_be_engaged(people):
    one = s.rented(people)
    s.act(one, "notify_installation", people["installer"], s.PLAN)
    assert refused(one, "recall_notice", people["contractor"], {}) == {"missing"}
    s.act(one, "recall_notice", people["contractor"], {"reason": "更换安装单位"})
    one = s.fresh(one)
    assert (one.state, one.installer_uscc, one.notified_at) == ("rented", "", None)
    with pytest.raises(NotPermitted):
        s.act(one, "notify_installation", people["installer"], s.PLAN)
    s.act(one, "engage", people["contractor"], {"installer_uscc": s.INSTALLER})
    s.act(one, "notify_installation", people["installer"], s.PLAN)


def test_installers_are_offered_by_name_and_confirmed_by_name(people, client):
    one = s.rented(people)
    s.act(one, "notify_installation", people["installer"], s.PLAN)
    s.act(one, "recall_notice", people["contractor"], {"reason": "更换安装单位"})
    named = {found.uscc: found.organisation_name for found in people.values()}
    client.force_login(
        User.objects.get(username="contractor"),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    address = f"/cases/{s.MACHINE.code}/{one.pk}/acts/engage/"
    form = client.get(address).content.decode()
    assert f'<option value="{s.INSTALLER}">{named[s.INSTALLER]}</option>' in form
    told = client.post(
        address, {"installer_uscc": s.INSTALLER, "step": "review", "seen_version": one.version + 2}
    ).content.decode()
    assert with_note(named[s.INSTALLER], s.INSTALLER) in told
    assert f"{named[one.contractor_uscc]} {one.contractor_uscc}" in told


def test_nobody_is_engaged_who_is_unknown(people):
    one = s.rented(people)
    found = refused(one, "engage", people["lessor"], {"installer_uscc": people["inspector"].uscc})
    assert found == {"installer_unknown"}


@pytest.mark.parametrize("whose", ["lessor", "installer", "contractor"])
def test_who_works_for_one_side_tests_no_crane(people, whose):
    """One person may hold two memberships, and one firm two roles: a test is an outsider's."""
    one = s.installed(people)
    Membership.objects.create(
        person_id=people["inspector"].person_id,
        organisation_id=people[whose].organisation_id,
        role=people[whose].role,
        valid_from=date(2024, 1, 1),
    )
    assert refused(one, "test", people["inspector"], s.TEST) == {"tester_interested"}


def test_who_installs_is_qualified(people):
    one = s.rented(people)
    other = people["unqualified"]
    lacking = {"not_qualified", "safety_licence_missing"}
    named = {"installer_uscc": other.uscc}
    assert refused(one, "engage", people["contractor"], named) == lacking
    LiftingMachine.objects.filter(pk=one.pk).update(installer_uscc=other.uscc)
    assert refused(one, "notify_installation", other, s.PLAN) == lacking


def test_the_scheme_is_signed_and_reviewed(people):
    one = s.rented(people)
    plan = s.PLAN | {"signed_by": "", "reviewed_by_supervision": ""}
    assert refused(one, "notify_installation", people["installer"], plan) == {"plan_incomplete"}


def test_installation_waits_two_working_days_after_the_notice(people):
    one = s.rented(people)
    s.act(one, "notify_installation", people["installer"], s.PLAN)
    assert refused(one, "install", people["installer"], s.CHECK) == {"notice_runs"}
    s.later(people, 4)
    s.act(one, "install", people["installer"], s.CHECK)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"passed": False}, "self_check_failed"),
        ({"technician": ""}, "self_check_incomplete"),
        ({"report_number": ""}, "self_check_incomplete"),
    ],
)
def test_who_installed_it_found_it_in_order_and_says_who_looked(people, changes, code):
    one = s.rented(people)
    s.act(one, "notify_installation", people["installer"], s.PLAN)
    s.later(people, 4)
    assert refused(one, "install", people["installer"], s.CHECK | changes) == {code}


def test_only_a_passed_test_lets_it_on(people):
    one = s.installed(people)
    bad = {"passed": False, "report_number": ""}
    assert refused(one, "test", people["inspector"], bad) == {"test_failed", "report_missing"}
    none = {"passed": True, "report_number": "检-1"}
    assert refused(one, "test", people["inspector"], none) == {"next_test_missing"}


def test_a_test_does_not_outlast_the_life(people):
    one = s.installed(people)
    far = s.TEST | {"next_due_on": s.fresh(one).life_ends_on + timedelta(days=1)}
    assert refused(one, "test", people["inspector"], far) == {"life_short"}


def test_an_inspection_covers_the_hire_or_a_whole_cycle(people):
    one = s.installed(people)
    until = s.fresh(one).hired_until
    short = s.TEST | {"next_due_on": until - timedelta(days=1)}
    assert refused(one, "test", people["inspector"], short) == {"inspection_short"}
    s.act(one, "test", people["inspector"], s.TEST | {"next_due_on": until})


def test_where_the_hire_is_longer_than_a_cycle_the_cycle_is_enough(people):
    one = s.installed(people, to_on=clock.today() + timedelta(days=700))
    day = clock.today()
    short = s.TEST | {"next_due_on": day.replace(year=day.year + 1) - timedelta(days=1)}
    assert refused(one, "test", people["inspector"], short) == {"inspection_short"}
    year = s.TEST | {"next_due_on": day.replace(year=day.year + 1)}
    s.act(one, "test", people["inspector"], year)


def test_acceptance_is_joint(people):
    one = s.installed(people)
    s.act(one, "test", people["inspector"], s.TEST)
    lone = s.ACCEPT | {"lessor_signatory": ""}
    assert refused(one, "accept", people["contractor"], lone) == {"acceptance_incomplete"}


def test_operators_hold_certificates_that_are_valid_today(people):
    one = s.installed(people)
    s.act(one, "test", people["inspector"], s.TEST)
    s.act(one, "accept", people["contractor"], s.ACCEPT)
    driver = s.CREW["operators"][0] | {"valid_to": date(2025, 9, 1)}
    crew = {"operators": [driver], "scheme_number": "维-1"}
    found = refused(one, "register_use", people["officer"], crew)
    assert found == {"operator_missing", "certificate_lapsed"}


def test_a_lapsed_inspection_blocks_it_by_itself_and_a_test_brings_it_back(people):
    one = s.in_use(people)
    s.later(people, (date(2026, 9, 1) - clock.today()).days)
    assert s.fresh(one).state == "in_use"
    s.later(people, 1)
    assert s.fresh(one).state == "blocked"
    again = s.TEST | {"next_due_on": date(2027, 3, 1)}
    s.act(one, "test", people["inspector"], again)
    assert s.fresh(one).state == "tested"


def crew(**until):
    """An operator of each trade; until: last days by trade, a list where there are more."""
    rows = [
        {"name": f"{trade}{n}", "trade": trade, "certificate": f"{trade}{n}", "valid_to": day}
        for trade, days in until.items()
        for n, day in enumerate(days)
    ]
    return {"operators": rows}


def test_a_crane_that_nobody_may_work_any_more_is_blocked_and_new_certificates_mend_it(people):
    one = s.in_use(people)
    first, last = clock.today() + timedelta(days=10), clock.today() + timedelta(days=20)
    data = crew(crane_driver=[first, last], rigger=[date(2027, 1, 1)])
    s.act(one, "change_operators", people["officer"], data)
    s.later(people, 11)
    assert s.fresh(one).state == "in_use"  # the second driver may still work it
    s.later(people, 9)
    assert s.fresh(one).state == "in_use"
    s.later(people, 1)
    assert (s.fresh(one).state, s.fresh(one).blocked_by) == ("blocked", "operators")
    old = crew(crane_driver=[last], rigger=[date(2027, 1, 1)])
    assert refused(one, "readmit", people["officer"], old) == {"certificate_lapsed"}
    new = crew(crane_driver=[date(2027, 1, 1)], rigger=[date(2027, 1, 1)])
    with pytest.raises(NotPermitted):
        s.act(one, "readmit", people["contractor"], new)
    s.act(one, "readmit", people["officer"], new)
    s.act(one, "use", people["contractor"])
    assert s.fresh(one).state == "in_use"


def test_new_certificates_do_not_lift_what_an_order_or_an_inspection_stopped(people):
    one = s.in_use(people)
    s.act(one, "block", people["officer"], {"reason": "险情"})
    new = crew(crane_driver=[date(2027, 1, 1)], rigger=[date(2027, 1, 1)])
    assert refused(one, "readmit", people["officer"], new) == {"blocked_otherwise"}


def test_a_crane_is_not_accepted_again_while_nobody_may_work_it(people):
    one = s.in_use(people)
    day = clock.today() + timedelta(days=3)
    s.act(one, "change_operators", people["officer"], crew(crane_driver=[day], rigger=[day]))
    s.act(one, "attach", people["contractor"])
    s.later(people, 4)
    assert refused(one, "recheck", people["contractor"], s.ACCEPT) == {"operators_lapsed"}


def test_an_operator_of_an_unlisted_trade_and_a_lapsed_inspection_register_no_use(people):
    one = s.installed(people)
    s.act(one, "test", people["inspector"], s.TEST)
    s.act(one, "accept", people["contractor"], s.ACCEPT)
    odd = {**s.CREW, "operators": [*s.CREW["operators"], s.CREW["operators"][0] | {"trade": "x"}]}
    assert refused(one, "register_use", people["officer"], odd) == {"trade_unlisted"}
    facts = judge.load_facts(machine(s.MACHINE.code), s.fresh(one), clock.now())
    lapsed = replace(facts, inspected_until=clock.today() - timedelta(days=1))
    found = [reason.code for reason in rules.inspection_holds(lapsed, None)]
    assert found == ["equipment.machine.inspection_lapsed"]


def test_a_stranger_neither_reads_nor_accepts(people):
    from kernel.workflow import judge

    one = s.installed(people)
    s.act(one, "test", people["inspector"], s.TEST)
    assert not judge.readable(one.machine, s.fresh(one), people["stranger"])
    with pytest.raises(NotPermitted):
        s.act(one, "accept", people["stranger"], s.ACCEPT)


def test_the_whole_way_stands_in_the_order_of_the_law(people):
    one = s.in_use(people)
    found = order.violations(one.project_number, clock.now())
    assert [f"{v.act.name} {v.reason}" for v in found] == []
