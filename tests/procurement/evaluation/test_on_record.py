"""What stands on record against a bid fails it: no security, a price too high, no licence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from credit.enterprises.relations.models import EnterpriseRelation
from kernel import clock
from kernel.errors import Refusal, Refused
from kernel.workflow.guarding import firing
from procurement.bids import needs as bidders
from procurement.bids import related
from procurement.evaluation import inputs, on_record
from procurement.evaluation.inputs import Fault, LotTerms, OpenedBid
from procurement.securities import selectors as securities
from procurement.securities.selectors import Held
from tests.procurement.evaluation import samples
from tests.procurement.evaluation.samples import OWNER, vote

pytestmark = pytest.mark.django_db
SECURITY = "《招标投标法实施条例》第二十六条、第五十一条第六项"


def terms(**changes: Any) -> LotTerms:
    """A lot that asks for a security of ten yuan for bids that bind ninety days."""
    return samples.terms(security_fen=10_00, validity_days=90, **changes)


def held(lot: LotTerms, bid: OpenedBid, **changes: Any) -> Held:
    """A security that suits the lot."""
    day = clock.legal_date(lot.opens_at)
    one = Held(
        pk=1, kind="bid", number="保-1", about=lot.number, guarantor_uscc="G",
        principal_uscc=bid.uscc, beneficiary_uscc=OWNER, amount_fen=10_00, valid_from=day,
        valid_to=day + timedelta(90), returned_at=None,
    )  # fmt: skip
    return replace(one, **changes)


@pytest.fixture
def has(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let these securities be in force at the deadline, and nothing else stand on record."""

    def are(*rows: Held) -> None:
        monkeypatch.setattr(securities, "in_force", lambda *asked: rows)

    monkeypatch.setattr(bidders, "_barred", lambda *asked: ())
    are()
    return are


def codes(lot: LotTerms, bid: OpenedBid, at: Any = None) -> list[str]:
    """The codes of what stands against a bid; steps and grounds are checked on the way."""
    found = on_record.faults(lot, bid, at or lot.opens_at)
    assert all((one.stage, one.ground) == ("response", "no_response") for one in found)
    assert all(one.refusal.article.startswith(SECURITY) for one in found)
    return [one.refusal.code.rpartition(".")[2] for one in found]


def test_a_bid_without_the_security_that_was_asked_for_fails_its_response(september, has):
    lot, bid = terms(), samples.bidder(1, 100_00)
    assert codes(lot, bid) == ["security_missing"]
    assert codes(replace(lot, security_fen=0), bid) == []
    has(held(lot, bid))
    assert codes(lot, bid) == []


def test_a_security_for_somebody_else_is_none(september, has):
    lot, bid = terms(), samples.bidder(1, 100_00)
    has(held(lot, bid, beneficiary_uscc="another"))
    assert codes(lot, bid) == ["security_missing"]


def test_a_security_that_is_too_small_fails_and_two_count_together(september, has):
    lot, bid = terms(), samples.bidder(1, 100_00)
    has(held(lot, bid, amount_fen=9_99))
    assert codes(lot, bid) == ["security_short"]
    has(held(lot, bid, amount_fen=9_99), held(lot, bid, amount_fen=1))
    assert codes(lot, bid) == []


def test_a_security_ends_no_earlier_than_the_bid_binds(september, has):
    lot, bid = terms(), samples.bidder(1, 100_00)
    whole = held(lot, bid)
    has(replace(whole, valid_to=whole.valid_to - timedelta(1)))
    assert codes(lot, bid) == ["security_term_short"]


def test_a_security_that_has_lapsed_since_fails_the_bid(september, has):
    lot, bid = terms(), samples.bidder(1, 100_00)
    has(held(lot, bid))
    assert codes(lot, bid, lot.opens_at + timedelta(90)) == []
    assert codes(lot, bid, lot.opens_at + timedelta(91)) == ["security_lapsed"]


def test_what_is_asked_of_securities_is_asked_for_the_deadline(september, monkeypatch):
    """What an owner does with a security after the deadline cannot fail its bid."""
    lot, bid = terms(), samples.bidder(1, 100_00)
    asked: list[Any] = []
    monkeypatch.setattr(securities, "in_force", lambda *said: asked.append(said) or ())
    on_record.faults(lot, bid, lot.opens_at + timedelta(3))
    assert asked == [("bid", lot.number, lot.opens_at, bid.uscc)]


def test_a_price_above_the_ceiling_fails(september, has):
    lot = samples.terms()
    (found,) = on_record.faults(lot, samples.bidder(1, lot.ceiling_fen + 1), lot.opens_at)
    assert (found.stage, found.ground) == ("response", "price")
    assert found.refusal.article == "《招标投标法实施条例》第五十一条第五项"
    assert not on_record.faults(lot, samples.bidder(1, lot.ceiling_fen), lot.opens_at)


