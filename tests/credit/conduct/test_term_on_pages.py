"""A term that runs out by itself is told with its act; nobody is named as who must act."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from credit.conduct.machine import RECORD
from kernel.parties.models import User
from kernel.workflow.models import Act
from tests.credit.conduct import samples
from tests.credit.conduct.samples import act, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def page(actor, url):
    client = Client()
    client.force_login(User.objects.get(person_id=actor.person_id), BACKEND)
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_end_of_the_showing_names_no_clerk_of_the_enterprise():
    people = samples.officers()
    record = published(people)
    told = page(people["firm"], f"/cases/{RECORD.code}/{record.pk}/")
    steps = re.findall(r'<li class="zx-step zx-step-next".*?</li>', told)
    (step,) = [one for one in steps if "公示至" in one]
    assert "企业经办人" not in step
    assert "到期时由平台自动办理" in step


def test_a_receipt_whose_case_waits_for_nobody_tells_the_term():
    people = samples.officers()
    record = published(people)
    act(record, "dispute", people["firm"], {"reason": "方案已于当日批准。"})
    row = Act.objects.filter(machine=RECORD.code, case_pk=record.pk).latest("pk")
    told = page(people["firm"], f"/cases/{RECORD.code}/{record.pk}/receipts/{row.version}/")
    assert "下一步由企业经办人办理" not in told
