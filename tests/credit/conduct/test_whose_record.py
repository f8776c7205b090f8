"""Whoever a record is about has the rights of an enterprise over it, a contractor or not."""

from __future__ import annotations

import pytest
from django.test import Client

from credit.conduct.machine import RECORD
from credit.enterprises.models import Enterprise
from kernel import clock
from kernel.access.table import REPRESENTATIVE, TABLE
from kernel.errors import NotPermitted
from kernel.parties.models import User
from kernel.workflow.models import Deadline
from tests.conftest import member
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, REPAIR, act, later, notified, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]

ROLES = TABLE.representatives()
EVERY_ROLE = pytest.mark.parametrize("role", ROLES)


@pytest.fixture
def people(role):
    """Officers, and who speaks in a role: for the firm that is recorded, and for another."""
    found = samples.officers()
    found["spoken"] = member("spoken", role, region="230102", serial=31)
    found["stranger"] = member("stranger", role, region="230102", serial=33)
    Enterprise.objects.create(uscc=FIRM, name="示例企业", entered_at=clock.now())
    return found


def client(name):
    found = Client()
    found.force_login(User.objects.get(username=name))
    return found


def page(record):
    return f"/cases/{RECORD.code}/{record.pk}/"


def test_every_kind_of_firm_has_a_role_that_speaks_for_it():
    assert set(ROLES) >= {
        "agency_clerk", "chief_supervisor", "contractor_clerk", "crew_leader", "installer_clerk",
        "lessor_clerk", "owner_clerk",
    }  # fmt: skip
    assert not {"worker", "expert", "trustee", "operator", "project_manager"} & set(ROLES)
    assert not any(TABLE.roles[code].authority for code in ROLES)


@EVERY_ROLE
def test_it_reads_what_it_is_told_and_states_before_it_is_published(people, role):
    record = notified(people)
    desk = client("spoken").get("/desk/").content.decode()
    assert f"{page(record)}state/" in desk or page(record) in desk
    assert "还剩" in desk  # with the clock of the prior notice
    assert client("spoken").get(page(record)).status_code == 200
    stated = act(record, "state", people["spoken"], {"statement": "事实有误。"})
    assert stated.state == "stated"


@EVERY_ROLE
def test_it_disputes_and_applies_for_repair(people, role):
    record = published(people)
    disputed = act(record, "dispute", people["spoken"], {"reason": "认定有误。"})
    accepted = act(disputed, "accept_objection", people["one"])
    upheld = act(accepted, "uphold", people["two"], {"reason": "无误。"})
    later(people, 200)
    assert act(upheld, "apply_repair", people["spoken"], REPAIR).state == "repair_applied"


@EVERY_ROLE
def test_it_says_what_it_has_to_say_of_a_listing(people, role):
    record = act(published(people), "propose_list", people["one"], {"reason": "理由。"})
    said = act(record, "state_listing", people["spoken"], {"statement": "已整改。"})
    assert said.listing_statement


@EVERY_ROLE
def test_of_anothers_record_it_reads_and_does_nothing(people, role):
    record = notified(people)
    assert client("stranger").get(page(record)).status_code == 403
    assert page(record) not in client("stranger").get("/desk/").content.decode()
    with pytest.raises(NotPermitted):
        act(record, "state", people["stranger"], {"statement": "事实有误。"})
    later(people, 10)
    for code, data in (("dispute", {"reason": "认定有误。"}), ("apply_repair", REPAIR)):
        with pytest.raises(NotPermitted):
            act(record, code, people["stranger"], data)


@EVERY_ROLE
def test_its_desk_leads_to_its_credit_and_every_record_there_opens(people, role):
    record = published(people)
    spoken = client("spoken")
    assert "/credit/mine/" in spoken.get("/desk/").content.decode()
    assert page(record) in spoken.get("/credit/mine/").content.decode()
    assert spoken.get(page(record)).status_code == 200


@pytest.mark.parametrize("role", ["owner_clerk"])
def test_who_is_not_in_the_archive_finds_its_records_all_the_same(people, role):
    record = published(people)
    Enterprise.objects.all().delete()
    mine = client("spoken").get("/credit/mine/").content.decode()
    assert "还不在企业信息档案中" in mine
    assert page(record) in mine


@pytest.mark.parametrize("role", ["lessor_clerk"])
def test_the_clock_of_the_notice_is_addressed_to_whoever_speaks_for_the_firm(people, role):
    record = notified(people)
    clock_row = Deadline.objects.get(machine=RECORD.code, case_pk=record.pk, ended_at=None)
    assert clock_row.role == REPRESENTATIVE
    assert TABLE.role_label(clock_row.role) == "企业经办人"
