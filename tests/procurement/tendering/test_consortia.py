"""The notice says whether consortia may bid (Regulations, art. 37), in words and in its data."""

from __future__ import annotations

import json

import pytest

from kernel import clock
from kernel.web.presenters import presenter_of
from procurement.tendering import papers
from procurement.tendering.procedures import registry
from tests.procurement.tendering.samples import published

pytestmark = pytest.mark.django_db


def test_no_procedure_takes_a_bid_of_several_firms():
    assert [procedure.consortia for procedure in registry.registered()] == [False, False]


def test_notice_its_data_and_the_page_say_that_consortia_are_not_taken(market, client):
    lot = published(market)
    data = papers.notice(lot, str)
    assert data["record"]["consortia"] is False
    assert "联合体投标" in json.dumps(data["blocks"], ensure_ascii=False, default=str)
    groups = presenter_of(lot.machine).facts(lot, clock.now())
    said = {str(fact.label): fact.value for group in groups for fact in group.facts}
    assert said["联合体投标"] == "不接受"
    page = client.get(f"/notices/{lot.number}/", follow=True)
    if page.status_code == 200:
        assert "联合体投标" in page.content.decode()
