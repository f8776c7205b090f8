"""The next candidate follows for a cause of article 55, and a file proves the cause."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.events.models import Event
from kernel.web.presenters import presenter_of
from procurement.tendering import needs
from procurement.tendering.fields import LOT_FIELDS
from procurement.tendering.models import Lot
from procurement.tendering.services import open_lot
from tests.procurement.tendering.samples import act, at_hour, candidate, uploaded, whole
from tests.procurement.tendering.test_award import awarded, codes, fallen_out, publicised, until

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cause": "dislike"}, {"cause_unlisted"}),
        ({"reason": ""}, {"missing"}),
        ({"file_sha256": ""}, {"cause_unproven"}),
        ({"file_sha256": "e" * 64}, {"file_missing"}),
        ({"cause": "", "reason": "", "file_sha256": ""},
         {"cause_unlisted", "missing", "cause_unproven"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused_by_name(market, report, changes, expected):
    lot = awarded(market, report)
    with pytest.raises(Refused) as refused:
        act(lot, "next_candidate", market["owner"], fallen_out(market, **changes))
    assert codes(refused) == expected
    assert lot.winner_uscc == candidate(1).uscc


@pytest.mark.parametrize("cause", ["renounced", "force_majeure", "no_security", "unlawful"])
def test_every_cause_of_the_article_needs_its_proof_and_says_the_article(market, report, cause):
    lot = awarded(market, report)
    with pytest.raises(Refused) as refused:
        act(lot, "next_candidate", market["owner"], fallen_out(market, cause, file_sha256=""))
    (why,) = refused.value.refusals
    assert why.code == "procurement.tender.cause_unproven"
    assert (why.field, why.article) == ("file_sha256", "《招标投标法实施条例》第五十五条")
    act(lot, "next_candidate", market["owner"], fallen_out(market, cause))
    assert (lot.state, lot.candidate_rank) == ("award_pending", 2)


def test_a_file_of_somebody_else_proves_nothing(market, report):
    lot = awarded(market, report)
    foreign = uploaded(market["bidder"], "别人的文件")
    with pytest.raises(Refused) as refused:
        act(lot, "next_candidate", market["owner"], fallen_out(market, file_sha256=foreign))
    assert codes(refused) == {"file_missing"}


@pytest.fixture
def found(monkeypatch):
    """The first candidate's bid was found void by a decision."""
    decision = needs.VoidDecision("哈建罚字〔2025〕7号", "ab" * 32, "与另一投标人串通。")

    def of(_number, uscc):
        return decision if uscc == candidate(1).uscc else None

    monkeypatch.setattr(needs.void_decision, "_answer", of)
    return decision


def test_whose_bid_was_found_void_after_the_award_falls_out_by_that_decision(market, report, found):
    lot = awarded(market, report)
    act(lot, "next_candidate", market["owner"], {})
    (row,) = lot.passed_over
    assert (row["cause"], row["reason"]) == ("unlawful", found.reason)
    assert (row["document_number"], row["file_sha256"]) == (
        found.document_number, found.file_sha256,
    )  # fmt: skip
    assert (lot.state, lot.candidate_rank, lot.winner_uscc) == ("award_pending", 2, "")
    groups = presenter_of(lot.machine).facts(lot, clock.now())
    assert found.document_number in [f.value for group in groups for f in group.facts]
    # It is no refusal of the award by the winner's own will.
    assert not Event.objects.filter(name="procurement.lot.award_refused").exists()
    # Of the next one nothing was decided: a cause is asserted, and proven, as ever.
    with pytest.raises(Refused) as refused:
        act(lot, "next_candidate", market["owner"], {})
    assert codes(refused) == {"cause_unlisted", "cause_unproven", "missing"}


@pytest.mark.parametrize("cause", ["renounced", "force_majeure", "no_security", "dislike"])
def test_no_other_cause_is_put_in_the_place_of_a_decision(market, report, found, cause):
    lot = awarded(market, report)
    with pytest.raises(Refused) as refused:
        act(lot, "next_candidate", market["owner"], fallen_out(market, cause))
    assert codes(refused) == {"cause_found"}


def test_the_form_knows_the_cause_that_was_found(market, report, found):
    lot = awarded(market, report)
    initial = LOT_FIELDS["cause"].initial
    assert initial(lot, market["owner"], clock.now()) == "unlawful"
    act(lot, "next_candidate", market["owner"], {})
    assert initial(lot, market["owner"], clock.now()) == ""


