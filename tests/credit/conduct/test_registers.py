"""The public registers of conduct say until when each record stands there."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.workflow.models import Deadline
from tests.credit.conduct import samples
from tests.credit.conduct.samples import listed, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def register(address):
    return Client().get(address).content.decode()


def test_the_list_tells_the_last_day_of_each_term_and_not_that_of_the_showing():
    people = samples.officers()
    listed(people, published(people))
    page = register("/credit/records/listed/")
    assert "名单期限至" in page and "公示至" not in page
    assert "2026-09-11" in page
    Deadline.objects.filter(period_key="conduct.list.term").delete()
    assert "至移出名单" in register("/credit/records/listed/")


def test_the_register_of_all_records_tells_until_when_each_is_shown():
    people = samples.officers()
    published(people)
    page = register("/credit/records/")
    assert "公示至" in page and "名单期限至" not in page
