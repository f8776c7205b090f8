"""Hazards: found with a picture, graded by criterion, assigned in all five, looked at again."""

from __future__ import annotations

import itertools
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import Refused
from kernel.events.models import Event
from kernel.workflow import judge
from kernel.workflow.due import run_due
from kernel.workflow.guarding import firing
from kernel.workflow.models import Act, Deadline
from kernel.workflow.order import violations
from labour.roster.models import Worker
from procurement.site import criteria, selectors
from procurement.site.machine import HAZARD
from procurement.site.models import Hazard
from procurement.site.selectors import open_hazards
from tests.conftest import member
from tests.procurement.projects import building as b

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
_C = "procurement.hazard."
GOLDEN = Path(__file__).parents[1] / "projects" / "golden" / "criteria.hazard.toml"


@pytest.fixture
def who(monkeypatch):
    b.answered(monkeypatch)
    return b.people()


@pytest.fixture
def works(who):
    return b.started(who)


@pytest.mark.parametrize("case", tomllib.loads(GOLDEN.read_text("utf-8"))["grade"])
def test_a_criterion_has_the_grade_of_its_day(case):
    row = criteria.criterion(case["key"], clock.start_of(case["on"]))
    found = (row["grade"], row.article) if row else ("", "")
    assert found == (case["grade"], case["article"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"photos": []}, "photo_missing"),
        ({"photos": [{"file_sha256": "0" * 64}]}, "photo_foreign"),
        ({"area": ""}, "area_missing"),
        ({"place": ""}, "place_missing"),
        ({"description": ""}, "description_missing"),
        ({"works_number": "2301020000000000-W01"}, "works_unknown"),
    ],
)
def test_a_finding_with_a_fault_is_refused(who, works, changes, code):
    payload = b.finding(who, works, **changes)
    assert b.codes(b.HAZARD, None, "find", who["station"], payload) == {_C + code}


def test_only_those_concerned_find_something(who, works):
    for name in ("other_chief", "elsewhere"):
        payload = b.finding(who, works, by=name)
        found = b.codes(b.HAZARD, None, "find", who[name], payload)
        assert found == {_C + "not_concerned"}
    payload = b.finding(who, works, by="chief")
    assert b.codes(b.HAZARD, None, "find", who["chief"], payload) == set()
    assert b.codes(b.HAZARD, None, "find", who["owner"], payload) == {"access.act.not_permitted"}


def on_the_roster(works, worker, state="working"):
    """A place on the roster of the works, as labour keeps it."""
    with firing():
        Worker(
            state=state, version=1, opened_at=clock.now(), changed_at=clock.now(), number="GR1",
            person_id=worker.person_id, site_number=works.number, site_name="示例", rate_fen=1,
            crew_uscc=worker.uscc, from_on=clock.today(), to_on=clock.today(),
        ).insert()  # fmt: skip


def test_who_builds_there_reports_a_hazard_of_the_own_site_and_is_not_held_it(who, works):
    payload = b.finding(who, works, by="manager")
    hazard = b.act(b.HAZARD, None, "find", who["manager"], payload)
    assert (hazard.found_by, hazard.found_as) == (who["contractor"].uscc, "project_manager")
    rival = member("rival", "project_manager", serial=32)
    payload = b.finding(who | {"rival": rival}, works, by="rival")
    found = b.codes(b.HAZARD, None, "find", rival, payload)
    assert found == {_C + "not_concerned"}
    graded = b.act(b.HAZARD, hazard.pk, "grade", who["chief"], {"criterion": "edge_guard"})
    told = Event.objects.get(name="procurement.hazard.confirmed")
    assert graded.self_reported
    assert told.payload["self_reported"] is True


