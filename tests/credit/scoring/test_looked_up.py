"""The public check answers for printed numbers of certificates and records that are public."""

from __future__ import annotations

import pytest
from django.test import Client

from credit.conduct.machine import RECORD
from credit.enterprises.models import Enterprise
from credit.scoring import entitled, services
from kernel import clock
from tests.credit.conduct import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    made = samples.officers()
    Enterprise.objects.create(uscc=samples.FIRM, name="示例建筑公司", entered_at=clock.now())
    return made


def asked(number):
    answer = Client().get("/check/", {"number": number})
    return answer.status_code, answer.content.decode()


def test_a_record_is_looked_up_while_it_is_shown(people):
    record = samples.published(people)
    status, page = asked(record.number.lower())
    assert (status, RECORD.code in page) == (200, False)
    assert record.number in page
    assert "公示中" in page
    assert f"/credit/enterprises/{samples.FIRM}/" in page
    type(record).objects.filter(pk=record.pk).update(kept_back=True)
    assert asked(record.number)[0] == 404


def test_a_certificate_is_looked_up_once_its_opening_is_public(people, monkeypatch):
    opening, report = "procurement.opening", "credit.report"
    held = services.certificate(samples.FIRM, at=clock.now(), purpose=f"{opening}:L1")
    own = services.certificate(samples.FIRM, at=clock.now(), purpose=f"{report}:2026-03-02")
    monkeypatch.setitem(entitled._told, opening, lambda pairs: ())
    assert asked(held.number)[0] == 404
    monkeypatch.setitem(entitled._told, opening, lambda pairs: pairs)
    status, page = asked(held.number)
    assert status == 200
    assert held.number in page
    assert "示例建筑公司" in page
    assert "其后另有新的证明" not in page
    services.certificate(samples.FIRM, at=clock.now(), purpose=f"{opening}:L2")
    assert "其后另有新的证明" in asked(held.number)[1]
    assert asked(own.number)[0] == 404
