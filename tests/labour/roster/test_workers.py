"""A worker comes on site signed, named, trained, alone and certified; leaves with all wages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.events.models import Event
from kernel.identifiers import resident_id
from kernel.parties.models import Person
from kernel.regulation import precedences
from kernel.regulation import selectors as law
from kernel.workflow import judge
from kernel.workflow.due import run_due
from kernel.workflow.models import Act
from labour.roster import selectors
from labour.roster.machine import WORKER
from labour.roster.models import GateRecord, Worker
from labour.roster.rules import within
from labour.roster.wage_days import due_at
from tests.labour import samples
from tests.labour.samples import OTHER, act, brought, day_at, offer, sign_payload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def who():
    return samples.world()


def refused(case, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act("labour.worker", case.pk if case else None, code, actor, data)
    return {one.code.removeprefix("labour.worker.") for one in found.value.refusals}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("site_unknown", {"site_number": "P9-W01"}),
        ("code_unlisted", {"trade": "wizard"}),
        ("code_unlisted", {"wage_unit": "year"}),
        ("contract_missing", {"contract_number": ""}),
        ("rate_missing", {"rate_fen": 0}),
        ("period", {"to_on": date(2025, 8, 1)}),
        ("file_missing", {"contract_sha256": "b" * 64}),
        ("person_unknown", {"worker": 10**6}),
    ],
)
def test_an_offer_that_lacks_something_is_refused_by_name(who, code, changes):
    found = refused(None, "offer", who["leader"], offer(who, "worker1", **changes))
    assert code in found
    assert not Worker.objects.exists()


def test_a_crew_offers_to_its_own_workers_only(who):
    assert refused(None, "offer", who["strange_leader"], offer(who, "worker1")) == {
        "person_unknown"
    }


def test_one_person_has_one_place_on_a_site(who):
    brought(who, "worker1", "offer")
    assert refused(None, "offer", who["leader"], offer(who, "worker1")) == {"taken"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("identity_other", {"id_last_four": "0000"}),
        ("consent_missing", {"consent": False}),
        ("card", {"card_number": "12"}),
        ("bank_missing", {"bank_name": ""}),
    ],
)
def test_a_signature_that_lacks_something_is_refused_by_name(who, code, changes):
    case = brought(who, "worker1", "offer")
    data = sign_payload(who, "worker1", **changes)
    assert refused(case, "sign", who["worker1"], data) == {code}


def test_nobody_signs_for_another(who):
    case = brought(who, "worker1", "offer")
    for name in ("worker2", "leader", "clerk"):
        with pytest.raises(NotPermitted):
            act("labour.worker", case.pk, "sign", who[name], sign_payload(who, "worker1"))


def test_a_number_whose_check_character_is_wrong_is_refused(who):
    case = brought(who, "worker1", "offer")
    number = Person.objects.get(pk=who["worker1"].person_id).resident_id
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    samples.identify(who["worker1"], wrong)
    found = refused(case, "sign", who["worker1"], sign_payload(who, "worker1"))
    assert found == {"identifiers.resident_id.check"}
    samples.identify(who["worker1"], "")
    found = refused(case, "sign", who["worker1"], sign_payload(who, "worker1", id_last_four="1"))
    assert found == {"identity_missing"}


@pytest.mark.parametrize(
    ("born", "serial", "trade", "code"),
    [
        (date(2009, 9, 2), 1, "mason", "underage"),
        (date(2009, 9, 1), 1, "mason", ""),
        (date(1964, 8, 31), 1, "steel_fixer", "too_old_for_heavy"),
        (date(1964, 9, 2), 1, "steel_fixer", ""),
        (date(1974, 8, 31), 2, "steel_fixer", "too_old_for_heavy"),
        (date(1974, 8, 31), 1, "steel_fixer", ""),
        (date(1950, 1, 1), 2, "painter", ""),
    ],
)
def test_age_is_counted_on_the_day(who, born, serial, trade, code):
    case = brought(who, "worker1", "offer", trade=trade)
    samples.identify(who["worker1"], resident_id.generate("230102", born, 200 + serial))
    data = sign_payload(who, "worker1")
    if code:
        assert refused(case, "sign", who["worker1"], data) == {code}
    else:
        assert act("labour.worker", case.pk, "sign", who["worker1"], data).state == "signed"


def test_a_face_is_never_the_only_way(who):
    case = brought(who, "worker1", "sign")
    assert refused(case, "real_name", who["clerk"], {"method": "face"}) == {"face_refused"}
    assert refused(case, "real_name", who["clerk"], {"method": "magic"}) == {"code_unlisted"}
    assert act("labour.worker", case.pk, "real_name", who["clerk"], {"method": "sight"})


def test_a_special_trade_needs_a_certificate_in_force(who):
    case = brought(who, "worker1", "sign", trade="electrician")
    clerk = who["clerk"]
    assert refused(case, "real_name", clerk, {"method": "card"}) == {"certificate_missing"}
    data = {"method": "card", "certificate_number": "黑A01", "certificate_valid_to": "2025-08-31"}
    assert refused(case, "real_name", clerk, data) == {"certificate_lapsed"}
    data["certificate_valid_to"] = str(clock.today())
    assert act("labour.worker", case.pk, "real_name", clerk, data).state == "real_named"


@pytest.mark.parametrize(
    ("field", "less", "code"),
    [
        ("company_hours", 14, "training_company"),
        ("project_hours", 14, "training_project"),
        ("crew_hours", 19, "training_crew"),
        ("score", 59, "exam_failed"),
    ],
)
def test_training_counts_its_hours_and_its_exam(who, field, less, code):
    case = brought(who, "worker1", "real_name")
    assert refused(case, "train", who["clerk"], samples.TRAINING | {field: less}) == {code}


def test_nobody_is_admitted_while_at_work_elsewhere(who):
    samples.permitted(OTHER, "HT-2", "P2")
    brought(who, "worker1")
    other = brought(who, "worker1", "train", site_number=OTHER)
    assert refused(other, "admit", who["clerk"]) == {"other_site"}


def test_an_untrained_worker_is_not_admitted_and_an_unadmitted_does_not_work(who):
    case = brought(who, "worker1", "real_name")
    assert refused(case, "admit", who["clerk"]) == {"workflow.act.not_in_state"}
    work = day_at(clock.today(), 7, 8)
    assert refused(case, "work", who["clerk"], work) == {"workflow.act.not_in_state"}


@pytest.mark.parametrize(
    ("code", "record"),
    [
        ("attendance_time", lambda day: day_at(day + timedelta(days=1))),
        ("attendance_time", lambda day: day_at(day - timedelta(days=30))),
        ("attendance_time", lambda day: day_at(day.max)),
        ("attendance_time", lambda day: day_at(day, 12, 11)),
        ("attendance_twice", lambda day: day_at(day, 8.5, 10)),
        ("by_hand", lambda day: day_at(day, 12, 13, device="")),
    ],
)
def test_attendance_that_cannot_be_is_refused(who, code, record):
    case = brought(who, "worker1")
    data = {"records": [record(clock.today())]}
    assert refused(case, "attend", who["clerk"], data) == {code}
    assert refused(case, "attend", who["clerk"], {}) == {"attendance_empty"}


def test_attendance_without_a_time_zone_is_refused(who):
    case = brought(who, "worker1")
    naive = datetime(2025, 9, 1, 8)
    data = {"records": [{"in_at": naive, "out_at": naive + timedelta(hours=4), "device": "G-1"}]}
    assert refused(case, "attend", who["clerk"], data) == {"attendance_zone"}


def test_attendance_by_hand_says_why(who):
    case = brought(who, "worker1")
    data = {"records": [day_at(clock.today(), 12, 13, device="") | {"reason": "设备断电"}]}
    act("labour.worker", case.pk, "attend", who["clerk"], data)
    assert case.gate.count() == 2


def test_two_sites_within_the_hour_raise_an_alarm_on_both(who):
    """The person left the first site's roster as alert or blocked, or a gate was deceived."""
    samples.permitted(OTHER, "HT-2", "P2")
    first = brought(who, "worker1")
    act("labour.worker", first.pk, "request_exit", who["worker1"])
    second = brought(who, "worker1", "admit", site_number=OTHER)
    # Admitted in the evening; the first day at the second gate overlaps the first's by hand.
    samples.later(who, 1)
    day = clock.today()
    GateRecord.objects.create(
        worker=first, in_at=samples.moment(day, 7), out_at=samples.moment(day, 9),
        device="GATE-1", recorded_at=clock.now(),
    )  # fmt: skip
    act("labour.worker", second.pk, "work", who["clerk"], day_at(day, 9.5, 12))
    assert first.gate.last().clash_with == OTHER
    assert second.gate.last().clash_with == samples.SITE
    assert Event.objects.filter(name="labour.attendance.clashed").count() == 1
    assert len(selectors.clashes([first.pk], f"{day:%Y-%m}")) == 1


