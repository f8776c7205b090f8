"""A filing is whole and in time, judged by its owner, and follows the station's report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kernel import clock
from kernel.events.models import Event
from kernel.workflow.due import run_due
from kernel.workflow.models import Act
from tests.procurement.projects import building as b

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C = "procurement.completion_filing."


@pytest.fixture
def who(monkeypatch):
    b.answered(monkeypatch)
    return b.people()


@pytest.fixture
def works(who):
    return b.caused(b.WORKS, b.completed(who, b.started(who)).pk, "accept")


@pytest.fixture
def filing(works):
    return b.filing_of(works)


@pytest.mark.parametrize("kind", b.FILING_PAPERS)
def test_each_missing_document_is_named(who, filing, kind):
    some = b.papers(*(k for k in b.FILING_PAPERS if k != kind))
    found = b.codes(b.FILING, filing.pk, "submit", who["owner"], b.file_payload(documents=some))
    assert found == {_C + "document_missing"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"performance": "superb"}, "performance_missing"),
        ({"performance_reasons": ""}, "performance_unreasoned"),
        ({"residential": True}, "document_missing"),
        ({"documents": b.papers(*b.FILING_PAPERS, "poem")}, "kind_unlisted"),
    ],
)
def test_a_filing_with_a_fault_is_refused(who, filing, changes, code):
    found = b.codes(b.FILING, filing.pk, "submit", who["owner"], b.file_payload(**changes))
    assert found == {_C + code}


def test_homes_need_papers_of_their_own(who, filing):
    whole = b.papers(*b.FILING_PAPERS, "home_papers")
    payload = b.file_payload(residential=True, documents=whole)
    assert b.codes(b.FILING, filing.pk, "submit", who["owner"], payload) == set()


def test_a_filing_on_day_sixteen_is_overdue_and_stays_so(who, filing):
    # Accepted on 22 September: day fifteen is 7 October, a holiday; it rolls to the 9th.
    b.move(who, datetime(2025, 10, 9, 23, 59, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.FILING, filing.pk).state == "draft"
    b.move(who, datetime(2025, 10, 12, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    late = b.case(b.FILING, filing.pk)
    assert late.state == "overdue" and late.overdue
    told = Event.objects.get(name="procurement.completion.overdue").payload
    assert told["owner_uscc"] == late.owner_uscc
    assert told["document_number"] == f"{late.works_number}-YQ"
    fell = Act.objects.get(machine=b.FILING, case_pk=filing.pk, transition="fall_overdue")
    assert fell.at == datetime(2025, 10, 9, 16, tzinfo=UTC)
    done = b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    assert done.state == "submitted" and done.overdue


def test_nothing_is_filed_without_the_stations_report_or_against_it(who, works, filing):
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "receipt", who["permit"])
    found = b.codes(b.FILING, filing.pk, "file", who["permit"])
    assert found == {_C + "station_report_missing"}
    breach = {"conclusion": "验收组成员不符合规定", "breach": True}
    b.act(b.WORKS, works.pk, "station_report", who["station"], breach)
    assert b.codes(b.FILING, filing.pk, "file", who["permit"]) == {_C + "breach_found"}
    b.act(b.FILING, filing.pk, "stop_use", who["permit"], {"reason": "程序违规"})
    again = b.act(b.FILING, filing.pk, "reaccept", who["owner"], b.file_payload())
    assert again.state == "submitted"


def test_use_is_stopped_for_fifteen_days_only(who, filing):
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "receipt", who["permit"])
    found = b.codes(b.FILING, filing.pk, "stop_use", who["permit"], {"reason": ""})
    assert found == {"workflow.reason.missing"}
    b.move(who, datetime(2025, 10, 20, 9, tzinfo=clock.LEGAL_ZONE))
    found = b.codes(b.FILING, filing.pk, "stop_use", who["permit"], {"reason": "违规"})
    assert found == {_C + "stop_too_late"}


def test_a_whole_filing_is_filed_and_tells_how_the_contractor_performed(who, works, filing):
    from kernel.events.models import Event

    b.act(b.WORKS, works.pk, "station_report", who["station"], {"conclusion": "符合规定"})
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "return", who["permit"], {"reason": "补盖章"})
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "receipt", who["permit"])
    done = b.act(b.FILING, filing.pk, "file", who["permit"])
    assert done.filing_number == f"{works.project_number}-JX-001"
    told = Event.objects.get(name="procurement.completion.filed").payload
    assert told["performance"] == "good" and told["works_number"] == works.number
    assert told["document_number"] == done.filing_number
