"""However anybody stumbles through a lot, no illegal state and no act out of the law's order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.following import follow
from kernel.workflow.models import Act
from kernel.workflow.order import violations
from procurement.tendering import needs
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from tests.procurement.tendering.samples import LIST, act, at_hour, candidate, opened, whole

pytestmark = pytest.mark.django_db

WHO = ("owner", "other_owner", "agency", "supervisor", "bidder")
STEPS = st.one_of(
    st.tuples(st.sampled_from([t.code for t in LOT.transitions if t.sources]),
              st.sampled_from(WHO)),
    # What leads somewhere, so that walks get far.
    st.tuples(st.sampled_from(["approve", "publish", "publicise", "issue_award_notice"]),
              st.just("owner")),
    st.tuples(st.just("wait"), st.integers(1, 30)),
)  # fmt: skip
REASON = {"reason": "示例理由"}
CLOSED = {"live_bids": 3, "closing_list_sha256": LIST}
PAYLOADS = {
    "clarify": {"text": "以图纸为准。"}, "open_bids": CLOSED, "fail": CLOSED | {"live_bids": 2},
    "publicise": {"objection_channel": "示例甲", "late_reason": "补办。"},
    "contract": {"contract_number": "HT-1"},
}  # fmt: skip
_keys = itertools.count()


def payload_of(lot, transition):
    if transition.code == "amend":
        return whole(lot.project_number, lot.documents[0]["file_sha256"],
                     sale_ends_at=at_hour(15), bid_deadline_at=at_hour(30))  # fmt: skip
    if transition.code == "receive_report":
        return {"evaluation_id": 7, "reported_at": clock.now().isoformat()}
    if transition.code in ("next_candidate", "fail_award"):
        return REASON | {"cause": "renounced", "file_sha256": lot.documents[0]["file_sha256"]}
    if transition.code in PAYLOADS:
        return PAYLOADS[transition.code]
    return REASON if "reason" in transition.schema.model_fields else {}


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=25))
def test_a_random_walk_stays_within_states_and_the_order_of_the_law(market, monkeypatch, steps):
    report = needs.EvaluationReport(7, clock.now(), "PB-7", (candidate(1), candidate(2)))
    monkeypatch.setattr(needs.evaluation_report, "_answer", lambda _number: report)
    lot = opened(market, sale_ends_at=at_hour(15), bid_deadline_at=at_hour(30))
    for code, who in steps:
        if code == "wait":
            sandbox.move_to(at_hour(who), actor=market["officer"])
            run_due()
            continue
        transition = LOT.transition(code)
        lot.refresh_from_db()
        before, payload = (lot.state, lot.version), payload_of(lot, transition)
        try:
            if transition.automatic:
                follow(LOT.code, lot.pk, code, key=f"walk-{next(_keys)}", at=clock.now(),
                       payload=payload)  # fmt: skip
                lot.refresh_from_db()
                if before[0] not in transition.sources:
                    assert (lot.state, lot.version) == before
                    continue
            else:
                act(lot, code, market[who], payload)
        except Refused:
            lot.refresh_from_db()
            assert (lot.state, lot.version) == before
            continue
        assert before[0] in transition.sources
        assert lot.state == (transition.target or before[0])
        assert lot.version == before[1] + 1
    rows = list(Act.objects.filter(machine=LOT.code, case_pk=lot.pk).order_by("version"))
    assert [row.version for row in rows] == list(range(1, Lot.objects.get(pk=lot.pk).version + 1))
    assert all(a.target == b.source for a, b in itertools.pairwise(rows))
    assert all(a.at <= b.at for a, b in itertools.pairwise(rows))
    # Drawings and the report come from rooms that this test answers for.
    others = {"procurement.drawing_review.pass", "procurement.evaluation.report"}
    found = violations(lot.project_number, clock.now())
    assert [v.act.name for v in found if not set(v.must_follow) & others] == []