@given(
    start=st.integers(0, 2000), length=st.integers(1, 600), gap=st.integers(-700, 700),
    other=st.integers(1, 600),
)  # fmt: skip
def test_the_hour_is_counted_between_stays_and_either_way(start, length, gap, other):
    zero = clock.start_of(date(2025, 9, 1))
    ours = (zero + timedelta(minutes=start), zero + timedelta(minutes=start + length))
    theirs = (ours[1] + timedelta(minutes=gap), ours[1] + timedelta(minutes=gap + other))
    apart = max(theirs[0] - ours[1], ours[0] - theirs[1])
    assert within(ours, theirs, 60) == (apart < timedelta(minutes=60))
    assert within(ours, theirs, 60) == within(theirs, ours, 60)


def test_a_lapsed_certificate_stops_work_by_itself_and_a_new_one_lets_it_go_on(who):
    case = brought(who, "worker1", "sign", trade="electrician")
    until = clock.today() + timedelta(days=5)
    clerk = who["clerk"]
    named = {"method": "card", "certificate_number": "黑A01", "certificate_valid_to": str(until)}
    act("labour.worker", case.pk, "real_name", clerk, named)
    act("labour.worker", case.pk, "train", clerk, samples.TRAINING)
    act("labour.worker", case.pk, "admit", clerk)
    samples.later(who, 1)
    act("labour.worker", case.pk, "work", clerk, day_at(clock.today(), 8, 9))
    samples.later(who, 5)
    case = Worker.objects.get(pk=case.pk)
    assert case.state == "blocked"
    data = {"reason": "已换证"}
    assert refused(case, "unblock", clerk, data) == {"certificate_lapsed"}
    data |= {"certificate_number": "黑A02", "certificate_valid_to": "2027-09-01"}
    assert act("labour.worker", case.pk, "unblock", clerk, data).state == "working"


