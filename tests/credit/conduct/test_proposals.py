"""What two officers confirmed, one alone does not undo: it is proposed, and another confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credit.conduct.models import ConductRecord
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, act, later, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]

WHY = {"reason": "理由。"}
# An officer who proposes a removal that nobody asked for names what annulled the list's ground.
GROUND = {"overturned_by": "示例行终〔2025〕1 号"}
# The acts that undo a confirmed record: how proposed, how done, what follows.
WAYS = pytest.mark.parametrize(
    ("bring", "propose", "confirm", "ended"),
    [
        ("shown", "propose_revocation", "revoke", "revoked"),
        ("mended", "propose_repair", "repair", "repaired"),
        ("listed", "propose_removal", "remove", "published"),
    ],
)


@pytest.fixture
def people():
    return samples.officers()


def score():
    samples.settle()
    now = clock.now()
    return scoring.score(FIRM, clock.legal_date(now), now).hundredths


def shown(people):
    return published(people)


def mended(people):
    record = published(people)
    later(people, 200)
    return samples.mended(people, record)


def listed(people):
    return samples.listed(people, published(people))


def why(propose):
    return WHY | GROUND if propose == "propose_removal" else WHY


def brought(bring, people):
    return {"shown": shown, "mended": mended, "listed": listed}[bring](people)


def refused(record, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act(record, code, actor, data)
    return {r.code.removeprefix("credit.conduct_record."): r for r in found.value.refusals}


@WAYS
def test_one_officer_alone_does_not_undo_what_two_confirmed(people, bring, propose, confirm, ended):
    record = brought(bring, people)
    assert set(refused(record, confirm, people["one"])) == {"not_proposed"}
    record = act(record, propose, people["one"], why(propose))
    same = refused(record, confirm, people["one"])
    assert set(same) == {"same_proposer"}
    assert "双人" in same["same_proposer"].article
    assert ConductRecord.objects.get(pk=record.pk).state != ended


@WAYS
def test_the_score_moves_when_the_second_officer_confirms_and_not_before(
    people, bring, propose, confirm, ended
):
    record = brought(bring, people)
    before = score()
    assert before < 6000
    record = act(record, propose, people["one"], why(propose))
    assert score() == before
    record = act(record, confirm, people["two"])
    assert (record.state, record.proposed) == (ended, "")
    # Off a list it is a bad record again.
    assert score() == (before if ended == "published" else 6000)


@WAYS
def test_a_proposal_that_is_declined_changes_nothing_and_may_be_made_again(
    people, bring, propose, confirm, ended
):
    record = brought(bring, people)
    state, before = record.state, score()
    record = act(record, propose, people["one"], why(propose))
    record = act(record, "decline_proposal", people["two"], WHY)
    assert (record.state, record.proposed, record.proposed_by) == (state, "", 0)
    assert score() == before
    assert set(refused(record, confirm, people["two"])) == {"not_proposed"}
    assert act(record, propose, people["two"], why(propose)).proposed_by == people["two"].person_id


@WAYS
def test_a_proposal_says_why_and_there_is_one_at_a_time(people, bring, propose, confirm, ended):
    record = brought(bring, people)
    assert "workflow.reason.missing" in refused(record, propose, people["one"])
    record = act(record, propose, people["one"], why(propose))
    assert record.proposal_reason == WHY["reason"]
    assert set(refused(record, propose, people["two"], why(propose))) == {"proposed_already"}


@WAYS
def test_the_clock_goes_on_while_a_proposal_waits(people, bring, propose, confirm, ended):
    record = brought(bring, people)
    clocks = Deadline.objects.filter(case_pk=record.pk, ended_at=None, on_due__gt="")
    was = clocks.get()
    act(record, propose, people["one"], why(propose))
    still = clocks.get()
    assert (still.pk, still.due_at) == (was.pk, was.due_at)
    sandbox.move_to(was.due_at + timedelta(days=1), actor=people["operator"])
    run_due()
    record.refresh_from_db()
    assert record.state == "expired"
    # Off a list it is a bad record again, to the end of that day at least.
    assert record.changed_at == was.due_at + timedelta(days=bring == "listed")
    assert "workflow.act.not_in_state" in refused(record, confirm, people["two"])


@WAYS
def test_an_officer_of_another_place_and_the_firm_confirm_nothing(
    people, bring, propose, confirm, ended
):
    record = act(brought(bring, people), propose, people["one"], why(propose))
    for who in ("far", "firm"):
        with pytest.raises(NotPermitted):
            act(record, confirm, people[who])


def test_another_thing_than_what_was_proposed_is_not_confirmed(people):
    record = act(mended(people), "propose_repair", people["one"], WHY)
    assert set(refused(record, "revoke", people["two"])) == {"not_proposed"}


def test_what_the_firm_does_leaves_a_proposal_standing(people):
    record = act(published(people), "propose_revocation", people["one"], WHY)
    record = act(record, "dispute", people["firm"], WHY)
    assert act(record, "revoke", people["two"]).state == "revoked"


@pytest.mark.parametrize("decide", ["uphold", "amend"])
def test_an_officer_who_decides_otherwise_takes_the_proposal_off(people, decide):
    record = samples.accepted(people, published(people))
    record = act(record, "propose_revocation", people["one"], WHY)
    more = {"item": "hazard_major"} if decide == "amend" else {}
    record = act(record, decide, people["two"], WHY | more)
    assert record.proposed == ""
    assert set(refused(record, "revoke", people["two"])) == {"not_proposed"}


def test_a_repair_that_is_rejected_is_no_longer_proposed(people):
    record = act(mended(people), "propose_repair", people["one"], WHY)
    record = act(record, "reject_repair", people["two"], WHY)
    assert (record.state, record.proposed) == ("repair_rejected", "")


def test_what_is_to_be_listed_is_not_to_be_revoked_any_more(people):
    record = act(published(people), "propose_revocation", people["one"], WHY)
    record = act(record, "propose_list", people["two"], WHY)
    assert set(refused(record, "list", people["one"], WHY)) == {"not_heard"}
    record = act(record, "drop_proposal", people["two"], WHY)
    assert set(refused(record, "revoke", people["two"])) == {"not_proposed"}


def test_who_proposed_and_why_stands_on_the_case_page(people):
    from kernel.web import presenters

    record = act(published(people), "propose_revocation", people["one"], WHY)
    groups = presenters.presenter_of(record.machine).facts(record, clock.now())
    told = {str(fact.label): fact.value for group in groups for fact in group.facts}
    assert told["提议的处理"] == "撤销记录"
    assert told["提议理由"] == WHY["reason"]
