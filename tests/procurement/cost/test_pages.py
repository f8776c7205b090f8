"""The formats of bills are there for everybody, before anybody logs in."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import etree
from openpyxl import load_workbook

pytestmark = pytest.mark.django_db


def test_the_template_is_fetched_without_log_in(client):
    answer = client.get("/bills/template/")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(load_workbook(BytesIO(answer.content)).sheetnames) == 9


def test_the_schema_is_a_schema(client):
    answer = client.get("/bills/schema/")
    assert answer.headers["Content-Type"] == "application/xml"
    etree.XMLSchema(etree.fromstring(answer.content))


@pytest.mark.parametrize("page", ["template", "schema"])
def test_nothing_is_sent_to_them(client, page):
    assert client.post(f"/bills/{page}/").status_code == 405