def test_a_worker_reports_a_hazard_of_the_site_where_the_roster_has_the_worker(who, works):
    worker, other = member("worker", "worker", serial=45), member("other", "worker", serial=45)
    everybody = who | {"worker": worker, "other": other}
    payload = b.finding(everybody, works, by="worker")
    assert b.codes(b.HAZARD, None, "find", worker, payload) == {_C + "not_concerned"}
    on_the_roster(works, worker)
    assert selectors.works_of(worker) == [(works.number, f"{works.number} {works.name}")]
    hazard = b.act(b.HAZARD, None, "find", worker, payload)
    assert hazard.self_reported
    assert judge.readable(HAZARD, hazard, worker)
    assert not judge.readable(HAZARD, hazard, other)
    # A colleague who has left the site is nobody there.
    on_the_roster(works, other, "exited")
    payload = b.finding(everybody, works, by="other")
    assert b.codes(b.HAZARD, None, "find", other, payload) == {_C + "not_concerned"}


def test_a_visit_is_recorded_and_leads_to_hazards(who, works):
    visit = {
        "photos": [{"file_sha256": b.photo(who["station"])}],
        "works_number": works.number,
        "areas": ["scaffold", "power"],
        "findings": "脚手架连墙件缺失。",
    }
    code = "procurement.site_visit"
    found = b.codes(code, None, "record", who["station"], visit | {"findings": ""})
    assert found == {_C + "findings_missing"}
    found = b.codes(code, None, "record", who["station"], visit | {"areas": ["kitchen"]})
    assert found == {_C + "area_missing"}
    recorded = b.act(code, None, "record", who["station"], visit)
    hazard = b.finding(who, works, visit_id=recorded.pk)
    assert b.act(b.HAZARD, None, "find", who["station"], hazard).visit_id == recorded.pk


@pytest.mark.parametrize(
    ("criterion", "grade"), [("scaffold_ties", "major"), ("edge_guard", "general")]
)
def test_the_criterion_gives_the_grade(who, works, criterion, grade):
    found = b.act(b.HAZARD, None, "find", who["station"], b.finding(who, works))
    wrong = b.codes(b.HAZARD, found.pk, "grade", who["station"], {"criterion": "bad_luck"})
    assert wrong == {_C + "criterion_missing"}
    graded = b.act(b.HAZARD, found.pk, "grade", who["station"], {"criterion": criterion})
    assert (graded.grade, graded.notice_number) == (grade, f"{works.number}-ZG001")


@pytest.mark.parametrize(
    ("field", "empty", "code"),
    [
        ("responsible", "", "responsible_missing"),
        ("measure", "", "measure_missing"),
        ("money_fen", None, "money_missing"),
        ("rectify_by_on", "2025-08-31", "day_missing"),
        ("plan", "", "plan_missing"),
    ],
)
def test_each_of_the_five_is_needed(who, works, field, empty, code):
    hazard = b.graded(who, works)
    found = b.codes(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE | {field: empty})
    assert found == {_C + code}


def test_a_general_hazard_is_repaired_rechecked_and_closed_by_the_supervision(who, works):
    hazard = b.graded(who, works)
    b.act(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE)
    bare = {"rectified_photos": [], "result": ""}
    found = b.codes(b.HAZARD, hazard.pk, "rectify", who["manager"], bare)
    assert found == {_C + "photo_missing", _C + "result_missing"}
    b.act(b.HAZARD, hazard.pk, "rectify", who["manager"], b.repaired(who))
    assert b.codes(b.HAZARD, hazard.pk, "close", who["chief"]) == {_C + "not_rechecked"}
    back = {"reason": "仍有两处缺失", "rectify_by_on": "2025-09-12"}
    b.act(b.HAZARD, hazard.pk, "send_back", who["chief"], back)
    b.act(b.HAZARD, hazard.pk, "rectify", who["manager"], b.repaired(who))
    found = b.codes(b.HAZARD, hazard.pk, "recheck", who["chief"], {"conclusion": ""})
    assert found == {_C + "conclusion_missing"}
    b.act(b.HAZARD, hazard.pk, "recheck", who["chief"], {"conclusion": "合格"})
    found = b.codes(b.HAZARD, hazard.pk, "send_back", who["chief"], back)
    assert found == {_C + "rechecked_already"}
    assert open_hazards(works.number) == 1
    b.act(b.HAZARD, hazard.pk, "close", who["chief"])
    assert open_hazards(works.number) == 0
    # The samples sign no contract; every other act stands in order.
    broken = {v.act.name for v in violations(works.project_number, clock.now())}
    assert broken <= {"procurement.works.apply"}