def test_nobody_leaves_while_wages_are_owed(who):
    case = brought(who, "worker1")
    case = act("labour.worker", case.pk, "request_exit", who["worker1"])
    assert refused(case, "exit", who["clerk"]) == {"wages_owed"}


def unpaid(who):
    """A worker who was at the gate in September, and for whom nobody lists wages."""
    (case,) = samples.crew_at_work(who, "worker1")
    return case


def test_a_month_that_nobody_lists_alerts_by_itself(who):
    case = unpaid(who)
    ends = due_at("2025-09", "230102")
    case.refresh_from_db()
    assert case.wages_due_at == ends
    samples.later(who, (clock.legal_date(ends) - clock.today()).days - 1)
    assert Worker.objects.get(pk=case.pk).state == "working"
    samples.later(who, 1)
    assert Worker.objects.get(pk=case.pk).state == "alert"
    assert Act.objects.get(case_pk=case.pk, transition="alert").at == ends


def paid(who, case, month="2025-09", days="10"):
    payroll = samples.listed(who, samples.line(case, days), month=month)
    run_due()  # a payroll that is listed late is overdue at once
    act("labour.payroll", payroll.pk, "confirm", who["worker1"])
    samples.settle()
    act("labour.payroll", payroll.pk, "check", who["clerk"], {})
    receipts = [{"worker": case.pk, "receipt_number": f"HD-{month}"}]
    data = {"batch_number": f"DF-{month}", "receipts": receipts}
    act("labour.payroll", payroll.pk, "pay", who["bank"], data)
    samples.settle()


