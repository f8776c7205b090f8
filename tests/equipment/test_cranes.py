"""A crane on record: whose and how old it is, hired by one at a time, public once filed."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from equipment.leasing.machine import HIRE
from equipment.leasing.models import Hire
from equipment.registry import rules
from equipment.registry.models import LiftingMachine
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.workflow import judge
from kernel.workflow.due import run_due
from kernel.workflow.machines import machine
from tests.equipment import samples as s
from tests.equipment.samples import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "balloon"}, "kind_unlisted"),
        ({"purchased_on": date(2021, 1, 1)}, "dates"),
        ({"photo_sha256": "0" * 64}, "file_missing"),
    ],
)
def test_an_unsound_plate_is_refused_by_name(people, changes, code):
    assert refused(None, "open", people["lessor"], s.plate(**changes)) == {code}


def test_one_crane_is_on_record_once(people):
    one = s.opened(people)
    again = s.plate(serial=one.serial)
    assert refused(None, "open", people["rival"], again) == {"taken"}


@pytest.mark.parametrize("written", ["S-12", "S-1 2", "ｓ-12", "s—１２", "S 12"])
def test_one_crane_is_on_record_once_however_its_plate_is_copied(people, written):
    s.opened(people, serial="S-12")
    again = s.plate(serial=written, maker="示例 重工")
    assert refused(None, "open", people["rival"], again) == {"taken"}


def test_a_scrapped_crane_never_comes_back_however_it_ended(people):
    one = s.idle(people, serial="S-1")
    s.act(one, "scrap", people["lessor"], {"reason": "评估不合格"})
    again = s.plate(serial="S-1", manufactured_on=one.manufactured_on)
    assert refused(None, "open", people["rival"], again) == {"taken"}
    s.act(one, "deregister", people["officer"], {"reason": "已报废"})
    assert refused(None, "open", people["rival"], again) == {"taken"}


def test_a_crane_that_was_deregistered_comes_back_as_old_as_it_is(people):
    one = s.opened(people, serial="S-1")
    s.act(one, "apply", people["lessor"], s.PAPERS)
    s.act(one, "file", people["officer"])
    s.act(one, "deregister", people["officer"], {"reason": "转让"})
    young = s.plate(serial="S-1", manufactured_on=date(2024, 3, 1), purchased_on=date(2024, 4, 1))
    assert refused(None, "open", people["rival"], young) == {"made_before"}
    s.act(None, "open", people["rival"], s.plate(serial="s1"))


def test_machines_on_record_learn_their_plates_and_twins_stay_on_record(people):
    one, two = s.opened(people, serial="S-1"), s.opened(people, serial="S-2")
    gone = s.idle(people, serial="S-3")
    s.act(gone, "scrap", people["lessor"], {"reason": "示例"})
    every = LiftingMachine.objects.all()
    every.update(plate_key="", scrapped=False)
    every.filter(pk=two.pk).update(serial="s 1")
    import_module("equipment.migrations.0003_plates").plates_are_compared(apps, None)
    assert [s.fresh(m).plate_key for m in (one, two)] == ["示例重工|s1", f"示例重工|s1#{two.pk}"]
    assert s.fresh(gone).scrapped


def test_each_missing_document_of_filing_is_named(people):
    one = s.opened(people)
    with pytest.raises(Refused) as found:
        s.act(one, "apply", people["lessor"], {"papers": s.PAPERS["papers"][:3]})
    assert len(found.value.refusals) == 2


def test_a_crane_past_its_life_is_not_filed(people):
    one = s.opened(people, manufactured_on=date(2008, 1, 1), purchased_on=date(2008, 2, 1))
    assert refused(one, "apply", people["lessor"], s.PAPERS) == {"life_over"}


@pytest.mark.parametrize(
    ("kind", "capacity", "years"),
    [
        ("tower_crane", 629, 10),
        ("tower_crane", 630, 15),
        ("tower_crane", 1249, 15),
        ("tower_crane", 1250, 20),
        ("construction_hoist", 50, 8),
        ("material_hoist", 50, 5),
    ],
)
def test_life_goes_by_kind_and_size(kind, capacity, years):
    from equipment import citing

    assert rules.life_years(kind, capacity, citing.values(date(2025, 9, 1))) == years


def test_who_does_not_own_it_does_not_offer_it(people):
    one = s.idle(people)
    with pytest.raises(NotPermitted):
        s.act(one, "offer", people["rival"], s.OFFER)


def test_an_offer_has_a_price(people):
    one = s.idle(people)
    assert refused(one, "offer", people["lessor"], s.OFFER | {"daily_rent_fen": 0}) == {
        "rent_missing"
    }


def test_a_hire_needs_an_own_site_a_free_crane_and_a_right_period(people):
    one = s.idle(people)
    with pytest.raises(Refused) as found:
        s.asked(people, one, machine_number="QZ0", site_number="x", to_on=clock.today())
    codes = {reason.code.rpartition(".")[2] for reason in found.value.refusals}
    assert codes == {"machine_unknown", "site_unknown", "period"}


def test_life_covers_the_whole_hire(people):
    one = s.idle(people, manufactured_on=date(2011, 3, 1), purchased_on=date(2011, 4, 1))
    with pytest.raises(Refused) as found:
        s.asked(people, one)
    assert {r.code for r in found.value.refusals} == {"equipment.machine.life_short"}


def test_two_ask_and_one_hires(people):
    one = s.idle(people)
    first, second = s.asked(people, one), s.asked(people, one)
    s.act(first, "agree", people["lessor"], {"contract_number": "租-1"}, HIRE)
    s.settle()
    assert s.fresh(one).state == "rented"
    found = refused(second, "agree", people["lessor"], {"contract_number": "租-2"}, HIRE)
    assert found == {"machine_taken"}


def test_one_hire_at_a_time_before_the_machine_hears_of_it(people):
    one = s.idle(people)
    first, second = s.asked(people, one), s.asked(people, one)
    s.act(first, "agree", people["lessor"], {"contract_number": "租-1"}, HIRE)
    # The event has not been delivered: the machine still looks idle.
    found = refused(second, "agree", people["lessor"], {"contract_number": "租-2"}, HIRE)
    assert found == {"machine_taken"}


def test_the_database_itself_keeps_one_hire_at_a_time(people):
    from django.db import IntegrityError, connection, transaction

    one = s.idle(people)
    first, second = s.asked(people, one), s.asked(people, one)
    s.act(first, "agree", people["lessor"], {"contract_number": "租-1"}, HIRE)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE equipment_hire SET state = 'agreed' WHERE id = %s", [second.pk])
    assert Hire.objects.filter(state="agreed").count() == 1


def aged(people):
    """A crane that waits for a hire, two months before its life is over."""
    made = date(2010, 11, 1)
    return s.idle(people, manufactured_on=made, purchased_on=made)


def test_a_life_that_is_over_takes_a_crane_off_the_market_and_the_inspector_decides(people):
    one = aged(people)
    s.later(people, (date(2025, 11, 1) - clock.today()).days)
    assert s.fresh(one).state == "idle"
    s.later(people, 1)
    assert s.fresh(one).state == "assess"
    failed = {"report_number": "评-1", "reason": "主要结构锈蚀"}
    with pytest.raises(NotPermitted):
        s.act(one, "fail_assessment", people["lessor"], failed)
    found = refused(one, "fail_assessment", people["inspector"], {})
    assert found == {"report_missing", "missing"}
    s.act(one, "fail_assessment", people["inspector"], failed)
    assert s.fresh(one).state == "scrapped"


def test_a_life_that_was_assessed_is_over_on_the_new_day(people):
    one = aged(people)
    s.act(one, "assess", people["lessor"])
    passed = {"passed": True, "report_number": "评-1", "usable_until": date(2025, 9, 20)}
    s.act(one, "pass_assessment", people["inspector"], passed)
    s.later(people, (date(2025, 9, 21) - clock.today()).days)
    assert s.fresh(one).state == "assess"


def test_a_life_that_ended_on_the_site_is_over_when_the_crane_is_back(people):
    one = s.rented(people)
    s.LiftingMachine.objects.filter(pk=one.pk).update(life_ends_on=date(2025, 9, 2))
    s.later(people, 5)
    s.act(one, "return_idle", people["lessor"])
    run_due()
    assert s.fresh(one).state == "assess"


def test_a_hire_does_not_end_while_the_crane_is_on_the_site(people):
    s.in_use(people)
    hire = Hire.objects.get()
    assert refused_by_itself(hire, "end") == {"not_returned"}


def refused_by_itself(hire, code):
    """What the platform's own act on a hire is refused for."""
    kind = machine(HIRE.code)
    facts = judge.load_facts(kind, hire, clock.now())
    found = judge.refusals(kind, kind.transition(code), hire, facts, None)
    return {reason.code.removeprefix("equipment.hire.") for reason in found}


