"""The public registers of conduct say until when each record stands there."""

from __future__ import annotations

import pytest
from django.test import Client

from credit.conduct.machine import RECORD
from credit.scoring import explaining, shown
from kernel import clock
from kernel.web import formats
from kernel.workflow.models import Deadline
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, listed, published
from tests.credit.enterprises.samples import licence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def register(address):
    return Client().get(address).content.decode()


def test_the_list_tells_the_last_day_of_each_term_and_not_that_of_the_showing():
    people = samples.officers()
    listed(people, published(people))
    page = register("/credit/records/listed/")
    assert "名单期限至" in page and "公示至" not in page
    assert "2026-09-19" in page
    Deadline.objects.filter(period_key="conduct.list.term").delete()
    assert "至移出名单" in register("/credit/records/listed/")


def test_the_register_of_all_records_tells_until_when_each_is_shown():
    people = samples.officers()
    published(people)
    page = register("/credit/records/")
    assert "公示至" in page and "名单期限至" not in page


def test_what_is_published_at_the_end_of_a_day_is_of_that_day_on_every_page():
    people = samples.officers()
    licence(people)
    record = published(people)
    assert formats.second(record.published_at).endswith("24:00:00")
    said = formats.second(record.published_at)[:10]
    assert f">{said}<" in register("/credit/records/")
    assert f"{said} 24:00" in register(f"/credit/enterprises/{FIRM}/")


def test_the_last_day_on_which_a_record_weighs_is_the_last_on_which_it_is_shown():
    people = samples.officers()
    licence(people)
    record = published(people)
    samples.settle()
    told = explaining.explain(FIRM, clock.today(), clock.now(), language="zh")
    (row,) = shown.rows(told)
    assert row["last_day"] == formats.last_day(record.shown_until)


@pytest.mark.parametrize("act", ["propose_dismissal", "propose_storage", "propose_revocation"])
def test_a_proposal_on_what_nobody_sees_yet_says_nothing_of_showing(act):
    assert "照常公布" not in str(RECORD.transition(act).effect)
    assert "照常公布" in str(RECORD.transition("propose_repair").effect)
