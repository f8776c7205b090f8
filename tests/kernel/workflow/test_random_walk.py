"""However anybody stumbles through the machine, no illegal state and no broken count is found."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.evidence.models import LogEntry
from kernel.regulation import precedences
from kernel.regulation import selectors as law
from kernel.workflow.diagrams import mermaid, reachable
from kernel.workflow.machines import machines
from kernel.workflow.models import Act, Deadline
from procurement.projects.machine import PROJECT
from procurement.projects.models import Project
from tests.procurement.projects.samples import act, opened, whole

pytestmark = pytest.mark.django_db

STEPS = st.tuples(
    st.sampled_from([t.code for t in PROJECT.transitions if t.sources]),
    st.sampled_from(["clerk", "colleague", "stranger", "officer", "elsewhere", "auditor"]),
    st.booleans(),
)
PAYLOADS = {"return": {"reason": "请补正"}, "terminate": {"reason": "项目取消"}}
_serial = itertools.count()


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_a_random_walk_finds_no_illegal_state(people, steps):
    project = opened(people["clerk"])
    state, version = project.state, 1
    for code, who, fresh in steps:
        transition = PROJECT.transition(code)
        payload = (
            whole(project_code=project.project_code) if code == "amend" else PAYLOADS.get(code, {})
        )
        seen = None if fresh else max(0, version - 1)
        try:
            receipt = act(
                project, code, people[who], payload, key=f"walk-{next(_serial)}", seen=seen
            )
        except Refused:
            now = Project.objects.get(pk=project.pk)
            assert (now.state, now.version) == (state, version)
            continue
        assert fresh and transition is not None
        assert state in transition.sources
        assert receipt.state == (transition.target or state)
        assert receipt.version == version + 1
        state, version = receipt.state, receipt.version
    rows = list(Act.objects.filter(case_pk=project.pk).order_by("version"))
    assert [row.version for row in rows] == list(range(1, version + 1))
    assert all(a.target == b.source for a, b in itertools.pairwise(rows))
    assert all(LogEntry.objects.get(pk=row.log_index).case == project.case_ref for row in rows)
    open_clocks = Deadline.objects.filter(case_pk=project.pk, ended_at=None)
    assert {c.state for c in open_clocks} <= {state}
    assert_precedences_hold(rows)


def assert_precedences_hold(rows):
    """The log of a case against the law's own order of acts."""
    log = [
        precedences.Act(
            name=PROJECT.act_name(row.transition),
            case=f"{row.machine}:{row.case_pk}",
            project=str(row.case_pk),
            at=row.at,
        )
        for row in rows
    ]
    assert precedences.check(log, law.resolve("precedences", rows[0].at)) == []


@pytest.mark.parametrize("machine", machines().values(), ids=lambda m: m.code)
def test_every_state_can_be_reached_and_stands_in_the_drawing(machine):
    assert reachable(machine) == {s.code for s in machine.states}
    drawing = mermaid(machine)
    assert all(f"{s.code}: " in drawing for s in machine.states)


@pytest.mark.parametrize("machine", machines().values(), ids=lambda m: m.code)
def test_every_act_has_a_row_in_the_access_table_and_words(machine):
    from kernel.access.table import TABLE

    for transition in machine.transitions:
        assert machine.act_name(transition.code) in TABLE.acts
        assert str(transition.label) and str(transition.effect) and transition.article
    assert machine.code in TABLE.readers
    for name, allowed in TABLE.acts.items():
        if name.startswith(f"{machine.code}."):
            for row in allowed:
                assert row.role in TABLE.roles
                assert row.relation == "any" or machine.relation(row.relation)
