"""A firm finds on its desk what it was served and the list that it is on, with what it may do."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import Client

from credit.conduct import firm_desk
from credit.conduct.machine import RECORD
from kernel import clock
from kernel.documents.models import Document, StoredFile
from kernel.parties.models import User
from kernel.web.case_pages import case_url
from tests.credit.conduct import samples
from tests.credit.conduct.samples import act, later, listed, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return samples.officers()


def paper(record, form, at=None):
    """A paper of a record that an officer of the authority has signed."""
    at = at or clock.now()
    file = StoredFile.objects.create(
        sha256=hashlib.sha256(f"{record.pk}{form}".encode()).hexdigest(), size=1, created_at=at
    )
    return Document.objects.create(
        form=f"credit.conduct.{form}", form_version=1, title="示例文书", language="zh-hans",
        case_machine=RECORD.code, case_pk=str(record.pk), number=f"WS-2025-{record.pk}{form}",
        data="{}", data_sha256="0" * 64, state="issued", issued_at=at, created_at=at,
        check_code=f"{form:0<12}"[:12], draft_file=file, signed_file=file,
    )  # fmt: skip


def rows(people, who="firm"):
    return list(firm_desk.rows(people[who], clock.now()))


def test_a_served_paper_stands_on_the_firms_desk_with_what_may_be_done_and_until_when(people):
    record = published(people)
    notice = paper(record, "notice", record.published_at)
    (row,) = rows(people)
    assert (row.reference, row.url) == (notice.number, case_url(record))
    assert row.act == "收到文书：行为认定告知书（可以办理：提出异议）"
    assert row.due.at > clock.now() and row.due.article and not row.only_told
    act(record, "dispute", people["firm"], {"reason": "理由。"})
    (row,) = rows(people)
    assert row.act == "收到文书：行为认定告知书" and row.due is None and row.only_told


def test_a_notice_has_the_clock_of_the_say_that_comes_before_publication(people):
    record = samples.notified(people)
    paper(record, "notice")
    browser = Client()
    browser.force_login(User.objects.get(username="firm"))
    page = browser.get("/desk/").content.decode()
    assert "陈述申辩" in page and "09-08 24:00" in page


@pytest.mark.parametrize("served", ["notified", "proposed"])
def test_a_paper_that_may_be_answered_stands_once_on_the_desk(people, served):
    if served == "notified":
        record = samples.notified(people)
    else:
        record = act(published(people), "propose_list", people["one"], {"reason": "理由。"})
    paper(record, "notice")
    browser = Client()
    browser.force_login(User.objects.get(username="firm"))
    page = browser.get("/desk/").content.decode()
    assert page.count(f'href="{case_url(record)}') == 1
    assert "陈述申辩" in page


def test_of_several_papers_the_last_stands_there_and_not_for_ever(people):
    record = published(people)
    paper(record, "notice", clock.now() - timedelta(days=9))
    last = paper(record, "correction")
    assert [row.reference for row in rows(people)] == [last.number]
    later(people, 61)
    assert not rows(people)


def test_a_paper_that_nobody_signed_yet_was_served_on_nobody(people):
    record = published(people)
    Document.objects.filter(pk=paper(record, "notice").pk).update(
        state="awaiting_signature", issued_at=None
    )
    assert not rows(people)


def test_a_listed_firm_reads_its_term_and_from_when_it_may_ask_to_leave(people):
    record = listed(people, published(people))
    paper(record, "listing")
    on_the_list, served = rows(people)
    assert on_the_list.reference == record.number
    assert on_the_list.act == "在失信名单上（最早 2026-03-20 可以申请提前移出）"
    assert on_the_list.due.last_day.isoformat() == "2026-09-19"
    assert served.act == "收到文书：名单处理决定书"  # what may be done stands in the other row
    later(people, 190)
    (on_the_list,) = rows(people)
    assert on_the_list.act == "在失信名单上（可以办理：申请提前移出名单）"


def test_nobody_else_reads_it_and_the_desk_shows_it(people):
    record = listed(people, published(people))
    for who in ("other", "one", "operator"):
        assert not rows(people, who)
    browser = Client()
    browser.force_login(User.objects.get(username="firm"))
    page = browser.get("/desk/").content.decode()
    assert f'href="{case_url(record)}"' in page and "在失信名单上" in page