def test_candidates_follow_one_by_one_until_none_is_left(market, report):
    lot = awarded(market, report)
    for rank in (2, 3):
        act(lot, "next_candidate", market["owner"], fallen_out(market))
        act(lot, "issue_award_notice", market["owner"])
        assert lot.winner_uscc == candidate(rank).uscc
    with pytest.raises(Refused) as refused:
        act(lot, "next_candidate", market["owner"], fallen_out(market))
    assert codes(refused) == {"candidates_exhausted"}
    # From there the lot is put out again: article 55 has both ways.
    act(lot, "fail_award", market["owner"], fallen_out(market))
    assert (lot.state, lot.winner_uscc, lot.awarded_at) == ("failed", "", None)
    assert [row["rank"] for row in lot.passed_over] == [1, 2, 3]
    told = Event.objects.get(name="procurement.lot.failed").payload
    # Bidders came: it opens no way to a direct award after "two failures".
    assert (told["failures"], lot.failures) == (0, 0)
    act(lot, "retender", market["owner"], {"reason": "候选人均不能中标。"})
    form = whole(lot.project_number, uploaded(market["owner"]), retender_of=lot.number)
    form |= {"sale_ends_at": at_hour(60).isoformat(), "bid_deadline_at": at_hour(90).isoformat()}
    again = open_lot(actor=market["owner"], payload=form, key="again")
    assert Lot.objects.get(pk=again.case_pk).retender_of == lot.number


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cause": "dislike"}, {"cause_unlisted"}),
        ({"reason": ""}, {"missing"}),
        ({"file_sha256": ""}, {"cause_unproven"}),
        ({"file_sha256": "e" * 64}, {"file_missing"}),
    ],
)
def test_a_lot_is_put_out_again_only_for_a_proven_cause(market, report, changes, expected):
    lot = awarded(market, report)
    with pytest.raises(Refused) as refused:
        act(lot, "fail_award", market["owner"], fallen_out(market, **changes))
    assert codes(refused) == expected
    assert (lot.state, lot.winner_uscc) == ("awarded", candidate(1).uscc)


def test_before_the_award_too_the_owner_takes_the_next_or_puts_the_lot_out_again(market, report):
    lot = publicised(market, report, ranks=(1,))
    until(market, lot, lot.publicity_ends_at)
    act(lot, "fail_award", market["owner"], fallen_out(market, "force_majeure"))
    assert lot.state == "failed"
    # Whoever never had the notice has refused nothing.
    assert not Event.objects.filter(name="procurement.lot.award_refused").exists()


def test_who_has_a_next_candidate_and_does_not_take_it_says_why_beside_a_decision(
    market, report, found
):
    lot = awarded(market, report)
    with pytest.raises(Refused) as refused:
        act(lot, "fail_award", market["owner"], {})
    assert codes(refused) == {"missing"}
    act(lot, "fail_award", market["owner"], {"reason": "其他候选人报价明显高于预期。"})
    assert (lot.state, lot.failed_reason) == ("failed", "其他候选人报价明显高于预期。")


def test_where_none_is_left_a_decision_needs_no_other_reason(market, report, found):
    lot = publicised(market, report, ranks=(1,))
    until(market, lot, lot.publicity_ends_at)
    act(lot, "fail_award", market["owner"], {})
    assert (lot.state, lot.failed_reason) == ("failed", found.reason)


def test_who_fell_out_why_and_by_which_file_stays_on_the_lot(market, report):
    lot = awarded(market, report)
    said = fallen_out(market, "no_security")
    act(lot, "next_candidate", market["owner"], said)
    (row,) = lot.passed_over
    assert row | {"at": ""} == {
        "rank": 1,
        "uscc": candidate(1).uscc,
        "cause": "no_security",
        "reason": said["reason"],
        "file_sha256": said["file_sha256"],
        "at": "",
    }
    groups = presenter_of(lot.machine).facts(lot, clock.now())
    told = [fact.value for group in groups for fact in group.facts]
    assert "不按照招标文件要求提交履约保证金" in told
    links = [
        fact.url
        for group in groups
        for fact in group.facts
        if said["file_sha256"][:12] in str(fact.value)
    ]
    assert links and said["file_sha256"] in links[0]


@pytest.mark.parametrize(
    ("cause", "told"),
    [("renounced", True), ("no_security", True), ("force_majeure", False), ("unlawful", False)],
)
def test_a_winner_that_falls_out_by_its_own_will_is_told_to_the_credit_records(
    market, report, cause, told
):
    lot = awarded(market, report)
    said = fallen_out(market, cause)
    act(lot, "next_candidate", market["owner"], said)
    found = list(Event.objects.filter(name="procurement.lot.award_refused"))
    assert len(found) == told
    for event in found:
        assert event.payload["winner_uscc"] == candidate(1).uscc
        assert event.payload["file_sha256"] == said["file_sha256"]
        assert event.payload["document_number"] == f"{lot.number}-FQ01"
    # Who never had the notice has refused nothing.
    act(lot, "next_candidate", market["owner"], fallen_out(market, cause))
    assert Event.objects.filter(name="procurement.lot.award_refused").count() == len(found)
