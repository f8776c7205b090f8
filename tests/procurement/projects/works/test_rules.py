"""Each condition of permit, pause, acceptance and end refuses by its name, and lets pass."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kernel import clock
from kernel.documents import engine
from kernel.documents.models import Document
from kernel.events.models import Event
from kernel.events.procurement_contracts import ContractTerminated
from kernel.events.registry import Envelope
from kernel.identifiers import permit_number
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from kernel.workflow.order import violations
from procurement.projects.selectors import works_open
from procurement.projects.works import needs
from procurement.projects.works.machine import WORKS
from procurement.projects.works.subscribers import (
    permit_is_taken_back,
    print_permit,
    unbuilt_works_are_abandoned,
)
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C = "procurement.works."


@pytest.fixture
def who(monkeypatch):
    b.answered(monkeypatch)
    return b.people()


@pytest.fixture
def works(who):
    number = registered(who["owner"], who["officer"]).number
    b.passed(number, who)
    return b.contracted(number, who)


def without(kind):
    return b.papers(*(k for k in b.PERMIT_PAPERS if k != kind))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("land", "land_use"),
        ("planning", "planning_permit"),
        ("site", "site_condition"),
        ("funds", "funding_arrangement"),
        ("quality", "quality_measures"),
        ("safety", "safety_measures"),
        ("quality_procedure", "quality_procedure"),
        ("safety_procedure", "safety_procedure"),
    ],
)
def test_a_permit_without_a_condition_is_refused_by_its_name(who, works, name, kind):
    payload = b.application(who, papers=without(kind))
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == {_C + f"condition_{name}"}


def test_a_permit_without_a_contractor_is_refused(who, works):
    from kernel.parties.models import Membership

    Membership.objects.filter(organisation__uscc=works.contractor_uscc).delete()
    found = b.codes(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
    assert found == {_C + "condition_contractor"}


def test_a_permit_without_passed_drawings_is_refused(who):
    number = registered(who["owner"], who["officer"]).number
    works = b.contracted(number, who)
    found = b.codes(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
    assert found == {_C + "condition_drawings"}


@pytest.mark.parametrize(
    "need", ["wage_account", "wage_bond", "payment_security", "safety_licence"]
)
def test_a_need_that_does_not_hold_or_that_nobody_answers_refuses(who, works, monkeypatch, need):
    assert need in needs.PERMIT_NEEDS and len(needs.PERMIT_NEEDS) == 4
    b.answered(monkeypatch, **{need: ""})
    payload = b.application(who)
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == {_C + f"need_{need}"}
    monkeypatch.delitem(needs._providers, need)
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == {_C + "need_unanswered"}
    b.answered(monkeypatch)
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dangerous": []}, "dangerous_list_missing"),
        ({"no_dangerous": True}, "dangerous_list_missing"),
        ({"dangerous": [{"kind": "deep_pit"}]}, "dangerous_measures_missing"),
        ({"trade": "99"}, "trade_missing"),
        ({"design_uscc": ""}, "party_unknown"),
        ({"papers": [*b.papers(*b.PERMIT_PAPERS), *b.papers("poem")]}, "kind_unlisted"),
    ],
)
def test_an_application_with_a_fault_is_refused(who, works, changes, code):
    payload = b.application(who, **changes)
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == {_C + code}


def test_a_file_of_somebody_else_is_refused(who, works):
    foreign = b.photo(who["stranger"])
    named = b.papers(*b.PERMIT_PAPERS)
    named[0]["file_sha256"] = foreign
    payload = b.application(who, papers=named)
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == {_C + "file_missing"}


def test_no_dangerous_parts_may_be_declared(who, works):
    payload = b.application(who, dangerous=[], no_dangerous=True)
    assert b.codes(b.WORKS, works.pk, "apply", who["owner"], payload) == set()


def test_a_permit_has_its_number_and_three_months_to_begin(who):
    works = b.permitted(who)
    assert works.number == f"{works.project_number}-W01"
    number = permit_number.parse(works.permit_number)
    assert (number.region, number.registered_on, number.trade) == (
        "230102", date(2025, 9, 1), "01",
    )  # fmt: skip
    clocks = Deadline.objects.get(machine=b.WORKS, case_pk=works.pk, period_key="works.start")
    assert clocks.last_day == date(2025, 12, 1)


def test_a_permit_is_extended_twice_and_void_thereafter(who):
    works = b.permitted(who)
    reason = {"reason": "冬季不宜开工"}
    for last in (date(2026, 3, 1), date(2026, 6, 1)):
        b.act(b.WORKS, works.pk, "extend", who["permit"], reason)
        row = Deadline.objects.get(machine=b.WORKS, case_pk=works.pk, period_key="works.start")
        # A last day on a rest day rolls on; 1 March 2026 is a Sunday.
        assert row.last_day - last <= timedelta(days=1)
    assert b.codes(b.WORKS, works.pk, "extend", who["permit"], reason) == {_C + "extensions_used"}
    b.move(who, datetime(2026, 6, 3, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.WORKS, works.pk).state == "permit_void"
    assert b.codes(b.WORKS, works.pk, "start", who["owner"]) == {"workflow.act.not_in_state"}
    told = Event.objects.get(name="procurement.works.permit_voided").payload
    assert told["permit_number"] == works.permit_number


def lapsed(who):
    """Works whose permit lapsed: three months went by."""
    works = b.permitted(who)
    b.move(who, datetime(2025, 12, 3, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    return b.case(b.WORKS, works.pk)


def test_works_whose_permit_lapsed_are_built_under_another_permit(who):
    works = lapsed(who)
    assert works.state == "permit_void" and not WORKS.state("permit_void").final
    # The conditions are asked for again, whole.
    found = b.codes(b.WORKS, works.pk, "apply", who["owner"], b.application(who, papers=[]))
    assert _C + "condition_land" in found
    b.act(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
    again = b.act(b.WORKS, works.pk, "permit", who["permit"])
    assert again.permit_number != works.permit_number
    assert (again.permitted_on, again.extensions) == (date(2025, 12, 3), 0)
    assert clock.legal_date(again.start_due_at - timedelta(microseconds=1)) == date(2026, 3, 3)
    assert b.act(b.WORKS, works.pk, "start", who["owner"]).state == "under_construction"


@pytest.mark.parametrize("state", ["contracted", "permitted", "permit_void", "under_construction"])
def test_works_that_nobody_began_end_with_their_contract_and_others_do_not(who, state):
    if state == "contracted":
        number = registered(who["owner"], who["officer"]).number
        works = b.contracted(number, who)
    else:
        made = {"permitted": b.permitted, "permit_void": lapsed, "under_construction": b.started}
        works = made[state](who)
    assert works.state == state
    ended = ContractTerminated(
        1, works.contract_number, works.project_number, works.owner_uscc, works.contractor_uscc,
        "", "", clock.today(),
    )  # fmt: skip
    unbuilt_works_are_abandoned(Envelope(7, "procurement.contract:1", clock.now(), ended), None)
    expected = state if state == "under_construction" else "abandoned"
    assert b.case(b.WORKS, works.pk).state == expected
    kept = works_open(works.project_number)
    assert kept == ((works.number,) if state == "under_construction" else None)


@pytest.mark.skipif(not engine.available()[0], reason=engine.available()[2])
def test_a_lapsed_permit_is_said_to_have_lapsed_by_whoever_checks_its_paper(who):
    lapsed(who)
    printed = print_permit(b.told("procurement.works.permitted"))
    # As its officer has signed it; what signs is tested with documents.
    file = Document.objects.get(pk=printed).draft_file
    Document.objects.filter(pk=printed).update(
        state="issued", issued_at=clock.now(), signed_file=file
    )
    permit_is_taken_back(b.told("procurement.works.permit_voided"), None)
    paper = Document.objects.get(pk=printed)
    assert (paper.state, paper.revoked_because) == ("revoked", "逾期未开工，施工许可证自行废止")


def test_work_resumes_within_a_year_and_is_rechecked_after(who):
    works = b.started(who)
    stop = {"suspended_on": "2025-09-01", "reason": "资金"}
    late = {"suspended_on": "2025-09-02", "reason": "资金"}
    found = b.codes(b.WORKS, works.pk, "suspend", who["owner"], late)
    assert found == {_C + "suspension_day"}
    b.act(b.WORKS, works.pk, "suspend", who["owner"], stop)
    assert b.codes(b.WORKS, works.pk, "recheck", who["permit"]) == {_C + "recheck_not_needed"}
    b.act(b.WORKS, works.pk, "resume", who["owner"])
    b.act(b.WORKS, works.pk, "suspend", who["owner"], stop)
    b.move(who, datetime(2026, 9, 1, 9, tzinfo=clock.LEGAL_ZONE))
    assert b.codes(b.WORKS, works.pk, "resume", who["owner"]) == {_C + "recheck_needed"}
    assert b.act(b.WORKS, works.pk, "recheck", who["permit"]).state == "under_construction"


def test_the_station_is_told_seven_working_days_before(who):
    works = b.started(who)
    tell = "notify_acceptance"
    # From Monday 1 September the seventh working day is Wednesday 10 September.
    for day, code in (
        ("2025-09-09", {_C + "notice_too_late"}), ("0001-01-01", {_C + "notice_too_late"}),
        (None, {_C + "acceptance_day_missing"}),
        ("2025-09-10", set()),
    ):  # fmt: skip
        assert b.codes(b.WORKS, works.pk, tell, who["owner"], {"planned_on": day}) == code


def test_an_acceptance_too_early_is_refused(who):
    works = b.started(who)
    payload = b.completion()
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], payload)
    assert found == {_C + "station_not_told"}
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": "2025-09-22"})
    b.move(who, datetime(2025, 9, 9, 9, tzinfo=clock.LEGAL_ZONE))
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], payload)
    assert found == {_C + "acceptance_too_early"}
    b.move(who, datetime(2025, 9, 10, 9, tzinfo=clock.LEGAL_ZONE))
    assert b.codes(b.WORKS, works.pk, "report_completion", who["owner"], payload) == set()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("scope_complete", "scope"),
        ("technical_file", "technical_file"),
        ("material_tests", "material_tests"),
        ("quality_documents", "quality_documents"),
        ("warranty", "warranty"),
        ("fire_acceptance", "fire"),
        ("planning_acceptance", "planning_acceptance"),
    ],
)
def test_works_that_lack_something_are_not_accepted(who, kind, name):
    works = b.started(who)
    b.act(b.WORKS, works.pk, "notify_acceptance", who["owner"], {"planned_on": "2025-09-22"})
    b.move(who, datetime(2025, 9, 22, 9, tzinfo=clock.LEGAL_ZONE))
    some = b.completion(completion_papers=b.papers(*(k for k in b.COMPLETION if k != kind)))
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], some)
    assert found == {_C + f"condition_{name}"}


def test_works_end_after_report_filing_archive_and_settlement(who, monkeypatch):
    works = b.completed(who, b.started(who))
    b.act(b.WORKS, works.pk, "fail_acceptance", who["owner"], {"reason": "渗漏"})
    again = b.completion()
    b.act(b.WORKS, works.pk, "report_completion", who["owner"], again)
    works = b.caused(b.WORKS, works.pk, "accept")
    assert works.acceptance_number.endswith("-YS02") and works.accepted_on == date(2025, 9, 22)
    report = {"conclusion": ""}
    found = b.codes(b.WORKS, works.pk, "station_report", who["station"], report)
    assert found == {_C + "conclusion_missing"}
    b.act(b.WORKS, works.pk, "station_report", who["station"], {"conclusion": "符合规定"})
    found = b.codes(b.WORKS, works.pk, "station_report", who["station"], {"conclusion": "再报"})
    assert found == {_C + "station_reported"}
    clocks = Deadline.objects.filter(machine=b.WORKS, case_pk=works.pk, state="accepted")
    assert clocks.get(period_key="acceptance.station_report").status == "met"
    b.caused(b.WORKS, works.pk, "file", {"filing_id": 1})
    assert b.codes(b.WORKS, works.pk, "close", who["owner"]) == {_C + "archive_missing"}
    found = b.codes(b.WORKS, works.pk, "hand_over_archive", who["owner"])
    assert found == {_C + "archive_receipt_missing"}
    receipt = {"archive_receipt": "示例档字第 1 号"}
    b.act(b.WORKS, works.pk, "hand_over_archive", who["owner"], receipt)
    found = b.codes(b.WORKS, works.pk, "hand_over_archive", who["owner"], receipt)
    assert found == {_C + "archived_already"}
    b.answered(monkeypatch, settlement="")
    assert b.codes(b.WORKS, works.pk, "close", who["owner"]) == {_C + "need_settlement"}
    b.answered(monkeypatch)
    assert b.act(b.WORKS, works.pk, "close", who["owner"]).state == "closed"


def test_a_wrong_order_is_refused(who, works):
    for act, by in (("permit", "permit"), ("start", "owner"), ("close", "owner")):
        assert b.codes(b.WORKS, works.pk, act, who[by]) == {"workflow.act.not_in_state"}


def test_others_do_nothing_with_works(who, works):
    for name in ("stranger", "contractor", "permit"):
        found = b.codes(b.WORKS, works.pk, "apply", who[name], b.application(who))
        assert found == {"access.act.not_permitted"}


def test_what_happened_to_works_stands_in_the_order_of_the_law(who):
    works = b.caused(b.WORKS, b.completed(who, b.started(who)).pk, "accept")
    broken = {v.act.name for v in violations(works.project_number, clock.now())}
    # No contract was signed by the samples; nothing else may be missing.
    assert broken <= {"procurement.works.apply"}