def test_a_major_hazard_stops_work_and_is_rechecked_by_the_station(who, works):
    hazard = b.graded(who, works, "scaffold_ties")
    why = {"reason": "危险"}
    b.act(b.HAZARD, hazard.pk, "stop", who["station"], why)
    found = b.codes(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE)
    assert found == {"workflow.act.not_in_state"}
    assert b.act(b.HAZARD, hazard.pk, "release", who["station"], why).state == "released"
    b.act(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE)
    b.act(b.HAZARD, hazard.pk, "rectify", who["manager"], b.repaired(who))
    good = {"conclusion": "合格"}
    assert b.codes(b.HAZARD, hazard.pk, "recheck", who["chief"], good) == {_C + "station_needed"}
    b.act(b.HAZARD, hazard.pk, "recheck", who["station"], good)
    assert b.act(b.HAZARD, hazard.pk, "close", who["station"]).state == "closed"


def test_works_are_not_accepted_over_the_stations_order_to_stop(who, works):
    """An owner in a hurry had works accepted on which nobody was to work."""
    hazard = b.graded(who, works, "scaffold_ties")
    b.act(b.HAZARD, hazard.pk, "stop", who["station"], {"reason": "危险"})
    code = "procurement.works.stop_order"
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], b.completion())
    assert code in found
    b.act(b.HAZARD, hazard.pk, "release", who["station"], {"reason": "已控制"})
    found = b.codes(b.WORKS, works.pk, "report_completion", who["owner"], b.completion())
    assert code not in found


def test_works_are_not_accepted_while_a_major_hazard_is_not_put_right(who, works):
    """Nobody stopped work for it, or the order was lifted: the hazard is there all the same."""
    b.graded(who, works)  # a general one bars nothing
    hazard = b.graded(who, works, "scaffold_ties")
    code = "procurement.works.hazard_open"

    def found():
        return b.codes(b.WORKS, works.pk, "report_completion", who["owner"], b.completion())

    assert code in found()
    b.act(b.HAZARD, hazard.pk, "stop", who["station"], {"reason": "危险"})
    assert {"procurement.works.stop_order"} == found() & {code, "procurement.works.stop_order"}
    b.act(b.HAZARD, hazard.pk, "release", who["station"], {"reason": "已控制"})
    assert code in found()
    b.act(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE)
    b.act(b.HAZARD, hazard.pk, "rectify", who["manager"], b.repaired(who))
    b.act(b.HAZARD, hazard.pk, "recheck", who["station"], {"conclusion": "合格"})
    assert code in found()
    b.act(b.HAZARD, hazard.pk, "close", who["station"])
    assert code not in found()


def test_work_is_not_stopped_for_a_general_hazard(who, works):
    hazard = b.graded(who, works)
    found = b.codes(b.HAZARD, hazard.pk, "stop", who["station"], {"reason": "危险"})
    assert found == {_C + "not_major"}


def test_an_overdue_repair_is_escalated_and_may_be_punished(who, works):
    hazard = b.graded(who, works)
    b.act(b.HAZARD, hazard.pk, "assign", who["manager"], b.FIVE)
    b.move(who, datetime(2025, 9, 11, 9, tzinfo=clock.LEGAL_ZONE))
    run_due()
    assert b.case(b.HAZARD, hazard.pk).state == "escalated"
    bare = {"reason": "逾期"}
    found = b.codes(b.HAZARD, hazard.pk, "penalise", who["station"], bare)
    assert found == {_C + "decision_missing"}
    fine = bare | {"decision_number": "示例罚字 1 号", "fine_fen": 10_000_00}
    b.act(b.HAZARD, hazard.pk, "penalise", who["station"], fine)
    told = Event.objects.get(name="procurement.hazard.penalised").payload
    assert told["document_number"] == "示例罚字 1 号"
    assert told["contractor_uscc"] == who["contractor"].uscc
    assert told["decided_by"] == who["station"].organisation_name
    later = b.FIVE | {"rectify_by_on": "2025-09-30"}
    assert b.act(b.HAZARD, hazard.pk, "assign", who["manager"], later).state == "assigned"


