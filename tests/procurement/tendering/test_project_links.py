"""A project's public page leads to its notices and its works, once everybody may read them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.procurement.tendering import samples

pytestmark = pytest.mark.django_db


def page(number: str) -> str:
    return Client().get(f"/projects/{number}/").content.decode()


def test_the_public_page_leads_to_notices_that_are_out_and_to_no_other(market):
    project = samples.project(market)
    assert "相关业务" not in page(project.number)
    hidden = samples.approved(market, project)
    assert hidden.number not in page(project.number)
    samples.act(hidden, "publish", market["owner"])
    hidden.refresh_from_db()
    assert f'href="/notices/{hidden.number}/"' in page(project.number)
