"""Members who come and go, who act at once, whom nobody may know."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel import clock
from kernel.errors import Refused
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from kernel.workflow import sandbox
from kernel.workflow.firing import fire
from kernel.workflow.models import Act
from procurement.evaluation import selectors, services
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import BidScore, BidVote, Evaluation
from tests.concurrency.crowd import begun_together
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.refusing import refused
from tests.procurement.evaluation.samples import NUMBER, score, settle, vote


@pytest.mark.django_db
def test_what_a_replaced_member_found_is_void_and_done_again(walk):
    walk.open().draw().check_in().lead().vote(1).score()
    gone = walk.members()[1]
    walk.act(
        "replace_member",
        samples.supervisor(),
        {"seat": walk.seat(gone), "cause": "unable", "statement": "突发疾病"},
    )
    assert walk.case.state == "in_session"
    new = walk.members()[-1]
    assert gone not in walk.members() and walk.seat(new) == 6
    walk.act("check_in", new, {"no_conflict": True})
    walk.act("start_preliminary", walk.members()[0])
    for bid in (1, 2, 3, 4):
        walk.act("vote", new, vote(bid))
    # Four of five still reject the first bid.
    assert walk.case.state == "clearing" and walk.valid() == [2, 3, 4]
    for bid in (2, 3, 4):
        walk.act("score_detail", new, score(bid, "17.00"))
    assert walk.case.state == "priced"
    kept = selectors.facts(walk.case, samples.moment())
    assert {one.seat for one in kept.scores} == {1, 3, 4, 5, 6}
    assert BidVote.objects.filter(void=True).count() == 4
    assert BidScore.objects.filter(void=True).count() == 3


@pytest.mark.django_db
def test_a_receipt_tells_the_agency_of_no_members_act(walk, client):
    """Versions of a case are counted up: who tries them all saw each vote come in."""
    walk.open().draw().check_in().lead().vote(1)
    rows = Act.objects.filter(machine=EVALUATION.code, case_pk=walk.pk)
    statuses = {}
    for name in (walk.clerk.person_id, walk.members()[0].person_id):
        client.force_login(User.objects.get(person_id=name))
        statuses[name] = {
            (
                row.transition,
                client.get(
                    f"/cases/{EVALUATION.code}/{walk.pk}/receipts/{row.version}/"
                ).status_code,
            )
            for row in rows.filter(transition__in=("draw", "check_in", "vote"))
        }
    clerk, sitting = statuses.values()
    assert clerk == {("draw", 200), ("check_in", 404), ("vote", 404)}
    assert {("check_in", 200), ("vote", 200)} <= sitting


@pytest.mark.django_db
def test_a_leader_who_is_replaced_leads_no_more(walk):
    walk.open().draw().check_in().lead()
    leader = walk.members()[0]
    walk.act(
        "replace_member",
        samples.supervisor(),
        {"seat": walk.seat(leader), "cause": "misconduct", "statement": "接听电话"},
    )
    assert walk.case.leader == 0
    with pytest.raises(Refused) as caught:
        walk.act("elect_leader", leader, {"leader": 1})
    assert caught.value.status == 403


@pytest.mark.django_db
def test_nothing_but_a_seat_knows_who_was_drawn(walk):
    walk.open().draw()
    names = {actor.person_name for actor in walk.bank.values()} | set(walk.bank)
    written = [
        *Act.objects.filter(machine=EVALUATION.code).values_list("changes", "payload"),
        *LogEntry.objects.values_list("body"),
    ]
    assert not [name for name in names if name in repr(written)]


@pytest.mark.django_db
def test_the_agency_sees_no_name_before_the_report(client, walk):
    from kernel.parties.models import User

    walk.open().draw().check_in().lead().vote()
    client.force_login(
        User.objects.get(username="agency"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get(f"/cases/{EVALUATION.code}/{walk.pk}/").content.decode()
    assert "已签到" in page and NUMBER in page
    assert not [a.person_name for a in walk.members() if f">{a.person_name}<" in page]
    assert "初步评审表决" not in page and "已表决" not in page
    assert client.get(f"/evaluations/{walk.pk}/session/").status_code in {403, 404}
    checked = Act.objects.filter(machine=EVALUATION.code, transition="check_in").first()
    body = client.get(f"/log/{checked.log_index}/").content.decode()
    assert str(checked.at.year) in body and "check_in" not in body


@pytest.mark.django_db
def test_a_called_expert_sees_no_other_name(client, walk):
    from kernel.parties.models import User

    walk.open().draw().market.open(1, 2, 3)
    first, second = walk.members()[:2]
    walk.act("check_in", first, {"no_conflict": True})
    client.force_login(
        User.objects.get(person_id=second.person_id),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    page = client.get(f"/cases/{EVALUATION.code}/{walk.pk}/").content.decode()
    # The tenth expert's name begins as the first one's.
    assert not re.search(rf"{first.person_name}\b", page)


def test_two_members_score_at_once_and_both_count(committed):
    with samples.market() as market:
        market.terms = samples.terms()
        walk = samples.Walk(market, samples.agency(), samples.experts(7))
        walk.open().draw().check_in().lead().vote()
        members = walk.members()

        def scoring(actor, bid):
            return lambda: services.act_as_member(
                walk.pk,
                "score_detail",
                actor=actor,
                payload=score(bid),
                key=f"{actor.person_id}-{bid}",
            )

        done = begun_together([scoring(members[0], 1), scoring(members[1], 1)])
        assert [one for one in done if isinstance(one, Exception)] == []
        assert BidScore.objects.filter(void=False, bid_id=1).count() == 2


@pytest.mark.django_db
def test_a_key_used_again_gives_the_same_receipt(walk):
    walk.open().draw().check_in().lead()
    member = walk.members()[0]
    given = {"actor": member, "payload": vote(1), "key": "again"}
    first = services.act_as_member(walk.pk, "vote", **given)
    second = services.act_as_member(walk.pk, "vote", **given)
    assert (first.act_id, second.replayed) == (second.act_id, True)


STEPS = st.tuples(
    st.sampled_from([t.code for t in EVALUATION.transitions if t.sources]),
    st.integers(0, 5),
    st.integers(1, 4),
    st.sampled_from(["", "price"]),
)
_serial = itertools.count()


@pytest.mark.django_db
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=10), begun=st.integers(0, 3))
def test_a_random_walk_finds_no_illegal_state(walk, steps, begun):
    number = f"{NUMBER}{next(_serial)}"
    walk.market.terms = samples.terms(number=number, parties=())
    walk.market.opened = None
    # Another owner each time: nobody cools off between examples.
    walk.bank = walk.bank
    for expert in walk.bank.values():
        selectors.CommitteeSeat.objects.filter(person_id=expert.person_id).update(
            called_at=samples.moment() - samples.timedelta(days=60)
        )
    walk.open(lot_number=number).draw()
    for step in (walk.check_in, walk.lead, walk.vote)[:begun]:
        step()
    for code, who, bid, ground in steps:
        case = walk.case
        actor = [walk.clerk, *walk.members()][who]
        payload = {
            "check_in": {"no_conflict": True},
            "declare": {"cause": "unable", "statement": "病"},
            "step_back": {"cause": "unable", "statement": "病"},
            "elect_leader": {"leader": who or 1},
            "vote": vote(bid, ground),
            "score_detail": score(bid),
            "replace_member": {"seat": bid, "cause": "unable", "statement": "病"},
            "fail": {"reason": "无"},
            "dissent": {"opinion": "不同意"},
        }.get(code, {})
        try:
            walk.act(code, actor, payload)
        except Refused:
            assert (walk.case.state, walk.case.version) == (case.state, case.version)
            continue
        settle()
        assert case.state in EVALUATION.transition(code).sources
    found = Evaluation.objects.get(pk=walk.pk)
    facts = selectors.facts(found, samples.moment())
    assert len(facts.members) == 5
    acts = list(Act.objects.filter(machine=EVALUATION.code, case_pk=found.pk).order_by("version"))
    assert [act.version for act in acts] == list(range(1, found.version + 1))
    assert all(a.target == b.source for a, b in itertools.pairwise(acts))
    assert selectors.redrawn(found)


@pytest.mark.django_db
def test_a_stale_act_tells_the_agency_nothing_of_members(walk):
    """Whoever names an old version is told what changed since; not who votes."""
    walk.open().draw().check_in().lead().vote()
    payload = {"seat": 2, "cause": "unable", "statement": "突发疾病"}
    with pytest.raises(Refused) as refused:
        fire(
            EVALUATION.code, walk.pk, "replace_member", actor=walk.clerk, payload=payload,
            key="stale", seen_version=2,
        )  # fmt: skip
    changes = refused.value.refusals[0].facts["changes"]
    assert {row["role"] for row in changes} <= {"agency_clerk", "platform"}
    assert not [a for a in walk.bank.values() if a.person_name in repr(changes)]


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["check_in", "summarise"])
def test_owner_and_agency_replace_nobody_who_is_present(walk, after):
    walk.open().draw().check_in()
    if after == "summarise":
        walk.lead().vote().score().summarise()
    said = {"seat": 2, "cause": "unable", "statement": "病"}
    assert refused(walk.act, "replace_member", walk.clerk, said) == {"present_stays"}
    above = samples.supervisor()
    absent = said | {"cause": "no_show"}
    assert refused(walk.act, "replace_member", above, absent) == {"present_appeared"}
    walk.act("replace_member", above, said)
    assert walk.case.seats.get(number=2).status == "gone"
    # Who was called and does not come is theirs to replace.
    sandbox.move_to(clock.now() + timedelta(hours=3), actor=member("op", "operator", serial=6))
    walk.act("replace_member", walk.clerk, absent | {"seat": 6})
    assert walk.case.seats.get(number=6).gone_cause == "no_show"


@pytest.mark.django_db
def test_a_member_is_replaced_for_a_listed_cause(walk):
    walk.open().draw()
    assert refused(
        walk.act, "replace_member", walk.clerk, {"seat": 99, "cause": "unable", "statement": "病"}
    ) == {"seat_unknown"}
    assert refused(
        walk.act,
        "replace_member",
        samples.supervisor(),
        {"seat": 1, "cause": "mood", "statement": ""},
    ) == {"cause_unlisted", "statement_missing"}