def test_the_labour_inspection_opens_a_case_and_closes_it_once_wages_are_paid(who):
    case = unpaid(who)
    assert refused(case, "open_case", who["inspector"], {}) == {"workflow.act.not_in_state"}
    samples.later(who, 75)
    found = refused(case, "open_case", who["inspector"], {})
    assert found == {"case_number_missing", "workflow.reason.missing"}
    data = {"case_number": "示例劳监立字 1 号", "reason": "逾期未编制工资表"}
    with pytest.raises(NotPermitted):
        act("labour.worker", case.pk, "open_case", who["clerk"], data)
    opened = act("labour.worker", case.pk, "open_case", who["inspector"], data)
    assert (opened.state, opened.case_number) == ("hr_case", data["case_number"])
    done = {"reason": "已付清"}
    assert refused(case, "close_case", who["inspector"], done) == {"wages_owed"}
    paid(who, case)
    assert Worker.objects.get(pk=case.pk).state == "hr_case"
    assert refused(case, "close_case", who["inspector"], {}) == {"workflow.reason.missing"}
    case = act("labour.worker", case.pk, "close_case", who["inspector"], done)
    assert (case.state, case.wages_due_at) == ("working", None)


def test_wages_that_are_paid_in_time_alert_nobody_and_the_next_month_has_its_own_day(who):
    case = unpaid(who)
    samples.later(who, 25)
    samples.attended(who, case, 3)
    paid(who, case)
    case.refresh_from_db()
    assert case.wages_due_at == due_at("2025-10", "230102")
    samples.later(who, (clock.legal_date(case.wages_due_at) - clock.today()).days)
    assert Worker.objects.get(pk=case.pk).state == "alert"
    paid(who, case, "2025-10", "3")
    assert Worker.objects.get(pk=case.pk).state == "working"


def test_who_was_blocked_while_wages_fell_due_is_alerted_on_coming_back(who):
    case = unpaid(who)
    act("labour.worker", case.pk, "block", who["clerk"], {"reason": "违章"})
    samples.later(who, 75)
    assert Worker.objects.get(pk=case.pk).state == "blocked"
    act("labour.worker", case.pk, "unblock", who["clerk"], {"reason": "已整改"})
    run_due()
    assert Worker.objects.get(pk=case.pk).state == "alert"


@pytest.mark.parametrize("by", ["leader", "clerk"])
def test_nobody_silences_an_alert_by_sending_the_worker_away(who, by):
    """The contractor's clerk asks for the exit on the worker's behalf: before or after it."""
    case = unpaid(who)
    act("labour.worker", case.pk, "request_exit", who[by])
    samples.later(who, 75)
    assert Worker.objects.get(pk=case.pk).state == "alert"
    act("labour.worker", case.pk, "request_exit", who[by])
    run_due()
    assert Worker.objects.get(pk=case.pk).state == "alert"
    data = {"case_number": "示例劳监立字 2 号", "reason": "逾期未支付"}
    assert act("labour.worker", case.pk, "open_case", who["inspector"], data).state == "hr_case"


