"""fire(): one act, whole or not at all, once, by who may, on what they looked at."""

from __future__ import annotations

from datetime import date

import pytest

from kernel import clock
from kernel.errors import Conflict, NotFound, NotPermitted, Refused
from kernel.events.models import Event
from kernel.evidence.models import LogEntry
from kernel.parties.models import Membership
from kernel.workflow.firing import fire
from kernel.workflow.models import Act, Deadline, RefusedAct
from procurement.projects.models import Project
from procurement.projects.services import open_project
from tests.procurement.projects.samples import act, opened, registered, submitted, whole

pytestmark = pytest.mark.django_db


def codes(refused):
    return {r.code for r in refused.value.refusals}


def test_an_act_leaves_state_event_clock_entry_and_row(people):
    project = opened(people["clerk"])
    receipt = act(project, "submit", people["clerk"])
    project = Project.objects.get(pk=project.pk)
    assert (project.state, project.version) == ("submitted", 2)
    assert Event.objects.get(case=project.case_ref).name == "procurement.project.submitted"
    deadline = Deadline.objects.get(case_pk=project.pk)
    assert deadline.period_key == "project.registration.decide"
    assert deadline.rule_version and deadline.article and deadline.rule_sha256
    row = Act.objects.get(pk=receipt.act_id)
    entry = LogEntry.objects.get(pk=row.log_index)
    assert entry.kind == "workflow.act"
    assert bytes(entry.leaf).hex() == receipt.leaf
    assert entry.at == receipt.at == deadline.started_at


def test_the_same_key_gives_the_same_receipt_and_nothing_happens_twice(people):
    payload = whole()
    first = open_project(actor=people["clerk"], payload=payload, key="k")
    again = open_project(actor=people["clerk"], payload=payload, key="k")
    assert again.replayed and not first.replayed
    assert (again.act_id, again.case_pk, again.leaf) == (first.act_id, first.case_pk, first.leaf)
    assert Project.objects.count() == 1


def test_a_replay_answers_even_when_the_case_has_moved_on(people):
    project = opened(people["clerk"])
    first = act(project, "submit", people["clerk"], key="s", seen=1)
    act(project, "return", people["officer"], {"reason": "请补正"})
    again = act(project, "submit", people["clerk"], key="s", seen=1)
    assert again.replayed and again.act_id == first.act_id


def test_the_same_key_with_another_payload_is_refused(people):
    open_project(actor=people["clerk"], payload=whole(), key="k")
    with pytest.raises(Conflict) as refused:
        open_project(actor=people["clerk"], payload=whole(name="另一项目"), key="k")
    assert codes(refused) == {"workflow.key.other_payload"}
    assert Project.objects.count() == 1


def test_the_same_key_by_another_actor_shows_nothing_of_the_first(people):
    first = open_project(actor=people["clerk"], payload=whole(), key="k")
    second = open_project(actor=people["stranger"], payload=whole(), key="k")
    assert second.case_pk != first.case_pk and not second.replayed


def test_a_key_does_not_open_anothers_result_to_who_may_not_act(people):
    project = submitted(people["clerk"])
    act(project, "accept", people["officer"], key="accept")
    with pytest.raises(NotPermitted):
        act(project, "accept", people["elsewhere"], key="accept")


def test_a_refused_attempt_uses_no_key_up(people):
    project = opened(people["clerk"], name="")
    with pytest.raises(Refused):
        act(project, "submit", people["clerk"], key="s")
    act(project, "amend", people["clerk"], whole(project_code=project.project_code))
    assert act(project, "submit", people["clerk"], key="s").state == "submitted"


def test_without_a_key_nothing_is_done(people):
    with pytest.raises(Refused) as refused:
        open_project(actor=people["clerk"], payload=whole(), key="")
    assert codes(refused) == {"workflow.key.invalid"}


def test_two_clerks_one_wins_and_the_other_is_told_what_changed(people):
    project = opened(people["clerk"])
    form = whole(project_code=project.project_code)
    act(project, "amend", people["colleague"], {**form, "name": "改过的名称"}, seen=1)
    with pytest.raises(Conflict) as refused:
        act(project, "amend", people["clerk"], {**form, "name": "我的名称"}, seen=1)
    [reason] = refused.value.refusals
    assert reason.code == "workflow.act.stale"
    [change] = reason.facts["changes"]
    assert change["person"] == "colleague"
    assert change["fields"]["name"] == ["示例小学新建工程", "改过的名称"]
    assert Project.objects.get(pk=project.pk).name == "改过的名称"


