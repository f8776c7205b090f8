"""A committee: who forms it and when, who is drawn, who checks in, who steps back.

Each guard once refusing; the acts that go through are those of test_session.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel import clock
from kernel.errors import Refused, catalogue
from kernel.identifiers import uscc
from kernel.parties.models import Membership
from kernel.web import formats
from kernel.workflow import sandbox
from kernel.workflow.firing import fire
from procurement.evaluation import desk
from procurement.evaluation.models import Expert
from tests.conftest import member
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.refusing import refused
from tests.procurement.evaluation.samples import vote

pytestmark = pytest.mark.django_db
# The first bidder of every opening.
RIVAL = uscc.demonstration("230102", 31)


def test_a_lot_that_nobody_knows_has_no_committee(walk):
    assert "lot_unknown" in refused(walk.open, lot_number="0")


def test_a_committee_of_four_is_too_small_and_even(walk):
    assert refused(walk.open, experts=4) == {"committee_small", "committee_even"}


def test_a_committee_needs_two_thirds_of_experts(walk):
    people = [member(f"rep{n}", "expert", serial=1).person_id for n in range(2)]
    assert refused(walk.open, experts=3, representatives=people) == {"experts_few"}
    assert walk.open(experts=5, representatives=people).case.representatives == 2


def test_a_representative_is_of_the_owner(walk):
    stranger = member("elsewhere", "expert", serial=2)
    found = refused(walk.open, experts=6, representatives=[stranger.person_id])
    assert found == {"representative_strange"}


def test_only_owner_and_agency_form_a_committee(walk):
    walk.clerk = member("other", "agency_clerk", serial=99)
    assert refused(walk.open) == {"not_your_lot"}


def test_a_lot_has_one_committee(walk):
    walk.open()
    assert refused(walk.open) == {"committee_exists"}


def test_the_draw_comes_shortly_before_the_opening_and_never_after(walk):
    walk.open()
    walk.market.terms = walk.market.terms.__class__(
        **vars(walk.market.terms) | {"opens_at": clock.now() + timedelta(hours=25)}
    )
    assert refused(walk.draw) == {"draw_early"}
    begins = formats.minute(walk.market.terms.opens_at - timedelta(hours=24))
    with pytest.raises(Refused) as early:
        walk.draw()
    assert begins in catalogue.message(early.value.refusals[0])
    sandbox.move_to(clock.now() + timedelta(hours=2), actor=member("op", "operator", serial=6))
    walk.market.open(1, 2, 3)
    assert refused(walk.draw) == {"draw_late"}


def test_a_committee_is_formed_before_the_opening_and_never_after_it_without_leave(walk):
    walk.market.open(1, 2, 3)
    with pytest.raises(Refused) as caught:
        walk.open()
    (refusal,) = caught.value.refusals
    assert refusal.code == "procurement.evaluation.formed_late"
    assert refusal.field == "late_reason"
    assert "第八条" in refusal.article
    assert refused(walk.open, late_reason="  ") == {"formed_late"}


def test_what_is_formed_after_the_opening_is_an_application_and_draws_nobody_without_leave(walk):
    walk.market.open(1, 2, 3)
    why = "专家库系统故障，未能在开标前组建"
    walk.open(late_reason=why)
    assert walk.case.late_draw_reason == why and walk.case.late_draw_at is None
    assert refused(walk.draw) == {"draw_late"}
    keeper = member(
        "supervisor", "tender_supervisor", region="230102", serial=5, authority="county"
    )
    (row,) = desk.late(keeper, clock.now())
    assert row.url.endswith("/allow_late_draw/")
    said = {"document": "哈里招监〔2025〕8 号", "reason": "情况属实"}
    walk.act("allow_late_draw", keeper, said)
    walk.draw()
    assert walk.case.state == "ready"


def test_a_draw_that_the_opening_overtook_waits_for_the_supervisors_reasoned_decision(walk):
    walk.open()
    keeper = member(
        "supervisor", "tender_supervisor", region="230102", serial=5, authority="county"
    )
    said = {"document": "哈里招监〔2025〕7 号", "reason": "专家库系统故障，未能在开标前抽取"}
    assert refused(walk.act, "allow_late_draw", keeper, said) == {"draw_in_time"}
    walk.market.open(1, 2, 3)
    assert refused(walk.draw) == {"draw_late"}
    blank = {"document": " ", "reason": " "}
    assert refused(walk.act, "allow_late_draw", keeper, blank) == {
        "late_draw_document", "late_draw_reason",
    }  # fmt: skip
    with pytest.raises(Refused):
        walk.act("allow_late_draw", walk.clerk, said)  # not whoever was late
    receipt = walk.act("allow_late_draw", keeper, said)
    assert receipt.log_index
    assert walk.case.late_draw_document == said["document"]
    assert refused(walk.act, "allow_late_draw", keeper, said) == {"late_draw_allowed"}
    walk.draw()
    assert walk.case.state == "ready"


def test_the_supervisors_desk_shows_a_committee_that_the_opening_overtook(walk):
    walk.open()
    keeper = member(
        "supervisor", "tender_supervisor", region="230102", serial=5, authority="county"
    )
    assert not list(desk.late(keeper, clock.now()))
    walk.market.open(1, 2, 3)
    (row,) = desk.late(keeper, clock.now())
    assert row.url.endswith("/allow_late_draw/")
    assert not list(desk.late(walk.clerk, clock.now()))


def test_the_owners_nonce_is_no_empty_word(walk):
    walk.open()
    assert refused(walk.act, "draw", walk.clerk, {"nonce": "短"}) == {"nonce_short"}


def test_too_small_a_bank_draws_nobody(walk):
    walk.open(experts=13)
    assert refused(walk.draw) == {"pool_small"}


def test_a_lot_whose_trade_has_no_specialty_draws_nobody_at_random_of_all(walk):
    walk.open()
    walk.market.terms = samples.terms(specialties=())
    assert refused(walk.draw) == {"trade_unmapped"}


def test_only_experts_of_the_lots_specialties_fill_a_committee(walk):
    """Six of the twelve of the bank are cost engineers: too few for seven, and it is told."""
    walk.open(experts=7)
    walk.market.terms = samples.terms(specialties=("cost",))
    with pytest.raises(Refused) as caught:
        walk.draw()
    (why,) = caught.value.refusals
    assert why.code == "procurement.evaluation.pool_small"
    assert (why.facts["free"], why.facts["needed"]) == (6, 7)


def test_nobody_checks_in_before_the_bids_are_opened(walk):
    walk.open().draw()
    found = refused(walk.act, "check_in", walk.members()[0], {"no_conflict": True})
    assert found == {"not_opened"}


def test_checking_in_needs_the_declaration_and_comes_once(walk):
    walk.open().draw()
    walk.market.open(1, 2, 3)
    first = walk.members()[0]
    assert refused(walk.act, "check_in", first) == {"conflict_undeclared"}
    walk.act("check_in", first, {"no_conflict": True})
    assert "already_present" in refused(walk.act, "check_in", first, {"no_conflict": True})
    assert "already_present" in refused(
        walk.act, "declare", first, {"cause": "unable", "statement": "病"}
    )


def test_who_worked_for_a_bidder_cannot_check_in_and_the_next_is_called(walk):
    walk.open().draw()
    walk.market.open(1, 2, 3)
    first = walk.members()[0]
    expert = Expert.objects.get(person_id=first.person_id)
    job = {
        "uscc": uscc.demonstration("230102", 31), "since": date(2010, 1, 1),
        "until": date(2024, 1, 1),
    }  # fmt: skip
    fire(
        "procurement.expert", expert.pk, "report_employer", actor=first, payload=job, key="job",
        seen_version=expert.version,
    )  # fmt: skip
    assert refused(walk.act, "check_in", first, {"no_conflict": True}) == {"conflict_employer"}
    assert refused(walk.act, "declare", first, {"cause": "moon", "statement": ""}) == {
        "cause_unlisted",
        "statement_missing",
    }
    walk.act("declare", first, {"cause": "employer", "statement": "曾任职"})
    assert first not in walk.members()
    assert len(walk.members()) == 5


def report(actor, **said):
    expert = Expert.objects.get(person_id=actor.person_id)
    fire(
        "procurement.expert", expert.pk, "report_employer", actor=actor,
        payload={"uscc": RIVAL, "since": date(2012, 1, 1)} | said, key=f"{actor.person_id}{said}",
        seen_version=expert.version,
    )  # fmt: skip


def test_who_says_after_the_opening_that_they_left_a_bidder_long_ago_is_no_less_its_own(walk):
    """What was told is never taken away: leaving counts from the day on which it is told."""
    for actor in walk.bank.values():
        report(actor)
    walk.open().draw()
    walk.market.open(100_00, 102_00, 104_00)
    first = walk.members()[0]
    assert refused(walk.act, "check_in", first, {"no_conflict": True}) == {"conflict_employer"}
    report(first, until=date(2015, 1, 1))
    assert refused(walk.act, "check_in", first, {"no_conflict": True}) == {"conflict_employer"}


def test_what_the_pool_knew_of_an_employer_counts_whatever_the_file_says_now(walk):
    for actor in walk.bank.values():
        report(actor)
    walk.open().draw()
    walk.market.open(100_00, 102_00, 104_00)
    first = walk.members()[0]
    Expert.objects.filter(person_id=first.person_id).update(employments=[])
    assert refused(walk.act, "check_in", first, {"no_conflict": True}) == {"conflict_employer"}


def works_at_a_bidder(actor, **until):
    clerk = member(f"clerk{actor.person_id}", "contractor_clerk", serial=31)
    assert clerk.uscc == RIVAL
    Membership.objects.create(
        person_id=actor.person_id, organisation_id=clerk.organisation_id,
        role="contractor_clerk", valid_from=date(2020, 1, 1), **until,
    )  # fmt: skip


def test_who_acts_for_a_bidder_here_does_not_check_in_whatever_they_told(walk):
    walk.open().draw()
    walk.market.open(100_00, 102_00, 104_00)
    first, second, third = walk.members()[:3]
    works_at_a_bidder(first)
    works_at_a_bidder(second, valid_to=clock.today() - timedelta(days=1))
    works_at_a_bidder(third, valid_to=date(2021, 1, 1))
    for one in (first, second):
        assert refused(walk.act, "check_in", one, {"no_conflict": True}) == {"conflict_employer"}
    walk.act("check_in", third, {"no_conflict": True})


def test_who_comes_to_act_for_a_bidder_votes_and_scores_no_more_and_steps_back(walk):
    walk.open().draw().check_in().lead()
    first = walk.members()[1]
    works_at_a_bidder(first)
    assert "conflict_employer" in refused(walk.act, "vote", first, vote(1))
    said = {"cause": "employer", "statement": "现任职于投标人"}
    walk.act("step_back", first, said)
    assert first not in walk.members() and len(walk.members()) == 5
    assert walk.case.state == "in_session"


def test_who_is_only_called_does_not_step_back_but_declares(walk):
    walk.open().draw()
    said = {"cause": "unable", "statement": "病"}
    assert refused(walk.act, "step_back", walk.members()[0], said) == {"not_checked_in"}


def test_the_draw_comes_to_its_end(walk):
    walk.open(experts=11).draw()
    said = {"cause": "unable", "statement": "生病"}
    walk.act("declare", walk.members()[0], said)
    assert refused(walk.act, "declare", walk.members()[0], said) == {"reserve_empty"}
    replacing = said | {"seat": walk.seat(walk.members()[0])}
    assert refused(walk.act, "replace_member", walk.clerk, replacing) == {
        "reserve_empty", "may_appear",
    }  # fmt: skip