def test_nobody_escapes_the_labour_inspection_by_stopping_the_worker(who):
    case = unpaid(who)
    act("labour.worker", case.pk, "block", who["clerk"], {"reason": "违章"})
    data = {"case_number": "示例劳监立字 3 号", "reason": "逾期未编制工资表"}
    assert refused(case, "open_case", who["inspector"], data) == {"nothing_overdue"}
    samples.later(who, 75)
    assert "open_case" in {
        one.transition.code
        for one in judge.what_next(
            WORKER, Worker.objects.get(pk=case.pk), who["inspector"], clock.now()
        )
        if one.allowed
    }
    assert act("labour.worker", case.pk, "open_case", who["inspector"], data).state == "hr_case"
    paid(who, case)
    done = act("labour.worker", case.pk, "close_case", who["inspector"], {"reason": "已付清"})
    assert done.state == "working"


def test_who_was_sent_away_unpaid_leaves_once_wages_are_paid(who):
    case = unpaid(who)
    act("labour.worker", case.pk, "request_exit", who["clerk"])
    samples.later(who, 75)
    paid(who, case)
    assert Worker.objects.get(pk=case.pk).state == "working"
    act("labour.worker", case.pk, "request_exit", who["worker1"])
    assert act("labour.worker", case.pk, "exit", who["clerk"]).state == "exited"


def test_who_never_worked_leaves_at_once(who):
    case = brought(who, "worker1", "sign")
    case = act("labour.worker", case.pk, "request_exit", who["worker1"])
    assert act("labour.worker", case.pk, "exit", who["clerk"]).state == "exited"


def test_who_is_blocked_is_told_why(who):
    case = brought(who, "worker1")
    assert refused(case, "block", who["clerk"], {}) == {"workflow.reason.missing"}
    assert (
        act("labour.worker", case.pk, "block", who["clerk"], {"reason": "违章"}).state == "blocked"
    )


def test_nobody_reads_anothers_place(who):
    case = brought(who, "worker1")
    readers = {name for name, actor in who.items() if judge.readable(WORKER, case, actor)}
    assert readers == {"worker1", "leader", "clerk", "inspector"}


def test_no_number_of_a_person_stands_in_an_act_an_event_or_the_case(who):
    number = Person.objects.get(pk=who["worker1"].person_id).resident_id
    case = brought(who, "worker1")
    acts = Act.objects.filter(machine=WORKER.code, case_pk=case.pk)
    held = str(list(acts.values_list("payload", "changes"))) + str(list(Event.objects.values()))
    assert number not in held
    assert WORKER.masked == ("card_number",)


MOVES = ("sign", "decline", "real_name", "train", "admit", "work", "block", "unblock",
         "request_exit", "exit", "renew")  # fmt: skip


@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(MOVES), st.booleans()), max_size=14))
def test_a_random_walk_keeps_the_order_of_the_law(who, steps):
    with transaction.atomic():
        case = brought(who, "worker2", "offer")
        data = {
            "sign": sign_payload(who, "worker2"),
            "real_name": {"method": "card"},
            "train": samples.TRAINING,
            "block": {"reason": "示例"},
            "decline": {"reason": "示例"},
            "unblock": {"reason": "示例"},
            "renew": {"certificate_number": "A", "certificate_valid_to": "2027-01-01"},
        }
        for code, own in steps:
            if code == "work":
                data["work"] = {
                    "in_at": clock.now() - timedelta(seconds=2),
                    "out_at": clock.now() - timedelta(seconds=1),
                    "device": "G",
                }
            try:
                act("labour.worker", case.pk, code, who["worker2" if own else "clerk"],
                    data.get(code))  # fmt: skip
            except Refused:
                continue
        rows = Act.objects.filter(machine=WORKER.code, case_pk=case.pk).order_by("version")
        log = [precedences.Act(WORKER.act_name(r.transition), "c", "P", r.at) for r in rows]
        assert precedences.check(log, law.resolve("precedences", rows[0].at)) == []
        assert all(
            r.source in WORKER.transition(r.transition).sources for r in rows if r.version > 1
        )
        transaction.set_rollback(True)
