"""However anybody stumbles through works, no illegal state is found and the law's order holds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import Refused
from kernel.workflow.models import Act, Deadline
from kernel.workflow.order import violations
from procurement.projects.works.machine import WORKS
from procurement.projects.works.models import Works
from tests.procurement.projects import building as b
from tests.procurement.projects.samples import act, registered, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def who(monkeypatch):
    b.answered(monkeypatch)
    return b.people()


PAYLOADS = {
    **{code: {"reason": "示例"} for code in ("return", "extend", "fail_acceptance")},
    "suspend": {"suspended_on": "2025-09-01", "reason": "示例"},
    "notify_acceptance": {"planned_on": "2025-09-22"},
    "report_completion": b.completion(),
    "station_report": {"conclusion": "符合规定"},
    "hand_over_archive": {"archive_receipt": "示例 1 号"},
    "file": {"filing_id": 1},
}
# The usual way comes up more often, so that walks get far.
USUAL = ("apply", "permit", "start", "notify_acceptance", "report_completion", "accept", "file")
CODES = [t.code for t in WORKS.transitions if t.sources and t.code not in ("void", "abandon")] + [
    *USUAL
] * 2
STEPS = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from(["owner", "owner", "permit", "station", "contractor", "stranger"]),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=6, max_size=24))
def test_a_random_walk_over_works_finds_no_illegal_state(who, steps):
    number = registered(who["owner"], who["officer"]).number
    b.passed(number, who)
    works = b.contracted(number, who)
    state = works.state
    for code, name in steps:
        transition = WORKS.transition(code)
        payload = b.application(who) if code == "apply" else PAYLOADS.get(code, {})
        try:
            if transition.automatic:
                after = b.caused(b.WORKS, works.pk, code, payload)
            else:
                after = b.act(b.WORKS, works.pk, code, who[name], payload)
        except Refused:
            assert Works.objects.get(pk=works.pk).state == state
            continue
        if after is None:
            continue
        assert state in transition.sources
        assert after.state == (transition.target or state)
        state = after.state
    rows = list(Act.objects.filter(machine=WORKS.code, case_pk=works.pk).order_by("version"))
    assert all(one.target == two.source for one, two in itertools.pairwise(rows))
    running = Deadline.objects.filter(machine=WORKS.code, case_pk=works.pk, ended_at=None)
    assert {row.state for row in running} <= {state}
    broken = {v.act.name for v in violations(number, clock.now())}
    # Neither contract nor filing are cases here; they are what is missing, and nothing else.
    assert broken <= {"procurement.works.apply", "procurement.works.close"}


def test_a_project_is_closed_when_every_works_is(who):
    from kernel.events.procurement_works import WorksClosed
    from kernel.events.registry import Envelope
    from procurement.projects.models import Project
    from procurement.projects.subscribers import project_is_closed

    project = registered(who["owner"], who["officer"])
    number = project.number
    assert b.codes("procurement.project", project.pk, "close", who["owner"]) == {
        "access.act.not_permitted"
    }
    with pytest.raises(Refused) as refused:
        b.caused("procurement.project", project.pk, "close")
    assert {r.code for r in refused.value.refusals} == {"procurement.project.works_open"}
    b.passed(number, who)
    one, two = b.contracted(number, who), b.contracted(number, who)
    assert (one.number, two.number) == (f"{number}-W01", f"{number}-W02")

    def end(works):
        b.act(b.WORKS, works.pk, "apply", who["owner"], b.application(who))
        b.act(b.WORKS, works.pk, "permit", who["permit"])
        b.act(b.WORKS, works.pk, "start", who["owner"])
        b.completed(who, works)
        b.caused(b.WORKS, works.pk, "accept")
        b.caused(b.WORKS, works.pk, "file", {"filing_id": works.pk})
        b.act(b.WORKS, works.pk, "hand_over_archive", who["owner"], PAYLOADS["hand_over_archive"])
        b.act(b.WORKS, works.pk, "close", who["owner"])
        told = WorksClosed(
            works.pk, works.number, works.contract_number, number, works.name, works.region,
            works.owner_uscc, works.contractor_uscc, works.supervision_uscc, clock.today(),
        )  # fmt: skip
        project_is_closed(Envelope(works.pk, works.case_ref, clock.now(), told), None)

    b.act(b.WORKS, two.pk, "apply", who["owner"], b.application(who))
    end(one)
    assert Project.objects.get(pk=project.pk).state == "registered"
    b.act(b.WORKS, two.pk, "return", who["permit"], {"reason": "补正"})


def test_a_registration_is_withdrawn_before_it_is_decided(who):
    project = submitted(who["owner"])
    act(project, "withdraw", who["owner"])
    assert b.case("procurement.project", project.pk).state == "draft"
    assert b.codes("procurement.project", project.pk, "withdraw", who["owner"]) == {
        "workflow.act.not_in_state"
    }
    act(project, "submit", who["owner"])
