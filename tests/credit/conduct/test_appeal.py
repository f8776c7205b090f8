"""Before and after publication the enterprise is heard, in time, by others than who decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from credit.conduct import barring, mending, rules, second_pair
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.scoring import selectors as scoring
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.events.models import Event
from kernel.evidence.models import LogEntry
from kernel.regulation.due import due
from kernel.workflow import judge
from kernel.workflow.due import DeadlineMissed
from kernel.workflow.firing import fire
from kernel.workflow.models import Deadline
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, accepted, act, captured, later, notified, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]

WHY = {"reason": "理由。"}
ORDER = WHY | {"document_number": "示例行初〔2025〕1 号"}
SAID = {"statement": "方案已于当日批准。"}


@pytest.fixture
def people():
    return samples.officers()


def score():
    samples.settle()
    now = clock.now()
    return scoring.score(FIRM, clock.legal_date(now), now).hundredths


def refused(record, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act(record, code, actor, data)
    return {r.code.removeprefix("credit.conduct_record.") for r in found.value.refusals}


def running(record, key):
    return Deadline.objects.get(case_pk=record.pk, period_key=key, ended_at=None)


def fresh(record):
    return ConductRecord.objects.get(pk=record.pk)


def test_a_captured_record_has_its_days_to_be_published(people):
    record = captured(people)
    clock_ = running(record, "conduct.publish")
    assert clock_.due_at == due(record.opened_at, "conduct.publish").at


def test_a_term_that_was_missed_is_told_once_whatever_is_done_after_it(people):
    record = captured(people)
    later(people, 60)
    record = act(fresh(record), "verify", people["one"])
    record = act(record, "confirm", people["two"])
    later(people, 1)
    record = act(fresh(record), "notify", people["two"])
    later(people, 1)
    told = LogEntry.objects.filter(case=record.case_ref, kind="workflow.deadline_missed")
    assert len([one for one in told if '"conduct.publish"' in str(one.body)]) == 1
    told = Event.objects.filter(name=DeadlineMissed.NAME, payload__period_key="conduct.publish")
    assert told.count() == 1
    # It stays late in whatever state it is now.
    assert running(record, "conduct.publish").status == Deadline.Status.MISSED


def test_a_statement_before_publication_is_kept_and_stops_the_publication(people):
    record = notified(people)
    assert refused(record, "state", people["firm"]) == {"statement_missing"}
    record = act(record, "state", people["firm"], SAID)
    assert record.statement == SAID["statement"]
    later(people, 10)
    assert (fresh(record).state, score()) == ("stated", 6000)
    assert Deadline.objects.filter(case_pk=record.pk, status="missed").exists()
    record = act(fresh(record), "answer_statement", people["two"], WHY)
    assert (record.state, record.answer) == ("answer_due", WHY["reason"])
    later(people, 10)
    record = samples.signed(fresh(record), "serve_answer")
    assert record.state == "notified"
    assert refused(record, "state", people["firm"], SAID) == {"stated_already"}
    later(people, 10)
    assert (fresh(record).state, score()) == ("published", 5800)


def test_a_statement_that_is_right_ends_the_record_by_two_officers(people):
    record = act(notified(people), "state", people["firm"], SAID)
    assert samples.revoked(people, record).state == "revoked"
    assert score() == 6000


def test_one_officer_takes_no_objection_away_by_proposing_a_list(people):
    """A proposal that waits until the days are over, and is dropped then, closed every remedy."""
    record = act(published(people), "propose_list", people["one"], WHY)
    record = act(record, "dispute", people["firm"], WHY)
    assert (record.state, record.proposed, record.hearing_ends_at) == ("disputed", "", None)
    record = act(record, "accept_objection", people["one"])
    record = act(record, "uphold", people["two"], WHY)
    record = act(record, "propose_list", people["one"], WHY)
    assert act(record, "ask_review", people["firm"], WHY).state == "review_asked"


def test_one_officer_takes_no_objection_away_by_refusing_repair(people):
    later(people, (date(2026, 5, 6) - clock.today()).days)
    record = published(people, severity="minor")
    record = act(samples.mended(people, record), "reject_repair", people["one"], WHY)
    assert record.state == "repair_rejected"
    record = act(record, "dispute", people["firm"], WHY)
    record = act(record, "accept_objection", people["one"])
    assert act(record, "uphold", people["two"], WHY).state == "published"


def test_an_objection_has_its_days_and_is_raised_once(people):
    record = published(people)
    late = published(people)
    record = act(record, "dispute", people["firm"], WHY)
    record = act(record, "refuse_objection", people["one"], WHY)
    assert "objected_already" in refused(record, "dispute", people["firm"], WHY)
    later(people, 20)
    assert refused(fresh(late), "dispute", people["firm"], WHY) == {"objection_late"}


def test_an_objection_is_accepted_decided_and_extended_once_with_its_clocks(people):
    record = act(published(people), "dispute", people["firm"], WHY)
    assert running(record, "conduct.objection.accept")
    record = act(record, "accept_objection", people["one"])
    first = running(record, "conduct.objection.decide").due_at
    assert first == due(record.changed_at, "conduct.objection.decide").at
    assert "workflow.reason.missing" in refused(record, "extend_objection", people["one"])
    record = act(record, "extend_objection", people["one"], WHY)
    last = running(record, "conduct.objection.decide").due_at
    days = due(first - timedelta(seconds=1), "conduct.objection.extension").at
    assert last == days > first
    assert refused(record, "extend_objection", people["two"], WHY) == {"extended_already"}


@pytest.mark.parametrize(("decide", "more"), [("uphold", {}), ("amend", {"item": "hazard_major"})])
def test_who_accepted_an_objection_does_not_decide_it(people, decide, more):
    record = accepted(people, published(people))
    assert refused(record, decide, people["one"], WHY | more) == {"same_acceptor"}
    assert act(record, decide, people["two"], WHY | more).decided_region == "230100"


def test_a_disputed_record_weighs_on_until_an_order_suspends_it(people):
    record = act(published(people), "dispute", people["firm"], WHY)
    assert score() == 5800
    assert refused(record, "propose_suspension", people["one"], WHY) == {"decision_missing"}
    record = act(record, "propose_suspension", people["one"], ORDER)
    assert score() == 5800
    assert refused(record, "suspend", people["one"]) == {"same_proposer"}
    record = act(record, "suspend", people["two"])
    assert (record.state, record.suspended_by) == ("disputed", ORDER["document_number"])
    assert score() == 6000
    assert "suspended_already" in refused(record, "propose_suspension", people["one"], ORDER)
    assert "not_proposed" in refused(record, "lift_suspension", people["one"])
    record = act(record, "propose_lifting", people["one"], ORDER)
    assert score() == 6000
    assert refused(record, "lift_suspension", people["one"]) == {"same_proposer"}
    record = act(record, "lift_suspension", people["two"])
    assert (record.suspended_by, score()) == ("", 5800)
    assert refused(record, "propose_lifting", people["one"], ORDER) == {"not_suspended"}


def test_what_is_amended_while_suspended_weighs_only_when_the_suspension_is_lifted(people):
    record = accepted(people, published(people))
    record = act(record, "propose_suspension", people["one"], ORDER)
    record = act(record, "suspend", people["two"])
    record = act(record, "amend", people["two"], WHY | {"item": "hazard_major"})
    assert score() == 6000
    record = act(record, "propose_lifting", people["one"], ORDER)
    act(record, "lift_suspension", people["two"])
    assert score() == 5200


def test_a_suspended_listing_bars_nobody(people):
    record = samples.listed(people, published(people, item="collusion"))
    assert barring.barring_documents(FIRM) == [record.document_number]
    record = act(record, "propose_suspension", people["one"], ORDER)
    act(record, "suspend", people["two"])
    assert barring.barring_documents(FIRM) == []


def test_review_is_for_the_authority_above_the_one_that_decided(people):
    record = published(people)
    assert refused(record, "ask_review", people["firm"], WHY) == {"not_decided"}
    record = act(accepted(people, record), "uphold", people["two"], WHY)
    record = act(record, "ask_review", people["firm"], WHY)
    assert record.state == "review_asked"
    assert running(record, "conduct.objection.review").due_at == (
        due(record.changed_at, "conduct.objection.review").at
    )
    for who in ("one", "two", "far"):
        with pytest.raises(NotPermitted):
            act(record, "propose_review_revocation", people[who], ORDER)
    propose = "propose_review_revocation"
    assert refused(record, propose, people["upper"], WHY) == {"decision_missing"}
    record = act(record, propose, people["upper"], ORDER)
    assert score() == 5800
    record = act(record, "review_revoke", people["upper2"])
    assert (record.state, record.review_document) == ("revoked", ORDER["document_number"])
    assert score() == 6000


def under_review(people):
    record = act(accepted(people, published(people)), "uphold", people["two"], WHY)
    return act(record, "ask_review", people["firm"], WHY)


def test_no_officer_of_the_upper_authority_revokes_alone(people):
    record = under_review(people)
    assert refused(record, "review_revoke", people["upper"]) == {"not_proposed"}
    record = act(record, "propose_review_revocation", people["upper"], ORDER)
    assert refused(record, "review_revoke", people["upper"]) == {"same_proposer"}
    for who in ("one", "two", "far", "firm"):
        with pytest.raises(NotPermitted):
            act(record, "review_revoke", people[who])
    assert (fresh(record).state, score()) == ("review_asked", 5800)
    record = act(record, "review_revoke", people["upper2"])
    assert (record.state, record.review_document) == ("revoked", ORDER["document_number"])


def test_who_is_reviewed_does_not_decline_what_the_upper_authority_proposes(people):
    record = act(under_review(people), "propose_review_revocation", people["upper"], ORDER)
    assert refused(record, "decline_proposal", people["one"], WHY) == {"review_of_upper"}
    record = act(record, "decline_proposal", people["upper2"], WHY)
    assert refused(record, "review_revoke", people["upper2"]) == {"not_proposed"}
    assert act(record, "review_uphold", people["upper2"], ORDER).state == "published"


def test_a_review_that_upholds_is_the_last(people):
    record = act(accepted(people, published(people)), "uphold", people["two"], WHY)
    record = act(record, "ask_review", people["firm"], WHY)
    record = act(record, "review_uphold", people["upper"], ORDER)
    assert record.state == "published"
    assert refused(record, "ask_review", people["firm"], WHY) == {"reviewed_already"}


def test_review_has_its_days_and_there_is_none_above_the_province(people):
    city = act(accepted(people, published(people)), "uphold", people["two"], WHY)
    top = act(published(people), "dispute", people["firm"], WHY)
    top = act(top, "refuse_objection", people["upper"], WHY)
    assert refused(top, "ask_review", people["firm"], WHY) == {"no_upper_authority"}
    later(people, 40)
    assert "review_late" in refused(fresh(city), "ask_review", people["firm"], WHY)


def change(days=0):
    return ORDER | {"changed_on": clock.today() - timedelta(days=days)}


def test_what_one_officer_notes_of_a_penalty_takes_nothing_away_however_long_it_lies(people):
    record = published(people)
    assert refused(record, "propose_change", people["one"], change(-1)) == {"dated_ahead"}
    record = act(record, "propose_change", people["one"], change(60))
    assert running(record, "conduct.penalty.correct").due_at == (
        due(record.changed_at, "conduct.penalty.correct").at
    )
    assert refused(record, "note_change", people["one"]) == {"same_proposer"}
    later(people, 20)
    record = fresh(record)
    assert (record.state, score()) == ("published", 5800)
    assert Deadline.objects.filter(
        case_pk=record.pk, period_key="conduct.penalty.correct", status="missed"
    ).exists()
    assert act(record, "note_change", people["two"]).state == "withdraw_due"
    assert score() == 5800


def test_a_penalty_that_two_say_is_annulled_is_withdrawn_within_three_days_by_itself(people):
    record = samples.annulled(people, published(people))
    assert (record.state, record.change_document) == ("withdraw_due", ORDER["document_number"])
    ends = running(record, "conduct.penalty.correct").due_at
    assert ends == due(record.changed_at, "conduct.penalty.correct").at
    assert score() == 5800
    later(people, 6)
    record = fresh(record)
    assert (record.state, record.changed_at, score()) == ("revoked", ends, 6000)


def test_a_change_that_is_not_confirmed_is_declined_and_its_clock_stops(people):
    record = act(published(people), "propose_change", people["one"], change())
    record = act(record, "decline_proposal", people["two"], WHY)
    assert (record.proposed, record.withdraw_due_at) == ("", None)
    assert not Deadline.objects.filter(
        case_pk=record.pk, period_key="conduct.penalty.correct", ended_at=None
    ).exists()


def test_a_decision_on_an_objection_beside_a_noted_change_is_a_decision(people):
    record = act(accepted(people, published(people)), "propose_change", people["one"], change())
    record = act(record, "amend", people["two"], WHY | {"item": "hazard_major"})
    assert record.objection_decided_at == record.changed_at
    assert (record.proposed, record.withdraw_due_at) == ("", None)


@pytest.mark.parametrize(
    ("code", "data", "state", "points"),
    [
        ("withdraw", None, "revoked", 6000),
        ("correct", WHY | {"item": "hazard_major"}, "amended", 5200),
    ],
)
def test_who_noted_a_changed_penalty_leaves_to_others_what_becomes_of_it(
    people, code, data, state, points
):
    record = samples.annulled(people, published(people))
    assert refused(record, code, people["one"], data) == {"same_proposer"}
    assert act(record, code, people["two"], data).state == state
    assert score() == points


def test_what_two_said_is_annulled_one_does_not_show_on(people):
    record = samples.annulled(people, published(people))
    assert refused(record, "keep", people["two"]) == {"not_proposed"}
    record = act(record, "propose_keep", people["two"], WHY)
    assert refused(record, "propose_keep", people["one"], WHY) == {"proposed_already"}
    assert refused(record, "keep", people["two"]) == {"same_proposer"}
    record = act(record, "keep", people["one"])
    assert (record.state, record.withdraw_due_at, score()) == ("published", None, 5800)


def test_nobody_is_listed_unheard_or_by_one_officer_or_for_good_conduct(people):
    good = published(people, item="award_national")
    assert refused(good, "propose_list", people["one"], WHY) == {"not_listable"}
    record = act(published(people), "propose_list", people["one"], WHY)
    assert refused(record, "list", people["one"], WHY) == {"same_proposer", "not_heard"}
    later(people, 8)
    # Its days begin when the notice is signed, not when it is drawn up.
    assert refused(fresh(record), "list", people["two"], WHY) == {"not_heard"}
    record = samples.signed(record, "serve_list_notice")
    later(people, 20)
    record = act(fresh(record), "list", people["two"], WHY)
    assert record.state == "listed"
    term = due(record.changed_at, "conduct.list.term")
    assert running(record, "conduct.list.term").due_at == term.at


def test_a_statement_does_not_shorten_the_days_of_the_notice(people):
    """Who spoke on the first day may bring its papers on the last."""
    record = act(published(people), "propose_list", people["one"], WHY)
    record = act(record, "state_listing", people["firm"], {"statement": "已整改。"})
    # A statement on what was told by word of mouth begins no days, and ends none.
    assert refused(record, "list", people["two"], WHY) == {"not_heard"}
    record = samples.signed(record, "serve_list_notice")
    assert refused(record, "list", people["two"], WHY) == {"hearing_runs"}
    later(people, 10)
    assert act(fresh(record), "list", people["two"], WHY).state == "listed"


def test_what_was_answered_proposed_or_barred_is_refused_on_the_facts_alone(people):
    record = published(people)
    held = judge.load_facts(RECORD, record, clock.now())
    told = [
        (rules.listing_was_not_answered, {"listing_answered": True}),
        (second_pair.listing_is_dropped_otherwise, {"proposed": "list"}),
        (mending.may_be_left, {"exit_from": None, "repair_barred_by": "", "exit_asked": False}),
    ]
    found = [r.code for guard, more in told for r in guard(replace(held, **more), None)]
    assert found == [
        f"credit.conduct_record.{end}"
        for end in ("listing_answered", "listing_proposed", "no_exit")
    ]


@pytest.mark.parametrize("code", ["state", "dispute", "apply_repair"])
def test_an_enterprise_learns_nothing_of_a_record_before_its_notice(people, code):
    """Naming an old version told it all that officers had written of it so far."""
    record = act(captured(people), "verify", people["one"])
    with pytest.raises(Refused) as found:
        fire(
            RECORD.code, record.pk, code, actor=people["firm"], key="early", seen_version=0,
            payload={"statement": "？"} if code == "state" else {"reason": "？"},
        )  # fmt: skip
    (reason,) = found.value.refusals
    assert (reason.code, "changes" in reason.facts) == ("access.act.not_permitted", False)
