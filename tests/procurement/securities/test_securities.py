"""Securities: what may be issued, who may know of it, when it goes back."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.events.models import Event
from kernel.workflow import judge, sandbox
from kernel.workflow import selectors as workflow
from kernel.workflow.due import run_due
from kernel.workflow.firing import fire
from kernel.workflow.following import follow
from kernel.workflow.models import Deadline
from procurement.securities import needs, selectors
from procurement.securities.machine import SECURITY
from procurement.securities.models import Security
from tests.conftest import member
from tests.procurement.tendering.samples import LIST, automatic, deliver, project, published

pytestmark = pytest.mark.django_db
_keys = itertools.count(1)


def codes(refused):
    return {r.code.rpartition(".")[2] for r in refused.value.refusals}


def form(people, lot, who="bidder", **changes):
    last = clock.legal_date(lot.bid_deadline_at) + timedelta(days=lot.bid_validity_days)
    return {
        "kind": "bid",
        "number": f"保-{next(_keys)}",
        "about": lot.number,
        "project_number": lot.project_number,
        "principal_uscc": people[who].uscc,
        "beneficiary_uscc": people["owner"].uscc,
        "amount_fen": lot.security_fen,
        "valid_from": clock.today(),
        "valid_to": last,
        **changes,
    }


def issue(people, lot, who="bidder", **changes):
    payload = form(people, lot, who, **changes)
    actor, key = people["guarantor"], f"s-{next(_keys)}"
    receipt = fire(SECURITY.code, None, "issue", actor=actor, payload=payload, key=key)
    return Security.objects.get(pk=receipt.case_pk)


def act(case, transition, actor, payload=None):
    case.refresh_from_db()
    fire(
        SECURITY.code, case.pk, transition, actor=actor, payload=payload,
        key=f"s-{next(_keys)}", seen_version=case.version,
    )  # fmt: skip
    case.refresh_from_db()


def reads(case, actor):
    """The page's answer and the list's answer, which must be one."""
    relations = [r for r in SECURITY.relations if r.holds(case, actor)]
    listed = [
        r for r in SECURITY.relations
        if Security.objects.filter(r.query(actor), pk=case.pk).exists()
    ]  # fmt: skip
    assert relations == listed
    return judge.readable(SECURITY, case, actor)


def opened(lot):
    automatic(lot, "open_bids", {"live_bids": 3, "closing_list_sha256": LIST})


def until(people, lot, instant):
    sandbox.move_to(instant, actor=people["officer"])
    run_due()
    lot.refresh_from_db()


def test_a_security_that_is_read_out_is_unknown_of_another_lot_returned_or_in_order(market):
    lot = published(market)
    number = issue(market, lot).number
    now = clock.now()
    assert selectors.standing(number, lot.number, now) == ""
    assert selectors.standing(number, "another-01", now) == "other_lot"
    assert selectors.standing("保-没有", lot.number, now) == "unknown"
    assert selectors.standing(number, lot.number, now - timedelta(days=1)) == "unknown"
    Security.objects.filter(number=number).update(returned_at=now)
    assert selectors.standing(number, lot.number, now) == "returned"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "quality"}, {"kind_unlisted"}),
        ({"number": ""}, {"number_missing"}),
        ({"amount_fen": 0}, {"amount_missing", "amount_short"}),
        ({"amount_fen": 99_999_99}, {"amount_short"}),
        ({"valid_to": "2025-12-20"}, {"term_short"}),
        ({"valid_to": "2025-08-01"}, {"term_over", "term_short"}),
        ({"about": "0-01"}, {"lot_unknown"}),
        ({"project_number": "0"}, {"project_unknown", "lot_unknown"}),
        ({"file_sha256": "f" * 64}, {"file_missing"}),
        ({"principal_uscc": "123"}, {"length"}),
    ],
)
def test_each_guard_of_issuing_refuses(market, changes, expected):
    lot = published(market)
    with pytest.raises(Refused) as refused:
        issue(market, lot, **changes)
    assert codes(refused) >= expected - {"length"}
    assert Security.objects.count() == 0


def test_a_beneficiary_is_the_lot_s_owner_and_not_the_principal(market):
    lot = published(market)
    with pytest.raises(Refused) as refused:
        issue(market, lot, beneficiary_uscc=market["bidder"].uscc)
    assert codes(refused) == {"parties_same", "beneficiary_differs"}


def test_a_number_is_given_once(market):
    lot = published(market)
    first = issue(market, lot)
    with pytest.raises(Refused) as refused:
        issue(market, lot, "bidder2", number=first.number)
    assert codes(refused) == {"number_taken"}


def test_after_the_deadline_no_bid_security_is_issued(market):
    lot = published(market)
    until(market, lot, lot.bid_deadline_at)
    with pytest.raises(Refused) as refused:
        issue(market, lot)
    assert codes(refused) == {"lot_closed"}


def test_until_the_opening_nobody_but_guarantor_and_principal_knows(market):
    lot = published(market)
    case = issue(market, lot)
    watchers = ("owner", "supervisor", "bidder2", "agency", "other_owner")
    assert reads(case, market["guarantor"])
    assert reads(case, market["bidder"])
    assert [who for who in watchers if reads(case, market[who])] == []
    until(market, lot, lot.bid_deadline_at)
    opened(lot)  # the list is made, the bids are still closed
    assert [who for who in watchers if reads(case, market[who])] == []
    automatic(lot, "start_evaluation")
    assert [who for who in watchers if reads(case, market[who])] == ["owner", "supervisor"]


def test_of_a_lot_that_failed_nobody_ever_learns_who_wanted_to_bid(market):
    lot = published(market)
    case = issue(market, lot)
    until(market, lot, lot.bid_deadline_at)
    automatic(lot, "fail", {"live_bids": 1, "closing_list_sha256": LIST})
    assert not reads(case, market["owner"])
    act(case, "return", market["guarantor"], {"interest_note": "不计利息。"})
    assert case.state == "returned"


def test_entries_of_securities_are_not_public(market):
    from kernel.evidence.models import LogEntry

    case = issue(market, published(market))
    entries = LogEntry.objects.filter(case=case.case_ref)
    assert entries
    assert not any(entry.public for entry in entries)


def test_a_contract_starts_five_days_for_every_bid_security(market):
    lot = published(market)
    mine, other = issue(market, lot), issue(market, lot, "bidder2")
    until(market, lot, lot.bid_deadline_at)
    opened(lot)
    automatic(lot, "start_evaluation")
    from kernel.events import services as events
    from kernel.events.procurement_tendering import LotContracted
    from procurement.tendering.services import names

    signed = LotContracted(**names(lot), contract_number="HT-1", winner_uscc="")
    events.publish([signed], case=lot.case_ref, at=clock.now())
    deliver()
    for case in (mine, other):
        case.refresh_from_db()
        assert case.return_reason == "contract_signed"
        row = Deadline.objects.get(period_key="security.return", case_pk=case.pk)
        assert row.due_at == case.return_due_at
        assert clock.legal_date(row.due_at - timedelta(seconds=1)) >= clock.today() + timedelta(5)
    with pytest.raises(Refused) as refused:
        act(mine, "return", market["owner"], {"interest_note": ""})
    assert codes(refused) == {"interest_untold"}
    act(mine, "return", market["owner"], {"interest_note": "保函不计利息。"})
    held = selectors.in_force("bid", lot.number, clock.now())
    assert [one.pk for one in held] == [other.pk]
    assert [one.pk for one in selectors.returned("bid", lot.number, clock.now())] == [mine.pk]


def test_a_guarantor_takes_nothing_back_before_the_law_releases_it(market):
    case = issue(market, published(market))
    note = {"interest_note": "不计利息。"}
    with pytest.raises(Refused) as refused:
        act(case, "return", market["guarantor"], note)
    assert codes(refused) == {"not_released"}
    follow(
        SECURITY.code, case.pk, "call_back", key="event:withdrawn", at=clock.now(),
        payload={"reason": "withdrawn"},
    )  # fmt: skip
    act(case, "return", market["guarantor"], note)
    assert case.state == "returned"


def test_a_return_waits_on_no_desk_before_there_is_a_cause(market, monkeypatch):
    lot = published(market)
    case = issue(market, lot)

    def on_desk(who):
        rows = workflow.desk([SECURITY], market[who], at=clock.now())
        return [act.code for row in rows for act in row.transitions]

    assert (on_desk("guarantor"), on_desk("owner")) == ([], [])
    Security.objects.filter(pk=case.pk).update(release_due_at=clock.now() + timedelta(days=5))
    assert on_desk("guarantor") == ["return"]


def test_a_security_lapses_at_the_end_of_its_last_day(market):
    lot = published(market)
    case = issue(market, lot)
    end = clock.end_of(case.valid_to)
    assert selectors.in_force("bid", lot.number, end - timedelta(seconds=1))
    assert not selectors.in_force("bid", lot.number, end)
    assert not selectors.in_force("bid", lot.number, end, market["bidder2"].uscc)


def test_a_wage_security_runs_out_by_itself(market):
    case = issue(market, published(market), kind="wage", about="W-1",
                 valid_to=clock.today() + timedelta(days=10))  # fmt: skip
    sandbox.move_to(case.lapses_at, actor=market["officer"])
    run_due()
    case.refresh_from_db()
    assert case.state == "lapsed"


def test_a_wage_security_is_returned_by_the_wage_officer_alone(market):
    case = issue(market, published(market), kind="wage", about="W-1")
    officer = member("wages", "wage_officer", region="230100", serial=47, authority="city")
    with pytest.raises(NotPermitted):
        act(case, "return", market["owner"], {"interest_note": "不计利息。"})
    act(case, "return", officer, {"interest_note": "不计利息。"})
    assert case.state == "returned"


def test_a_performance_security_is_ten_percent_at_most(market, monkeypatch):
    lot = published(market)
    monkeypatch.setattr(needs.contract_price, "_answer", lambda _number: 7_000_000_00)
    performance = {"kind": "performance", "about": "HT-1"}
    with pytest.raises(Refused) as refused:
        issue(market, lot, **performance, amount_fen=700_000_01)
    assert codes(refused) == {"performance_too_high"}
    assert issue(market, lot, **performance, amount_fen=700_000_00).state == "in_force"


def test_nobody_claims_more_than_was_guaranteed(market):
    case = issue(market, published(market), kind="performance", about="HT-1")
    for payload, expected in (
        ({"amount_fen": case.amount_fen + 1, "reason": "违约"}, {"claim_amount"}),
        ({"amount_fen": 0, "reason": ""}, {"claim_amount", "missing"}),
    ):
        with pytest.raises(Refused) as refused:
            act(case, "claim", market["owner"], payload)
        assert codes(refused) == expected
    act(case, "claim", market["owner"], {"amount_fen": 1, "reason": "未按约履行。"})
    assert (case.state, case.claimed_fen) == ("claimed", 1)
    told = Event.objects.get(name="procurement.security.claimed").payload
    assert (told["kind"], told["principal_uscc"]) == ("performance", case.principal_uscc)
    assert not selectors.in_force("performance", "HT-1", clock.now())


def test_a_security_needs_a_registered_project(market):
    lot = published(market)
    other = project(market)
    assert issue(market, lot, kind="payment", project_number=other.number).state == "in_force"


def moved(kind, monkeypatch, lot, bidder, *, withdrawn):
    """A bid of this bidder was taken back, or handed in again."""
    from kernel.events import services as events

    now = needs.BidNow(lot.number, bidder.uscc, withdrawn)
    monkeypatch.setattr(needs.bid_now, "_answer", lambda _pk: now)
    events.publish([kind(7, lot.pk)], case="procurement.bid:7", at=clock.now())
    deliver()


def test_a_bid_that_is_taken_back_releases_its_security_within_five_days(market, monkeypatch):
    from kernel.events.procurement_bids import BidWithdrawn

    lot = published(market)
    mine, other = issue(market, lot), issue(market, lot, "bidder2")
    moved(BidWithdrawn, monkeypatch, lot, market["bidder"], withdrawn=True)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.return_reason, other.return_reason) == ("withdrawn", "")
    # The owner knows nothing of it before the opening: the guarantor has to let go.
    row = Deadline.objects.get(period_key="security.release", case_pk=mine.pk)
    assert (row.due_at, row.role) == (mine.release_due_at, "guarantor_clerk")
    assert clock.legal_date(row.due_at - timedelta(seconds=1)) >= clock.today() + timedelta(5)
    assert not Deadline.objects.filter(period_key="security.return", ended_at=None).exists()
    assert not reads(mine, market["owner"])
    act(mine, "return", market["guarantor"], {"interest_note": "保函不计利息。"})
    assert not selectors.in_force("bid", lot.number, clock.now(), market["bidder"].uscc)


def test_a_bid_handed_in_again_is_secured_again(market, monkeypatch):
    from kernel.events.procurement_bids import BidResubmitted, BidWithdrawn

    lot = published(market)
    case = issue(market, lot)
    moved(BidWithdrawn, monkeypatch, lot, market["bidder"], withdrawn=True)
    moved(BidResubmitted, monkeypatch, lot, market["bidder"], withdrawn=False)
    case.refresh_from_db()
    assert (case.release_due_at, case.return_reason) == (None, "")
    assert not Deadline.objects.filter(period_key="security.release", ended_at=None).exists()
    with pytest.raises(Refused) as refused:
        act(case, "return", market["guarantor"], {"interest_note": "不计利息。"})
    assert codes(refused) == {"not_released"}


def test_a_withdrawal_that_is_told_late_releases_nothing_of_the_next_bid(market, monkeypatch):
    from kernel.events.procurement_bids import BidResubmitted, BidWithdrawn

    lot = published(market)
    case = issue(market, lot)
    moved(BidWithdrawn, monkeypatch, lot, market["bidder"], withdrawn=False)
    case.refresh_from_db()
    assert case.release_due_at is None
    moved(BidResubmitted, monkeypatch, lot, market["bidder"], withdrawn=False)
    case.refresh_from_db()
    assert (case.release_due_at, case.state) == (None, "in_force")


def test_keys_of_securities_tell_nobody_how_many_there_are(market):
    """Whoever tries addresses in a row must not count who means to bid."""
    lot = published(market)
    keys = [issue(market, lot, who).pk for who in ("bidder", "bidder2")]
    assert min(keys) > 1000 and abs(keys[0] - keys[1]) > 1


def test_entries_of_bid_securities_stand_among_covers(market, monkeypatch):
    from kernel.evidence.models import LogEntry
    from procurement.bids import covers

    monkeypatch.setattr(covers.secrets, "randbelow", lambda _most: 2)
    issue(market, published(market))
    assert LogEntry.objects.filter(kind=covers.KIND).count() == 2


def test_what_the_law_released_is_not_claimed(market):
    lot = published(market)
    case = issue(market, lot)
    until(market, lot, lot.bid_deadline_at)
    opened(lot)
    automatic(lot, "start_evaluation")
    follow(SECURITY.code, case.pk, "call_back", key="event:1", at=clock.now(),
           payload={"reason": "contract_signed"})  # fmt: skip
    with pytest.raises(Refused) as refused:
        act(case, "claim", market["owner"], {"amount_fen": 1, "reason": "违约。"})
    assert codes(refused) == {"released"}


def test_a_security_that_comes_after_the_deadline_is_late_whatever_the_worker_does(market):
    lot = published(market)
    sandbox.move_to(lot.bid_deadline_at, actor=market["officer"])  # nothing has closed the lot yet
    with pytest.raises(Refused) as refused:
        issue(market, lot)
    assert codes(refused) == {"lot_closed"}
