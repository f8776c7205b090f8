"""One fact has one article and stands in one table, whichever page says what a score is."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils.html import escape

from credit import citing
from credit.enterprises.models import Enterprise
from credit.scoring import explaining, selectors, services
from kernel import clock
from kernel.documents.models import Document
from kernel.parties.models import User
from tests.credit.conduct import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
STATED = "《示例条例》第九条"
OPEN = f"/credit/enterprises/{samples.FIRM}/"
CAPTION = re.compile(r"<caption[^>]*>([^<]*)</caption>")


@pytest.fixture
def firm():
    people = samples.officers()
    Enterprise.objects.create(uscc=samples.FIRM, name="示例建筑公司", entered_at=clock.now())
    samples.published(people, item="hazard_major", article=STATED)
    samples.published(people, item="late_filing")
    browser = Client()
    browser.force_login(User.objects.get(username="firm"))
    return browser


def rows(page):
    """What stands in each row of the table of contributions, by its first cell."""
    (table,) = [
        part for part in page.split("<table")[1:] if CAPTION.search(part)[1] == "信用分的构成"
    ]
    found = {}
    for row in table.split("</table>")[0].split("<tr>")[1:]:
        label, *cells = [re.sub("<[^>]*>", "", cell).strip() for cell in row.split("</td>")]
        found[label] = cells
    return found


def test_every_page_and_paper_rests_a_fact_on_the_same_article(firm):
    told = explaining.explain(samples.FIRM, clock.today(), clock.now())
    articles = {one["label"]: one["article"] for one in told["contributions"]}
    assert articles["重大事故隐患"] == STATED
    assert articles["逾期办理竣工验收备案"] == selectors.item_words(clock.now())["late_filing"][1]
    held = services.certificate(samples.FIRM, at=clock.now(), purpose="test:1")
    for address in (OPEN, "/credit/mine/", f"/credit/certificates/{held.number}/"):
        shown = rows(firm.get(address).content.decode())
        for label, article in articles.items():
            assert article in shown[label], address
    firm.post("/credit/mine/report/")
    samples.settle()
    printed = json.loads(Document.objects.get(form="credit.report").data)
    (table,) = [block for block in printed["blocks"] if block.get("title") == "信用分的构成"]
    cells = [[cell["text"] for cell in row["cells"]] for row in table["rows"]]
    assert {row[0]: row[3] for row in cells if row[0] in articles} == articles


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_score_is_made_of_stands_once_on_a_page(firm, language):
    held = services.certificate(samples.FIRM, at=clock.now(), purpose="test:1")
    firm.cookies["django_language"] = language
    for address in (
        OPEN, "/credit/mine/", f"{OPEN}score/", f"/credit/certificates/{held.number}/",
    ):  # fmt: skip
        page = firm.get(address).content.decode()
        captions = CAPTION.findall(page)
        assert len(captions) == len(set(captions)), address
        assert page.count('id="waterfall"') <= 1


def test_the_basis_of_a_score_is_cited_in_english_on_english_pages(firm):
    kept = selectors.item_words(clock.now())["late_filing"][1]
    held = services.certificate(samples.FIRM, at=clock.now(), purpose="test:1")
    firm.cookies["django_language"] = "en"
    english = citing.told(kept, "en")
    assert not re.search("[\u4e00-\u9fff]", english)
    for address in (OPEN, "/credit/mine/", f"/credit/certificates/{held.number}/"):
        page = firm.get(address).content.decode()
        assert escape(english) in page, address
        assert kept not in page, address
        assert STATED in page  # what an officer wrote stays as it was written
