"""Who is on a list lets no machine, and who deals with it reads so on the page of the hire."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse, reverse_lazy

from equipment.leasing.machine import HIRE
from equipment.leasing.models import Hire
from equipment.leasing.pages import machine_options
from equipment.registry import pages
from equipment.registry.machine import MACHINE
from kernel import clock
from kernel.errors import Refused
from kernel.web import presenters
from kernel.workflow import judge, selectors
from tests.conftest import member
from tests.credit.conduct import samples as conduct
from tests.equipment import samples as s

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
WHY = {"reason": "理由。"}


@pytest.fixture
def people():
    two = member("two", "credit_officer", region="230100", serial=3, authority="city")
    return s.people() | {"two": two}


def listed(people, uscc):
    """Two officers list a firm; heard, for the days have passed."""
    both = {"one": people["credit"], "two": people["two"], "operator": people["operator"]}
    record = conduct.published(both, uscc=uscc, item="collusion")
    record = conduct.act(record, "propose_list", both["one"], WHY)
    record = conduct.signed(record, "serve_list_notice")
    conduct.later(both, 10)
    return conduct.act(type(record).objects.get(pk=record.pk), "list", both["two"], WHY)


def shown(hire, actor):
    groups = presenters.presenter_of(HIRE).linked(hire, actor, clock.now())
    return {str(fact.label): str(fact.value) for group in groups for fact in group.facts}


def test_an_owner_on_a_list_offers_no_machine_and_is_told_by_which_document(people):
    one = s.opened(people)
    s.act(one, "apply", people["lessor"], s.PAPERS)
    s.act(one, "file", people["officer"])
    record = listed(people, people["lessor"].uscc)
    with pytest.raises(Refused) as found:
        s.act(one, "offer", people["lessor"], s.OFFER)
    (reason,) = found.value.refusals
    assert reason.code == "credit.conduct_record.listed"
    assert reason.facts == {"number": record.document_number}
    assert "241" in reason.article


def test_each_side_of_a_hire_reads_the_others_grade_and_listing(people):
    hire = Hire(
        lifting_machine=s.opened(people), lessor_uscc=people["lessor"].uscc, lessor_name="甲",
        contractor_uscc=people["contractor"].uscc, contractor_name="乙",
    )  # fmt: skip
    assert shown(hire, people["contractor"])["出租方信用等级"] == "B"
    assert "承租方信用等级" not in shown(hire, people["contractor"])
    record = listed(people, people["lessor"].uscc)
    told = shown(hire, people["contractor"])
    assert told["出租方信用等级"] == "C"
    assert told["已列入名单，依据文书"] == record.document_number
    assert shown(hire, people["lessor"]).get("承租方信用等级") == "B"


def refused(one, code, actor, payload, machine):
    with pytest.raises(Refused) as found:
        s.act(one, code, actor, payload, machine)
    return [(reason.code, reason.facts, reason.field) for reason in found.value.refusals]


def why(record, field=""):
    return ("credit.conduct_record.listed", {"number": record.document_number}, field)


def lifted(people, record):
    """Taken off the list again, by one officer and the other."""
    conduct.unlisted(people["credit"], people["two"], record)


ASK = {"site_number": s.SITE, "from_on": date(2025, 10, 1), "to_on": date(2026, 7, 1)}
AGREE = {"contract_number": "租-1"}
MARKET = reverse_lazy("equipment:market")


def test_a_machine_whose_owner_was_listed_after_offering_it_cannot_be_asked_for(people):
    one = s.idle(people)
    record = listed(people, people["lessor"].uscc)
    ask = {**ASK, "machine_number": one.number}
    reasons = refused(None, "request", people["contractor"], ask, HIRE)
    assert reasons == [why(record, "machine_number")]
    lifted(people, record)
    assert s.act(None, "request", people["contractor"], ask, HIRE).case_pk


def test_a_contractor_on_a_list_hires_no_machine(people):
    one = s.idle(people)
    record = listed(people, people["contractor"].uscc)
    ask = {**ASK, "machine_number": one.number}
    assert refused(None, "request", people["contractor"], ask, HIRE) == [why(record)]
    lifted(people, record)
    assert s.act(None, "request", people["contractor"], ask, HIRE).case_pk


@pytest.mark.parametrize("who", ["lessor", "contractor"])
def test_a_hire_is_not_agreed_while_either_side_is_on_a_list(people, who):
    one = s.idle(people)
    ask = {**ASK, "machine_number": one.number}
    pk = s.act(None, "request", people["contractor"], ask, HIRE).case_pk
    hire = Hire.objects.get(pk=pk)
    record = listed(people, people[who].uscc)
    assert refused(hire, "agree", people["lessor"], AGREE, HIRE) == [why(record)]
    # The page of the hire says so before anybody fills in a form; to refuse stays possible.
    answers = {
        act.transition.code: act
        for act in judge.what_next(HIRE, hire, people["lessor"], clock.now())
    }
    assert [r.facts for r in answers["agree"].refusals] == [{"number": record.document_number}]
    assert answers["refuse"].allowed
    s.settle()
    assert s.fresh(one).state == "idle"
    lifted(people, record)
    s.act(hire, "agree", people["lessor"], AGREE, HIRE)
    s.settle()
    assert s.fresh(one).state == "rented"


def test_the_market_shows_no_machine_of_an_owner_on_a_list(people, client):
    one = s.idle(people)
    record = listed(people, people["lessor"].uscc)
    assert one.number not in client.get(MARKET).content.decode()
    assert not list(machine_options(None, people["contractor"], clock.now()))
    # It is filed all the same: the register goes on showing it.
    assert one.number in client.get(reverse("equipment:machines")).content.decode()
    lifted(people, record)
    assert one.number in client.get(MARKET).content.decode()
    assert list(machine_options(None, people["contractor"], clock.now()))


def test_an_owner_on_a_list_reads_on_the_desk_why_its_machines_left_the_market(people):
    s.idle(people)
    now = clock.now()
    assert not list(pages.off_the_market(people["lessor"], now))
    record = listed(people, people["lessor"].uscc)
    (row,) = pages.off_the_market(people["lessor"], now)
    assert row.reference == record.document_number
    assert "241" in row.title
    assert not list(pages.off_the_market(people["rival"], now))
    lifted(people, record)
    assert not list(pages.off_the_market(people["lessor"], now))


def on_desk(people):
    rows = selectors.desk([MACHINE], people["lessor"], at=clock.now())
    return [act.code for row in rows for act in row.transitions]


def test_what_cannot_be_offered_or_is_offered_already_does_not_wait_on_a_desk(people):
    one, two = s.opened(people), s.opened(people, serial="X-2")
    for each in (one, two):
        s.act(each, "apply", people["lessor"], s.PAPERS)
        s.act(each, "file", people["officer"])
    assert on_desk(people) == ["offer", "offer"]
    s.act(one, "offer", people["lessor"], s.OFFER)
    assert on_desk(people) == ["offer"]
    old = {two.pk: two.life_ends_on, one.pk: one.life_ends_on}
    type(two).objects.filter(pk=two.pk).update(life_ends_on=date(2020, 1, 1))
    assert on_desk(people) == []
    type(two).objects.filter(pk=two.pk).update(life_ends_on=old[two.pk])
    assert on_desk(people) == ["offer"]
    listed(people, people["lessor"].uscc)
    assert on_desk(people) == []