def test_who_may_not_bid_any_more_is_not_qualified(september, has, monkeypatch):
    why = Refusal("credit.enterprise.barred", {"document": "哈建罚〔2025〕1 号"}, "某条")
    monkeypatch.setattr(bidders, "_barred", lambda *asked: [why])
    monkeypatch.setattr(
        on_record.lots, "find", lambda number: SimpleNamespace(owner_uscc="", agency_uscc="")
    )
    lot = samples.terms()
    (found,) = on_record.faults(lot, samples.bidder(1, 100_00), lot.opens_at)
    assert found == Fault("qualification", "unqualified", why)


def test_nobody_votes_a_missing_security_away(walk):
    def missing(_terms: LotTerms, bid: OpenedBid, _at: Any) -> tuple[Fault, ...]:
        why = Refusal("procurement.evaluation.security_missing", {}, SECURITY)
        return (Fault("response", "no_response", why),) if bid.bid_id == 1 else ()

    inputs.provide(faults=missing)
    try:
        walk.open().draw().check_in().lead()
        member = walk.members()[0]
        with pytest.raises(Refused) as refused:
            walk.act("vote", member, vote(1))
        (reason,) = refused.value.refusals
        assert (reason.code, reason.article, reason.field) == (
            "procurement.evaluation.security_missing", SECURITY, "findings.2.passed",
        )  # fmt: skip
        walk.vote(1)
        assert walk.case.state == "clearing" and walk.valid() == [2, 3, 4]
    finally:
        inputs._faults.remove(missing)


def test_a_member_reads_what_stands_on_record(walk, client):
    def missing(_terms: LotTerms, _bid: OpenedBid, _at: Any) -> tuple[Fault, ...]:
        why = Refusal("procurement.evaluation.security_missing", {}, SECURITY)
        return (Fault("response", "no_response", why),)

    from kernel.parties.models import User

    inputs.provide(faults=missing)
    try:
        walk.open().draw().check_in().lead()
        member = walk.members()[0]
        client.force_login(User.objects.get(person_id=member.person_id))
        page = client.get(f"/evaluations/{walk.pk}/session/").content.decode()
        assert "截标时没有有效的投标担保" in page and SECURITY in page
    finally:
        inputs._faults.remove(missing)


def test_a_member_reads_what_is_left_to_judge_beside_the_bid_and_at_the_vote(walk, client):
    """No limit is held: the standard is named where the qualification is reviewed."""

    def unheld(_terms: LotTerms, _bid: OpenedBid, _at: Any) -> tuple[Refusal, ...]:
        facts = {"trade": "building", "grade": "grade_b", "measure": "span_m", "value": 36}
        return (Refusal("credit.enterprise.scope_not_held", facts, "《示例资质标准》", "bidder"),)

    from kernel.parties.models import User

    inputs.provide(notes=unheld)
    try:
        walk.open().draw().check_in().lead()
        client.force_login(User.objects.get(person_id=walk.members()[0].person_id))
        for address in (f"/evaluations/{walk.pk}/session/", f"/evaluations/{walk.pk}/session/1/"):
            page = client.get(address).content.decode()
            assert "能否承包本标段须由人判断" in page, address
            assert "《示例资质标准》" in page and "36" in page
        walk.vote()  # it stands in nobody's way
        assert walk.case.state == "clearing"
    finally:
        inputs._notes.remove(unheld)


def test_what_is_left_to_judge_comes_from_the_archive(september, monkeypatch):
    why = (Refusal("credit.enterprise.scope_not_held", {}, "《示例资质标准》"),)
    monkeypatch.setattr(
        on_record.lots, "find", lambda number: SimpleNamespace(owner_uscc="", agency_uscc="")
    )
    monkeypatch.setattr(on_record.bidders, "left_to_judge", lambda uscc, lot, at: why)
    lot = samples.terms()
    assert on_record.left_to_judge(lot, samples.bidder(1, 100_00), lot.opens_at) == why


def test_who_was_one_interest_at_the_deadline_is_not_cleared_by_what_ended_before_the_vote(
    september, has, monkeypatch
):
    one, other = samples.bidder(1, 100_00), samples.bidder(2, 101_00)
    lot = replace(terms(), security_fen=0)
    opened = [SimpleNamespace(bidder_uscc=bid.uscc, name=bid.name) for bid in (one, other)]
    monkeypatch.setattr(related.selectors, "opened_bids", lambda _number: opened)
    last_day = clock.legal_date(lot.opens_at)
    with firing():
        EnterpriseRelation(
            uscc=one.uscc, other_uscc=other.uscc, kind="holding", source="档案 1",
            since=last_day - timedelta(30), until=last_day, state="in_force", region="230100",
            opened_at=lot.opens_at, changed_at=lot.opens_at,
        ).insert()  # fmt: skip
    for bid in (one, other):
        (fault,) = on_record.faults(lot, bid, lot.opens_at + timedelta(5))
        assert fault.refusal.code == "procurement.bid.related_to_bidder"
        assert (fault.stage, fault.ground) == ("qualification", "unqualified")
