"""No permit while the contractor has no safety production licence on that very day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credit.enterprises.machine import LICENCE
from kernel import clock
from kernel.workflow.firing import fire
from procurement.connections import safety_licence
from procurement.projects.works import needs
from tests.conftest import member
from tests.credit.enterprises.samples import document
from tests.credit.enterprises.test_licences import safety
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
MISSING = "procurement.works.need_safety_licence"


@pytest.fixture
def who(monkeypatch):
    b.answered(monkeypatch)
    monkeypatch.setitem(needs._providers, needs.SAFETY_LICENCE, safety_licence)
    return b.people() | {
        "credit": member("credit", "credit_officer", region="230100", serial=3, authority="city")
    }


@pytest.fixture
def works(who):
    number = registered(who["owner"], who["officer"]).number
    b.passed(number, who)
    return b.contracted(number, who)


def licensed(who, days):
    """The contractor's licence, whose last day is so many days from now."""
    data = safety(
        uscc=who["contractor"].uscc, valid_to=clock.today() + timedelta(days=days),
        file_sha256=document(who["credit"]),
    )  # fmt: skip
    receipt = fire(LICENCE.code, None, "record", actor=who["credit"], payload=data, key="licence")
    return LICENCE.model.objects.get(pk=receipt.case_pk)


def applied(who, works):
    return b.act(b.WORKS, works.pk, "apply", who["owner"], b.application(who))


def test_an_application_without_a_licence_is_refused_by_name(who, works):
    found = b.codes(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
    assert found == {MISSING}


def test_a_permit_is_issued_on_the_licences_last_day(who, works):
    licensed(who, 2)
    applied(who, works)
    b.move(who, clock.now() + timedelta(days=2))
    assert b.act(b.WORKS, works.pk, "permit", who["permit"]).state == "permitted"


def test_a_licence_that_ran_out_since_the_application_gets_no_permit(who, works):
    licensed(who, 2)
    applied(who, works)
    b.move(who, clock.now() + timedelta(days=3))
    assert b.codes(b.WORKS, works.pk, "permit", who["permit"]) == {MISSING}


def test_a_licence_that_was_revoked_since_the_application_gets_no_permit(who, works):
    held = licensed(who, 900)
    applied(who, works)
    fire(
        LICENCE.code, held.pk, "revoke", actor=who["credit"], key="r", seen_version=held.version,
        payload={"document_number": "示例撤字 1 号", "reason": "不再具备安全生产条件"},
    )  # fmt: skip
    assert b.codes(b.WORKS, works.pk, "permit", who["permit"]) == {MISSING}


def test_the_licence_of_another_firm_is_none(who, works):
    fire(
        LICENCE.code, None, "record", actor=who["credit"], key="other",
        payload=safety(uscc=who["chief"].uscc, file_sha256=document(who["credit"])),
    )  # fmt: skip
    found = b.codes(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
    assert found == {MISSING}
