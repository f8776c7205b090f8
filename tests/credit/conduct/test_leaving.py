"""A listed firm asks to leave early; two officers decide, and the ledger alone moves its score.

The shortest time is a dated row of our own: six months on the list.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from credit.conduct import awaiting, sanctions, steps
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.scoring.models import PointEntry
from kernel import clock
from kernel.errors import NotPermitted
from kernel.events.models import Event
from kernel.parties.models import User
from kernel.web.case_pages import case_url
from kernel.workflow.models import Act, Deadline
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, REPAIR, act, later, listed, published
from tests.credit.conduct.test_proposals import WHY, refused, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return samples.officers()


def standing(record):
    """The row of the ledger that stands for a record now."""
    rows = PointEntry.objects.filter(record_id=record.pk, revokes=None)
    return rows.order_by("pk").last()


@pytest.fixture
def asked(people):
    record = listed(people, published(people))
    later(people, 190)
    return act(record, "apply_exit", people["firm"], REPAIR)


def test_a_listed_firm_asks_only_after_the_shortest_time_with_everything_that_it_needs(people):
    record = listed(people, published(people))
    later(people, 100)
    early = refused(record, "apply_exit", people["firm"], REPAIR)
    assert set(early) == {"exit_too_early"}
    assert "六个月" in early["exit_too_early"].article
    assert "平台默认" in early["exit_too_early"].article
    later(people, 90)
    bare = {"reason": "", "correction_document": "", "duties_met": False, "commitment_sha256": ""}
    assert set(refused(record, "apply_exit", people["firm"], bare)) == {
        "workflow.reason.missing", "correction_missing", "duties_open", "commitment_missing",
    }  # fmt: skip
    record = act(record, "apply_exit", people["firm"], REPAIR)
    assert record.state == "listed"
    assert set(refused(record, "apply_exit", people["firm"], REPAIR)) == {"exit_asked"}


def test_the_first_day_is_the_one_after_six_months_on_the_list(people):
    record = listed(people, published(people))
    group = {g.title: g for g in steps.groups(record, clock.now())}["提前移出名单三步"]
    first = group.facts[0].value
    since = clock.legal_date(Deadline.objects.get(period_key="conduct.list.term").started_at)
    assert (first - since).days in range(182, 186)
    later(people, (first - clock.legal_date(clock.now())).days - 1)
    assert set(refused(record, "apply_exit", people["firm"], REPAIR)) == {"exit_too_early"}
    later(people, 1)
    assert act(record, "apply_exit", people["firm"], REPAIR).exit_due_at


def test_only_the_firm_itself_asks_and_only_who_is_listed_can(people):
    record = published(people)
    assert ConductRecord.objects.get(pk=record.pk).exit_due_at is None
    record = listed(people, record)
    later(people, 190)
    for who in ("one", "other"):
        with pytest.raises(NotPermitted):
            act(record, "apply_exit", people[who], REPAIR)


def test_meanwhile_it_stays_barred_and_the_decision_has_its_clock_on_every_desk(people, asked):
    assert sanctions.refusals(FIRM, clock.now())
    clocks = Deadline.objects.filter(case_pk=asked.pk, ended_at__isnull=True)
    assert set(clocks.values_list("period_key", "role")) == {
        ("conduct.list.term", "platform"), ("conduct.repair.decide", "credit_officer"),
    }  # fmt: skip
    assert [row.reference for row in awaiting.exits(people["one"], clock.now())] == [asked.number]
    assert next(awaiting.exits(people["one"], clock.now())).due
    assert not list(awaiting.exits(people["far"], clock.now()))
    act(asked, "propose_removal", people["one"], WHY)
    assert not list(awaiting.exits(people["one"], clock.now()))


def test_two_officers_let_it_go_and_the_ledger_says_so_with_the_second(people, asked):
    before = score()
    record = act(asked, "propose_removal", people["one"], WHY)
    assert set(refused(record, "remove", people["one"])) == {"same_proposer"}
    assert score() == before
    assert sanctions.refusals(FIRM, clock.now())
    assert standing(record).until is None  # a list holds it, and nothing ends meanwhile
    record = act(record, "remove", people["two"])
    samples.settle()
    assert standing(record).until == clock.legal_date(record.shown_until)
    assert (record.state, record.exit_due_at) == ("published", None)
    assert not sanctions.refusals(FIRM, clock.now())
    assert not Deadline.objects.filter(
        case_pk=record.pk, period_key="conduct.repair.decide", ended_at__isnull=True
    ).exists()


def test_what_was_brought_to_leave_the_list_asks_for_no_repair(people, asked):
    def brought(record):
        facts = [fact for group in steps.groups(record, clock.now()) for fact in group.facts]
        return [str(f.value) for f in facts if f.label == "二、提交证明文书和信用承诺"]

    assert brought(asked) == [REPAIR["correction_document"]]
    record = act(asked, "propose_removal", people["one"], WHY)
    assert brought(act(record, "remove", people["two"])) == ["未提交"]


def test_it_is_declined_with_a_reason_and_may_be_asked_for_anew(people, asked):
    assert "workflow.reason.missing" in refused(asked, "reject_exit", people["one"], {"reason": ""})
    proposed = act(asked, "propose_removal", people["one"], WHY)
    record = act(proposed, "reject_exit", people["two"], WHY)
    assert (record.state, record.exit_due_at, record.proposed) == ("listed", None, "")
    assert set(refused(record, "reject_exit", people["two"], WHY)) == {"exit_not_asked"}
    assert act(record, "apply_exit", people["firm"], REPAIR).exit_due_at


def test_a_term_that_ends_first_needs_no_decision(people, asked):
    later(people, 190)
    record = ConductRecord.objects.get(pk=asked.pk)
    # Its year on the list is over, and its own year of showing with it.
    assert (record.state, record.exit_due_at) == ("expired", None)
    assert not list(awaiting.exits(people["one"], clock.now()))


def test_who_gave_a_new_cause_meanwhile_stays(people):
    record = listed(people, published(people))
    later(people, 30)
    again = published(people, item="collusion")
    later(people, 160)
    found = refused(record, "apply_exit", people["firm"], REPAIR)
    assert set(found) == {"exit_new_cause"}
    assert found["exit_new_cause"].facts == {"number": again.number}
    samples.revoked(people, again)
    assert act(record, "apply_exit", people["firm"], REPAIR).exit_due_at


def test_what_a_law_bars_from_repair_and_whose_penalty_runs_on_is_not_left_early(people):
    barred = listed(people, published(people, repair_barred_by="《示例条例》第八条"))
    ConductRecord.objects.filter(pk=barred.pk).update(occurred_on="2025-08-20")
    until = (clock.today() + timedelta(days=330)).isoformat()
    bound = published(people, penalty_until=until, occurred_on="2025-08-20")
    bound = listed(people, bound)
    later(people, 200)
    assert set(refused(barred, "apply_exit", people["firm"], REPAIR)) == {"repair_barred"}
    assert set(refused(bound, "apply_exit", people["firm"], REPAIR)) == {"exit_too_early"}


def read(client, who, record, act=""):
    client.force_login(User.objects.get(username=who))
    return client.get(case_url(record) + act).content.decode()


def test_who_decides_opens_the_commitment_that_was_brought(people, asked, client):
    file = f"{case_url(asked)}files/{REPAIR['commitment_sha256']}/"
    for who in ("one", "two", "firm"):
        assert f'href="{file}"' in read(client, who, asked)


def test_nothing_that_an_application_is_refused_without_is_called_optional(people, client):
    record = listed(people, published(people))
    later(people, 190)
    page = read(client, "firm", record, "acts/apply_exit/")
    assert 'name="correction_document"' in page
    assert "选填" not in page


def test_the_log_tells_in_words_which_clock_an_act_set(people, client):
    record = listed(people, published(people))
    act = Act.objects.get(machine=RECORD.code, case_pk=record.pk, transition="list")
    page = client.get(f"/log/{act.log_index}/")
    assert "名单期限（" in page.content.decode()
    client.cookies["django_language"] = "en"
    assert "Time on the list" in client.get(f"/log/{act.log_index}/").content.decode()


def test_no_officers_take_a_firm_off_the_list_that_did_not_ask_without_naming_what_changed(people):
    record = listed(people, published(people))
    assert set(refused(record, "propose_removal", people["one"], WHY)) == {"removal_ground"}
    later(people, 190)
    assert set(refused(record, "propose_removal", people["one"], WHY)) == {"removal_ground"}
    ground = WHY | {"overturned_by": "示例行终〔2025〕1 号"}
    record = act(record, "propose_removal", people["one"], ground)
    record = act(record, "remove", people["two"])
    assert record.state == "published"
    told = [row for row in Event.objects.order_by("pk") if row.payload.get("act") == "remove"]
    assert told[-1].payload["basis"] == "示例行终〔2025〕1 号"


def test_a_new_cause_stops_a_removal_that_was_asked_for_and_one_that_is_proposed(people, asked):
    proposed = act(asked, "propose_removal", people["one"], WHY)
    other = published(people, item="hazard_major", severity="serious")
    found = refused(proposed, "remove", people["two"])
    assert found["exit_new_cause"].facts == {"number": other.number}
    record = act(proposed, "decline_proposal", people["two"], WHY)
    assert set(refused(record, "propose_removal", people["one"], WHY)) == {"exit_new_cause"}
    ground = WHY | {"overturned_by": "示例行终〔2025〕1 号"}
    record = act(record, "propose_removal", people["one"], ground)
    assert act(record, "remove", people["two"]).state == "published"


def test_a_declined_application_leaves_a_removal_by_a_document_waiting(people, asked):
    ground = WHY | {"overturned_by": "示例行终〔2025〕1 号"}
    record = act(asked, "propose_removal", people["one"], ground)
    record = act(record, "reject_exit", people["two"], WHY)
    assert (record.proposed, record.exit_due_at) == ("remove", None)
    assert act(record, "remove", people["two"]).state == "published"