def test_a_crane_comes_back_only_with_a_passed_assessment(people):
    one = aged(people)
    s.later(people, (date(2025, 11, 2) - clock.today()).days)
    assert s.fresh(one).state == "assess"
    failed = {"report_number": "评-1", "passed": False, "usable_until": date(2026, 11, 1)}
    for changes in ({}, {"passed": True, "usable_until": clock.today()}):
        found = refused(one, "pass_assessment", people["inspector"], failed | changes)
        assert found == {"assessment_failed"}


def test_back_in_the_yard_the_hire_is_over_and_it_can_be_hired_again(people):
    one = s.in_use(people)
    s.act(one, "dismantle", people["installer"], s.PLAN)
    s.act(one, "return_idle", people["lessor"])
    s.settle()
    one = s.fresh(one)
    assert (one.state, one.site_number, one.hire_id) == ("idle", "", None)
    assert Hire.objects.get().state == "ended"
    s.asked(people, one)


def test_registers_and_pages_are_public_once_filed(people, client):
    hidden = s.opened(people)
    one = s.in_use(people)
    for url in ("/equipment/machines/", "/equipment/market/", f"/equipment/machines/{one.number}/"):
        assert client.get(url).status_code == 200
    assert one.number in client.get("/equipment/machines/").content.decode()
    assert client.get(f"/equipment/machines/SB{hidden.pk:08d}/").status_code == 404
    assert LiftingMachine.objects.count() == 2


def test_a_crane_is_found_once_it_is_filed(people):
    from kernel.search.selectors import find

    one = s.opened(people)
    assert not find("QTZ80", kinds=("machine",)).hits
    s.act(one, "apply", people["lessor"], s.PAPERS)
    s.act(one, "file", people["officer"])
    s.settle()
    (hit,) = find("QTZ80", kinds=("machine",)).hits
    assert hit.key == s.fresh(one).number