def test_an_act_that_names_no_version_is_refused(people):
    project = opened(people["clerk"])
    with pytest.raises(Refused) as refused:
        fire("procurement.project", project.pk, "submit", actor=people["clerk"], key="k")
    assert codes(refused) == {"workflow.act.version_missing"}


def test_every_reason_is_given_and_each_names_its_article(people):
    project = opened(people["clerk"], project_code="", region="110101", funding=[], papers=[])
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    assert codes(refused) == {
        "procurement.project.field_missing",
        "procurement.project.funding_differs",
        "procurement.project.paper_missing",
        "identifiers.region.unknown",
    }
    assert len(refused.value.refusals) >= 7
    assert all(reason.article for reason in refused.value.refusals)


def test_a_refusal_is_logged_though_nothing_changed(people):
    project = opened(people["clerk"], name="")
    before = Project.objects.values().get(pk=project.pk)
    entries = LogEntry.objects.count()
    with pytest.raises(Refused):
        act(project, "submit", people["clerk"])
    assert Project.objects.values().get(pk=project.pk) == before
    row = RefusedAct.objects.get(case_pk=project.pk)
    assert row.transition == "submit" and row.person_id == people["clerk"].person_id
    assert row.refusals[0]["code"] == "procurement.project.field_missing"
    assert LogEntry.objects.count() == entries + 1
    assert LogEntry.objects.get(pk=row.log_index).kind == "workflow.refusal"


@pytest.mark.parametrize(
    ("who", "transition"),
    [
        ("clerk", "accept"),
        ("officer", "submit"),
        ("stranger", "submit"),
        ("elsewhere", "accept"),
        ("auditor", "accept"),
        ("operator", "terminate"),
        ("clerk", "lapse"),
        ("officer", "lapse"),
    ],
)
def test_who_may_not_does_not_and_the_attempt_is_logged(people, who, transition):
    project = opened(people["clerk"])
    with pytest.raises(NotPermitted):
        act(project, transition, people[who])
    assert Project.objects.get(pk=project.pk).version == 1
    assert RefusedAct.objects.filter(case_pk=project.pk, transition=transition).exists()


def test_a_membership_that_ended_acts_no_more(people):
    Membership.objects.filter(person_id=people["clerk"].person_id).update(valid_to=date(2021, 1, 1))
    with pytest.raises(NotPermitted) as refused:
        open_project(actor=people["clerk"], payload=whole(), key="k")
    assert codes(refused) == {"access.membership.ended"}


def test_an_act_in_the_wrong_state_says_so(people):
    project = registered(people["clerk"], people["officer"])
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    assert codes(refused) == {"workflow.act.not_in_state"}


def test_an_unknown_act_or_case_is_not_there(people):
    with pytest.raises(NotFound):
        act(opened(people["clerk"]), "explode", people["clerk"])
    with pytest.raises(NotFound):
        fire("procurement.project", 10**9, "submit", actor=people["clerk"], key="k", seen_version=1)
    assert not RefusedAct.objects.exists()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"nmae": "错字"}, "workflow.payload.unknown_field"),
        ({"total_investment_fen": -1}, "workflow.payload.invalid"),
        ({"total_investment_fen": "很多"}, "workflow.payload.invalid"),
        ({"planned_start_on": "2026-02-30"}, "workflow.payload.invalid"),
        ({"name": "长" * 201}, "workflow.payload.too_long"),
        ({"papers": [{"kind": "land_use", "number": "1"}]}, "workflow.payload.missing"),
        ({"funding": [{"source": "own", "amount_fen": 0.5}]}, "workflow.payload.invalid"),
    ],
)
def test_a_payload_that_is_not_the_forms_is_refused_by_field(people, payload, code):
    with pytest.raises(Refused) as refused:
        open_project(actor=people["clerk"], payload=payload, key="k")
    [reason] = refused.value.refusals
    assert reason.code == code and reason.field
    assert not Project.objects.exists()


def test_a_number_is_given_once_and_counts_up_within_place_day_and_class(people):
    one = registered(people["clerk"], people["officer"])
    two = registered(people["clerk"], people["officer"])
    assert one.number[:14] == two.number[:14]
    assert int(two.number[14:]) == int(one.number[14:]) + 1
    assert one.number.startswith("230102" + clock.today().strftime("%y%m%d") + "01")


def test_one_project_code_is_registered_once(people):
    first = submitted(people["clerk"])
    other = opened(people["stranger"], project_code=first.project_code)
    with pytest.raises(Refused) as refused:
        act(other, "submit", people["stranger"])
    assert codes(refused) == {"procurement.project.code_taken"}
