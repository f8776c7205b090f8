"""A filing is whole and in time, judged by its owner, and follows the station's report."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from kernel import clock
from kernel.errors import Refused, catalogue
from kernel.events.models import Event
from kernel.web import formats
from kernel.workflow.due import run_due
from kernel.workflow.models import Act, Deadline
from procurement.projects.filing.models import CompletionFiling
from procurement.projects.filing.paper import filing_is_opened
from procurement.projects.works.subscribers import acceptance_is_annulled
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


def test_a_missing_document_is_named_in_the_language_of_who_asks(who, filing):
    payload = b.file_payload(residential=True)
    with override("en"), pytest.raises(Refused) as refused:
        b.act(b.FILING, filing.pk, "submit", who["owner"], payload)
    with override("en"):
        (said,) = [catalogue.message(reason) for reason in refused.value.refusals]
    assert "Quality guarantee and manual of homes" in said
    assert not formats.has_han(said)


def test_a_file_that_nobody_brought_is_refused_by_its_row(who, filing):
    named = b.papers(*b.FILING_PAPERS)
    named[0]["file_sha256"] = b.photo(who["stranger"])
    payload = b.file_payload(documents=named)
    assert b.codes(b.FILING, filing.pk, "submit", who["owner"], payload) == {_C + "file_missing"}


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


def stopped(who, works, filing):
    """Use is stopped for a breach; events are delivered by hand, nothing is printed."""
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "receipt", who["permit"])
    breach = {"conclusion": "验收组成员不符合规定", "breach": True}
    b.act(b.WORKS, works.pk, "station_report", who["station"], breach)
    b.act(b.FILING, filing.pk, "stop_use", who["permit"], {"reason": "程序违规"})
    acceptance_is_annulled(b.told("procurement.completion.use_stopped"), None)
    return b.case(b.WORKS, works.pk)


def test_works_whose_use_is_stopped_are_accepted_again_and_filed(who, works, filing):
    again = stopped(who, works, filing)
    assert again.state == "reacceptance" and again.accepted_on is None
    assert not again.station_breach and again.station_reported_on is None
    # Nobody hands the file in again before the works are accepted again.
    for act in ("submit", "file"):
        by = who["owner" if act == "submit" else "permit"]
        payload = b.file_payload() if act == "submit" else None
        assert b.codes(b.FILING, filing.pk, act, by, payload) == {"workflow.act.not_in_state"}
    with pytest.raises(Refused) as refused:
        b.caused(b.FILING, filing.pk, "reaccept")
    assert {r.code for r in refused.value.refusals} == {_C + "works_not_accepted"}
    # The station is told anew: the notice of the first acceptance is none for the second.
    papers = b.completion()
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], papers)
    assert found == {"procurement.works.station_not_told"}
    day = datetime(2025, 10, 20, 10, tzinfo=clock.LEGAL_ZONE)
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": day.date()})
    b.move(who, day)
    reported = b.act(b.WORKS, works.pk, "report_completion", who["owner"], papers)
    assert reported.acceptance_number.endswith("-YS02")
    accepted = b.caused(b.WORKS, works.pk, "accept")
    filing_is_opened(b.told("procurement.works.accepted"), None)
    case = b.case(b.FILING, filing.pk)
    assert case.state == "reaccepted" and case.receipted_at is None
    assert Deadline.objects.get(
        machine=b.FILING, case_pk=filing.pk, ended_at=None
    ).last_day == date(2025, 11, 4)
    assert CompletionFiling.objects.count() == 1
    b.act(b.WORKS, accepted.pk, "station_report", who["station"], {"conclusion": "符合规定"})
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "receipt", who["permit"])
    assert b.act(b.FILING, filing.pk, "file", who["permit"]).state == "filed"


def test_works_accepted_again_and_not_filed_are_overdue(who, works, filing):
    stopped(who, works, filing)
    day = datetime(2025, 10, 20, 10, tzinfo=clock.LEGAL_ZONE)
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": day.date()})
    b.move(who, day)
    b.act(b.WORKS, works.pk, "report_completion", who["owner"], b.completion())
    b.caused(b.WORKS, works.pk, "accept")
    filing_is_opened(b.told("procurement.works.accepted"), None)
    b.move(who, datetime(2025, 11, 5, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.FILING, filing.pk).state == "overdue"


def test_an_archive_that_was_handed_over_is_not_asked_for_again(who, works, filing):
    receipt = {"archive_receipt": "示例档字第 1 号"}
    b.act(b.WORKS, works.pk, "hand_over_archive", who["owner"], receipt)
    stopped(who, works, filing)
    day = datetime(2025, 10, 20, 10, tzinfo=clock.LEGAL_ZONE)
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": day.date()})
    b.move(who, day)
    b.act(b.WORKS, works.pk, "report_completion", who["owner"], b.completion())
    assert b.caused(b.WORKS, works.pk, "accept").archive_due_at is None


def test_a_file_sent_back_and_not_mended_is_overdue_fifteen_days_after_the_acceptance(who, filing):
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.move(who, datetime(2025, 9, 25, 9, tzinfo=clock.LEGAL_ZONE))
    b.act(b.FILING, filing.pk, "return", who["permit"], {"reason": "补盖章"})
    # Accepted on 22 September: day fifteen is 7 October, a holiday; it rolls to the 9th.
    b.move(who, datetime(2025, 10, 9, 23, 59, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.FILING, filing.pk).state == "returned"
    b.move(who, datetime(2025, 10, 10, 0, 0, tzinfo=clock.LEGAL_ZONE))
    run_due()
    late = b.case(b.FILING, filing.pk)
    assert late.state == "overdue" and late.overdue
    # Sent back once more it is late already: it does not become late a second time.
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.act(b.FILING, filing.pk, "return", who["permit"], {"reason": "再补"})
    b.move(who, datetime(2025, 12, 1, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.FILING, filing.pk).state == "returned"
    assert Event.objects.filter(name="procurement.completion.overdue").count() == 1


def test_who_handed_in_on_time_and_hears_of_a_fault_after_the_term_has_days_to_mend_it(who, filing):
    b.move(who, datetime(2025, 10, 9, 16, tzinfo=clock.LEGAL_ZONE))
    b.act(b.FILING, filing.pk, "submit", who["owner"], b.file_payload())
    b.move(who, datetime(2025, 10, 13, 9, tzinfo=clock.LEGAL_ZONE))
    b.act(b.FILING, filing.pk, "return", who["permit"], {"reason": "补盖章"})
    b.move(who, datetime(2025, 10, 20, 23, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.FILING, filing.pk).state == "returned"
    b.move(who, datetime(2025, 10, 21, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.FILING, filing.pk).state == "overdue"


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
