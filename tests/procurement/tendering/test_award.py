"""From the report to the archive: candidates, publicity, objections, award, report."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents.models import Document
from kernel.errors import Refusal, Refused
from kernel.events import registry
from kernel.events.models import Event
from kernel.events.procurement_tendering import LotPublicised
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.following import follow
from kernel.workflow.models import Deadline
from procurement.tendering import award_papers, needs, show
from procurement.tendering.documents import candidates_number
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.rules.common import told as told_at
from tests.procurement.tendering import test_objections as objections
from tests.procurement.tendering.samples import (
    LIST,
    act,
    at_hour,
    automatic,
    candidate,
    deliver,
    published,
    signed,
    uploaded,
)
from tests.procurement.tendering.test_objections import act as answer_act
from tests.procurement.tendering.test_objections import raise_

pytestmark = pytest.mark.django_db
CHANNEL = {"objection_channel": "示例甲 0451-00000001"}


def codes(refused):
    return {r.code.rpartition(".")[2] for r in refused.value.refusals}


def until(people, lot, instant):
    sandbox.move_to(instant, actor=people["officer"])
    run_due()
    lot.refresh_from_db()


def evaluated(people, report, ranks=(1, 2, 3)):
    lot = published(people)
    until(people, lot, lot.bid_deadline_at)
    automatic(lot, "open_bids", {"live_bids": 4, "closing_list_sha256": LIST})
    automatic(lot, "start_evaluation")
    report(ranks, clock.now())
    told = {"evaluation_id": 7, "reported_at": clock.now().isoformat()}
    automatic(lot, "receive_report", told)
    return lot


def publicised(people, report, **changes):
    lot = evaluated(people, report, **changes)
    act(lot, "publicise", people["owner"], CHANNEL)
    signed(lot)
    return lot


def awarded(people, report):
    lot = publicised(people, report)
    until(people, lot, lot.publicity_ends_at)
    act(lot, "issue_award_notice", people["owner"])
    return lot


def fallen_out(people, cause="renounced", **changes):
    """A lawful cause for the next candidate, with the file that proves it."""
    proof = uploaded(people["owner"], "放弃中标的书面声明")
    return {"cause": cause, "reason": "书面放弃中标。", "file_sha256": proof, **changes}


def test_without_a_report_there_is_no_publicity(market, monkeypatch):
    monkeypatch.setattr(needs.evaluation_report, "_answer", None)
    lot = published(market)
    until(market, lot, lot.bid_deadline_at)
    automatic(lot, "open_bids", {"live_bids": 4, "closing_list_sha256": LIST})
    automatic(lot, "start_evaluation")
    with pytest.raises(Refused) as refused:
        act(lot, "publicise", market["owner"], CHANNEL)
    assert codes(refused) == {"report_missing"}


@pytest.mark.parametrize(
    ("ranks", "code"),
    [((), "candidates_none"), ((1, 2, 3, 4), "candidates_many"), ((1, 3), "candidates_unranked")],
)
def test_one_to_three_candidates_ranked_without_gap(market, report, ranks, code):
    lot = evaluated(market, report, ranks)
    with pytest.raises(Refused) as refused:
        act(lot, "publicise", market["owner"], {})
    assert codes(refused) == {code, "channel_missing"}


def test_a_candidate_whose_bid_is_void_is_not_made_public(market, report, monkeypatch):
    lot = evaluated(market, report)
    told = needs.evaluation_report(lot.number)
    void = replace(told, void=(candidate(1).name,))
    with monkeypatch.context() as patch:
        patch.setattr(needs.evaluation_report, "_answer", lambda _number: void)
        with pytest.raises(Refused) as refused:
            act(lot, "publicise", market["owner"], CHANNEL)
        assert codes(refused) == {"candidate_void"}
    act(lot, "publicise", market["owner"], CHANNEL)
    assert lot.state == "publicity"


def test_publicity_starts_within_three_days_or_says_why_not(market, report):
    lot = evaluated(market, report)
    row = Deadline.objects.get(period_key="tender.lot.publicity_start")
    until(market, lot, row.due_at)
    row.refresh_from_db()
    assert row.status == "missed"
    with pytest.raises(Refused) as refused:
        act(lot, "publicise", market["owner"], CHANNEL)
    assert codes(refused) == {"publicity_late"}
    act(lot, "publicise", market["owner"], CHANNEL | {"late_reason": "经办人变动。"})
    row.refresh_from_db()
    assert (lot.state, row.status) == ("publicity", "late")


def test_publicity_lasts_three_whole_days_and_then_the_award_can_follow(market, report):
    lot = publicised(market, report)
    assert lot.publicity_ends_at >= clock.end_of(clock.today() + timedelta(days=3))
    until(market, lot, lot.publicity_ends_at - timedelta(seconds=1))
    with pytest.raises(Refused):
        act(lot, "issue_award_notice", market["owner"])
    until(market, lot, lot.publicity_ends_at)
    assert lot.state == "award_pending"
    act(lot, "issue_award_notice", market["owner"])
    assert (lot.winner_uscc, lot.award_price_fen) == (candidate(1).uscc, candidate(1).price_fen)


def test_an_award_before_the_end_of_the_publicity_is_refused_with_the_end(market, report):
    """The clock ends the publicity; the award looks at the days again, whatever the state says."""
    lot = publicised(market, report)
    with pytest.raises(Refused) as refused:
        act(lot, "issue_award_notice", market["owner"])
    assert codes(refused) == {"not_in_state"}
    until(market, lot, lot.publicity_ends_at)
    later = lot.publicity_ends_at + timedelta(days=1)
    Lot.objects.filter(pk=lot.pk).update(publicity_ends_at=later)
    with pytest.raises(Refused) as refused:
        act(lot, "issue_award_notice", market["owner"])
    (why,) = refused.value.refusals
    assert why.code == "procurement.tender.publicity_running"
    assert (why.facts["until"], why.article) == (
        told_at(later), "《招标投标法实施条例》第五十四条",
    )  # fmt: skip
    assert lot.state == "award_pending"


def test_candidates_are_not_made_public_while_an_objection_to_the_opening_waits(market, report):
    lot = evaluated(market, report)
    objection = raise_(market["bidder"], lot, "opening")
    with pytest.raises(Refused) as refused:
        act(lot, "publicise", market["owner"], CHANNEL)
    (why,) = refused.value.refusals
    assert why.code == "procurement.tender.objection_open"
    assert why.facts["objections"] == [objection.reference]
    answer_act(objection, "answer", market["owner"], {"text": "开标无误。"})
    act(lot, "publicise", market["owner"], CHANNEL)


def test_no_award_while_an_objection_waits_that_came_too_late_to_pause(market, report, monkeypatch):
    """Raised in time, and told to the lot only after its publicity had ended."""
    lot = publicised(market, report)
    with monkeypatch.context() as patch:
        patch.setattr(objections, "deliver", lambda: None)
        objection = raise_(market["bidder"], lot, "publicity")
    assert lot.state == "publicity"
    until(market, lot, lot.publicity_ends_at)
    with pytest.raises(Refused) as refused:
        act(lot, "issue_award_notice", market["owner"])
    (why,) = refused.value.refusals
    assert why.code == "procurement.tender.objection_open"
    assert why.facts["objections"] == [objection.reference]


def test_a_lot_does_not_resume_while_one_of_two_objections_waits(market):
    lot = published(market)
    for who in ("bidder", "bidder2"):
        raise_(market[who], lot)
    with pytest.raises(Refused) as refused:
        follow(LOT.code, lot.pk, "resume", key="early", at=clock.now())
    assert codes(refused) == {"objection_open"}


def test_the_publicity_tells_of_each_candidate_how_it_meets_the_qualification(
    market, report, monkeypatch
):
    """Order 10, art. 6: what members found and what is on record, and no sentence for all."""
    lot = evaluated(market, report, ranks=(1, 2))
    told = (
        replace(candidate(1), qualification="D1230001", passed_by=5, voted=5),
        replace(candidate(2), passed_by=4, voted=5),
    )
    found = replace(needs.evaluation_report(lot.number), candidates=told)
    monkeypatch.setattr(needs.evaluation_report, "_answer", lambda _number: found)
    act(lot, "publicise", market["owner"], CHANNEL)
    text = repr(award_papers.candidates(lot, lambda uscc: uscc))
    assert "资格评审 5 名成员中 5 名认定符合" in text and "D1230001" in text
    assert "资格评审 5 名成员中 4 名认定符合" in text
    assert "各候选人均响应" not in text
    shown = repr(show.candidates(lot))
    assert "资格评审 5 名成员中 4 名认定符合" in shown


@pytest.mark.parametrize("state", ["missing", "awaiting_signature", "revoked"])
def test_no_award_while_the_notice_of_the_candidates_is_not_signed(market, report, state):
    lot = evaluated(market, report)
    act(lot, "publicise", market["owner"], CHANNEL)
    if state != "missing":
        paper = signed(lot)
        moment = {"revoked_at": clock.now()} if state == "revoked" else {}
        Document.objects.filter(pk=paper.pk).update(state=state, **moment)
    until(market, lot, lot.publicity_ends_at)
    with pytest.raises(Refused) as refused:
        act(lot, "issue_award_notice", market["owner"])
    (why,) = refused.value.refusals
    assert why.code == "procurement.tender.publicity_unsigned"
    assert "第10号" in why.article and why.facts["number"] == candidates_number(lot)
    signed(lot)
    act(lot, "issue_award_notice", market["owner"])
    assert lot.state == "awarded"


def test_a_second_publicity_has_a_notice_of_its_own_to_be_signed(market, report):
    lot = publicised(market, report)
    first = candidates_number(lot)
    act(lot, "reevaluate", market["supervisor"], {"reason": "投诉成立。"})
    act(lot, "publicise", market["owner"], CHANNEL)
    assert candidates_number(lot) != first
    until(market, lot, lot.publicity_ends_at)
    with pytest.raises(Refused) as refused:
        act(lot, "issue_award_notice", market["owner"])
    assert codes(refused) == {"publicity_unsigned"}
    signed(lot)
    act(lot, "issue_award_notice", market["owner"])


def test_the_paper_that_is_printed_has_the_number_that_is_asked_for(market, report):
    from procurement.tendering.printing import _papers

    lot = publicised(market, report)
    for _time in range(2):
        event = Event.objects.filter(name=LotPublicised.NAME).latest("pk")
        (paper,) = _papers(registry.parse(event.name, event.version, event.payload))
        assert paper.number == candidates_number(lot)
        act(lot, "reevaluate", market["supervisor"], {"reason": "投诉成立。"})
        act(lot, "publicise", market["owner"], CHANNEL)


def test_an_objection_stops_the_publicity_and_its_days_run_on_afterwards(market, report):
    lot = publicised(market, report)
    ends = lot.publicity_ends_at
    objection = raise_(market["bidder"], lot, "publicity")
    assert lot.state == "publicity_paused"
    until(market, lot, ends + timedelta(days=1))
    assert lot.state == "publicity_paused"
    answer_act(objection, "answer", market["owner"], {"text": "评审无误。"})
    lot.refresh_from_db()
    assert lot.state == "publicity"
    assert lot.publicity_ends_at >= ends + (objection.answered_at - objection.raised_at)


def test_an_objection_after_the_publicity_is_too_late(market, report):
    lot = publicised(market, report)
    until(market, lot, lot.publicity_ends_at)
    with pytest.raises(Refused) as refused:
        raise_(market["bidder"], lot, "publicity")
    assert codes(refused) == {"stage_not_here", "late"}


def test_an_upheld_objection_leads_back_to_the_committee(market, report):
    lot = publicised(market, report)
    objection, reason = raise_(market["bidder"], lot, "publicity"), {"reason": "业绩认定有误。"}
    with pytest.raises(Refused) as refused:
        act(lot, "reevaluate", market["owner"], reason)
    assert codes(refused) == {"objection_not_upheld"}
    answer_act(objection, "answer", market["owner"], {"text": "成立。", "upheld": True})
    lot.refresh_from_db()
    act(lot, "reevaluate", market["owner"], reason)
    assert (lot.state, lot.publicised_at) == ("evaluating", None)


def test_an_owner_who_dislikes_a_candidate_does_not_send_it_back(market, report):
    lot = publicised(market, report)
    objection = raise_(market["bidder"], lot, "publicity")
    answer_act(objection, "answer", market["owner"], {"text": "评审无误。"})
    until(market, lot, clock.now() + timedelta(days=9))
    assert lot.state == "award_pending"
    with pytest.raises(Refused) as refused:
        act(lot, "reevaluate", market["owner"], {"reason": "希望重新评审。"})
    assert codes(refused) == {"objection_not_upheld"}


def test_a_supervisor_sends_candidates_back_upon_a_complaint(market, report):
    lot = publicised(market, report)
    act(lot, "reevaluate", market["supervisor"], {"reason": "投诉成立。"})
    assert lot.state == "evaluating"


def test_what_an_earlier_publicity_upheld_is_no_cause_for_the_next(market, report):
    lot = publicised(market, report)
    objection = raise_(market["bidder"], lot, "publicity")
    answer_act(objection, "answer", market["owner"], {"text": "成立。", "upheld": True})
    lot.refresh_from_db()
    act(lot, "reevaluate", market["owner"], {"reason": "业绩认定有误。"})
    until(market, lot, at_hour(1))
    act(lot, "publicise", market["owner"], CHANNEL)
    with pytest.raises(Refused) as refused:
        act(lot, "reevaluate", market["owner"], {"reason": "再来一次。"})
    assert codes(refused) == {"objection_not_upheld"}


def test_nobody_pauses_a_publicity_for_ever(market, report):
    """Each pause adds a day: an answered objection is not raised again, nor taken back twice."""
    lot = publicised(market, report)
    for _time in range(2):
        answer_act(raise_(market["bidder"], lot, "publicity"), "withdraw", market["bidder"])
    with pytest.raises(Refused) as refused:
        raise_(market["bidder"], lot, "publicity")
    assert codes(refused) == {"heard_already"}
    objection = raise_(market["bidder2"], lot, "publicity")
    answer_act(objection, "answer", market["owner"], {"text": "评审无误。"})
    with pytest.raises(Refused) as refused:
        raise_(market["bidder2"], lot, "publicity")
    assert codes(refused) == {"heard_already"}


def test_who_may_not_bid_any_more_is_not_awarded(market, report, monkeypatch):
    lot = publicised(market, report)
    until(market, lot, lot.publicity_ends_at)
    why = Refusal("credit.enterprise.barred", {"document": "哈建罚〔2025〕1 号"}, "某条")
    asked = []

    def barred(number, uscc, _at):
        asked.append((number, uscc))
        return (why,) if uscc == candidate(1).uscc else ()

    monkeypatch.setattr(needs.bidder_refusals, "_answer", barred)
    with pytest.raises(Refused) as refused:
        act(lot, "issue_award_notice", market["owner"])
    assert refused.value.refusals == (why,)
    act(lot, "next_candidate", market["owner"], fallen_out(market, "unlawful"))
    act(lot, "issue_award_notice", market["owner"])
    assert lot.winner_uscc == candidate(2).uscc


def test_an_opening_is_objected_to_on_its_day_and_stops_nothing(market, report):
    lot = evaluated(market, report)
    objection = raise_(market["bidder"], lot, "opening")
    assert (lot.state, objection.state) == ("evaluating", "raised")
    assert objection.answer_due_at == clock.end_of(clock.today())
    until(market, lot, at_hour(1))
    with pytest.raises(Refused) as refused:
        raise_(market["bidder2"], lot, "opening")
    assert codes(refused) == {"late"}


def test_the_report_is_handed_in_once_and_stops_its_clock(market, report):
    lot = awarded(market, report)
    row = Deadline.objects.get(period_key="tender.lot.award_report", status="running")
    assert clock.legal_date(row.due_at - timedelta(seconds=1)) >= clock.today() + timedelta(15)
    act(lot, "report_award", market["owner"])
    row.refresh_from_db()
    assert (row.status, lot.report_due_at) == ("met", None)
    with pytest.raises(Refused) as refused:
        act(lot, "report_award", market["owner"])
    assert codes(refused) == {"award_reported"}


def test_a_lot_is_archived_after_contract_and_report(market, report):
    lot = awarded(market, report)
    automatic(lot, "contract", {"contract_number": "HT-1"})
    with pytest.raises(Refused) as refused:
        act(lot, "archive", market["owner"])
    assert codes(refused) == {"award_unreported"}
    act(lot, "report_award", market["owner"])
    act(lot, "archive", market["owner"])
    assert Lot.objects.get(pk=lot.pk).state == "archived"


def test_an_owner_who_lets_the_days_pass_is_told_to_the_credit_records_once(market, report):
    lot = awarded(market, report)
    row = Deadline.objects.get(period_key="tender.lot.award_report", status="running")
    until(market, lot, row.due_at)
    deliver()
    told = Event.objects.get(name="procurement.lot.overdue", payload__what="award_report").payload
    assert told["owner_uscc"] == lot.owner_uscc
    assert told["due_on"] == row.last_day.isoformat()