def test_a_contractor_gives_itself_no_time_without_end(who, works):
    """Who builds said until when, and no clock ran before: a repair by 2099 never fell overdue."""
    hazard = b.graded(who, works)
    far = b.FIVE | {"rectify_by_on": "2099-12-31"}
    b.act(b.HAZARD, hazard.pk, "assign", who["manager"], far)
    soon = clock.today() + timedelta(days=3)
    said = {"reason": "危险大，限期整改。", "rectify_by_on": soon}
    late = said | {"rectify_by_on": "2099-12-31"}
    assert b.codes(b.HAZARD, hazard.pk, "shorten", who["manager"], said) == {
        "access.act.not_permitted"
    }
    assert b.codes(b.HAZARD, hazard.pk, "shorten", who["chief"], late) == {_C + "day_not_earlier"}
    b.act(b.HAZARD, hazard.pk, "shorten", who["chief"], said)
    b.move(who, clock.end_of(soon))
    run_due()
    assert b.case(b.HAZARD, hazard.pk).state == "escalated"


@pytest.mark.parametrize("stopped", [False, True])
def test_a_hazard_that_nobody_deals_with_is_escalated_without_a_day_of_repair(who, works, stopped):
    hazard = b.graded(who, works, "scaffold_ties")
    if stopped:
        for code in ("stop", "release"):
            b.act(b.HAZARD, hazard.pk, code, who["station"], {"reason": "危险"})
    b.move(who, clock.start_of(clock.today() + timedelta(days=3)))
    run_due()
    assert b.case(b.HAZARD, hazard.pk).state == ("released" if stopped else "graded")
    b.move(who, clock.start_of(clock.today() + timedelta(days=1)))
    run_due()
    assert b.case(b.HAZARD, hazard.pk).state == "escalated"
    later = b.FIVE | {"rectify_by_on": clock.today() + timedelta(days=5)}
    assert b.act(b.HAZARD, hazard.pk, "assign", who["manager"], later).state == "assigned"


def test_a_contractor_who_refuses_is_reported_by_the_supervision(who, works):
    hazard = b.graded(who, works)
    found = b.codes(b.HAZARD, hazard.pk, "report", who["chief"], {"reason": ""})
    assert found == {"workflow.reason.missing"}
    reported = b.act(b.HAZARD, hazard.pk, "report", who["chief"], {"reason": "拒不整改"})
    assert reported.state == "reported"


PAYLOADS = {
    "grade": {"criterion": "scaffold_ties"},
    "assign": b.FIVE,
    "recheck": {"conclusion": "合格"},
    "send_back": {"reason": "不足", "rectify_by_on": "2025-09-20"},
    "penalise": {"decision_number": "1", "reason": "逾期"},
    **{act: {"reason": "危险"} for act in ("stop", "release", "report")},
}
STEPS = st.tuples(
    st.sampled_from([t.code for t in HAZARD.transitions if t.sources and not t.automatic]),
    st.sampled_from(["station", "chief", "manager", "stranger"]),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_a_random_walk_over_a_hazard_finds_no_illegal_state(who, works, steps):
    hazard = b.act(b.HAZARD, None, "find", who["station"], b.finding(who, works))
    state = hazard.state
    for code, name in steps:
        payload = b.repaired(who) if code == "rectify" else PAYLOADS.get(code, {})
        try:
            after = b.act(b.HAZARD, hazard.pk, code, who[name], payload)
        except Refused:
            assert Hazard.objects.get(pk=hazard.pk).state == state
            continue
        transition = HAZARD.transition(code)
        assert state in transition.sources
        assert after.state == (transition.target or state)
        state = after.state
    rows = list(Act.objects.filter(machine=HAZARD.code, case_pk=hazard.pk).order_by("version"))
    assert all(one.target == two.source for one, two in itertools.pairwise(rows))
    running = Deadline.objects.filter(machine=HAZARD.code, case_pk=hazard.pk, ended_at=None)
    assert {row.state for row in running} <= {state}
    broken = {v.act.name for v in violations(works.project_number, clock.now())}
    assert not {name for name in broken if name.startswith(_C)}
