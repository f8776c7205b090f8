"""Wages are listed, confirmed by each, checked against the gate and paid whole, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from kernel.api.tokens import issue
from kernel.errors import NotPermitted, Refused
from kernel.events.models import Event
from kernel.money import format_yuan
from kernel.parties.models import Membership, User
from kernel.web.case_pages import presenter_of
from kernel.workflow import judge
from labour.accounts import selectors as accounts
from labour.payroll import rules, selectors
from labour.payroll.machine import PAYROLL
from labour.payroll.models import Payroll
from labour.payroll.rules import line_sums
from labour.payroll.selectors import line_of
from labour.roster.models import Worker
from labour.roster.selectors import unpaid_months, wages_paid
from labour.roster.wage_days import due_at
from tests.labour import samples
from tests.labour.samples import act, line, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def who():
    return samples.world()


@pytest.fixture
def crew(who):
    return samples.crew_at_work(who, "worker1", "worker2")


def refused(pk, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act("labour.payroll", pk, code, actor, data)
    return {one.code.removeprefix("labour.payroll.") for one in found.value.refusals}


def asked(*lines, **changes):
    held = {"site_number": samples.SITE, "month": "2025-09", "team": "钢筋一班"}
    return held | {"lines": list(lines)} | changes


def confirmed(who, crew, *lines):
    payroll = listed(who, *(lines or [line(one) for one in crew]))
    for name in ("worker1", "worker2"):
        act("labour.payroll", payroll.pk, "confirm", who[name])
    samples.settle()
    return Payroll.objects.get(pk=payroll.pk)


def checked(who, crew):
    payroll = confirmed(who, crew)
    return act("labour.payroll", payroll.pk, "check", who["clerk"], {})


def receipts(payroll, **changes):
    rows = [
        {"worker": one["worker"], "receipt_number": f"HD-{one['worker']}"} for one in payroll.lines
    ]
    return {"batch_number": "DF-1", "receipts": rows, **changes}


fen = st.integers(1, 10**8)
days = st.decimals("0", "31", places=1)
pieces = st.decimals("0", "9999", places=2)


@given(unit=st.sampled_from(["day", "piece"]), days=days, pieces=pieces, rate=fen, less=fen)
def test_sums_are_right_to_the_fen(unit, days, pieces, rate, less):
    gross, net = line_sums(unit, days, pieces, rate, less)
    exact = Decimal(rate) * (days if unit == "day" else pieces)
    assert gross == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert gross == net + less
    assert abs(Decimal(gross) - exact) <= Decimal("0.5")


def test_a_payroll_is_the_sum_of_its_lines(who, crew):
    extra = {"deductions_fen": 12345, "note": "预支"}
    payroll = listed(who, line(crew[0], "10.5"), line(crew[1], "10", **extra))
    assert payroll.gross_fen == 315000 + 300000
    assert payroll.net_fen == payroll.gross_fen - 12345
    assert payroll.gross_fen == sum(one["gross_fen"] for one in payroll.lines)
    assert payroll.net_fen == sum(one["net_fen"] for one in payroll.lines)


def test_pieces_are_paid_by_the_piece(who):
    (one,) = [samples.brought(who, "worker1", wage_unit="piece", rate_fen=1234)]
    payroll = listed(who, line(one, "1", amount="100.55"))
    assert payroll.net_fen == round(1234 * 100.55)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("site_unknown", {"site_number": samples.OTHER}),
        ("month_ahead", {"month": "2025-10"}),
        ("empty", {"lines": []}),
    ],
)
def test_a_payroll_that_cannot_be_is_refused_by_name(who, crew, code, changes):
    assert code in refused(None, "list", who["leader"], asked(line(crew[0])) | changes)
    assert not Payroll.objects.exists()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("rate_below", {"rate_fen": 299_99}),
        ("net_below_zero", {"deductions_fen": 10**7, "note": "预支"}),
        ("deduction_unexplained", {"deductions_fen": 1}),
        ("days_over_attendance", {"days": "12"}),
        ("worker_unknown", {"worker": 10**6}),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_name(who, crew, code, changes):
    assert refused(None, "list", who["leader"], asked(line(crew[0]) | changes)) == {code}


def test_days_paid_are_at_most_days_at_the_gate_and_one(who, crew):
    assert listed(who, line(crew[0], "11")).net_fen == 11 * 30000


def test_nobody_is_paid_twice_for_a_month(who, crew):
    twice = asked(line(crew[0]), line(crew[0]))
    assert refused(None, "list", who["leader"], twice) == {"worker_twice"}
    listed(who, line(crew[0]))
    assert refused(None, "list", who["leader"], asked(line(crew[1]))) == {"taken"}
    again = asked(line(crew[0]), team="钢筋二班")
    assert refused(None, "list", who["leader"], again) == {"worker_taken"}


def test_no_work_is_no_wage(who, crew):
    found = refused(None, "list", who["leader"], asked(line(crew[0], "0")))
    assert found == {"nothing_due", "days_short"}


def pay(who, payroll, batch="DF-1", **said):
    act("labour.payroll", payroll.pk, "confirm", who["worker1"], said or None)
    samples.settle()
    act("labour.payroll", payroll.pk, "check", who["clerk"], {})
    payroll = Payroll.objects.get(pk=payroll.pk)
    act("labour.payroll", payroll.pk, "pay", who["bank"], receipts(payroll, batch_number=batch))
    samples.settle()


def test_days_at_the_gate_that_are_left_out_are_refused_while_the_month_runs(who, crew):
    short = asked(line(crew[0], "1", note="余下以后再付"))
    assert refused(None, "list", who["leader"], short) == {"days_short"}


def test_fewer_days_than_attended_are_listed_after_the_month_with_a_reason_only(who, crew):
    samples.later(who, 25)
    short = asked(line(crew[0], "9"))
    assert refused(None, "list", who["leader"], short) == {"days_short_unexplained"}
    payroll = listed(who, line(crew[0], "9.5", note="一日因雨半天停工"))
    assert payroll.lines[0]["settles"]
    pay(who, payroll, agrees_short=True)
    assert unpaid_months(Worker.objects.get(pk=crew[0].pk)) == []


def test_who_is_asked_to_settle_a_month_with_fewer_days_reads_days_and_sum(who, crew):
    samples.later(who, 25)
    short = listed(who, line(crew[0], "9.5", note="一日因雨半天停工"))
    form = presenter_of(PAYROLL).act_form(
        PAYROLL.transition("confirm"), short, who["worker1"], clock.now()
    )
    told = form.groups[0].fields[0].bound.help_text
    assert "10 天" in told and "9.5 天" in told and format_yuan(short.lines[0]["net_fen"]) in told


def test_who_confirms_a_whole_month_is_asked_nothing(who, crew):
    whole = listed(who, line(crew[0]))
    form = presenter_of(PAYROLL).act_form(
        PAYROLL.transition("confirm"), whole, who["worker1"], clock.now()
    )
    assert (form.groups, list(form.form.fields)) == ((), [])


def test_a_month_that_was_paid_short_is_owed_until_its_worker_agrees_or_the_rest_is_paid(
    who, crew, client
):
    """Whoever confirms what was paid has not said that nothing more is due."""
    samples.later(who, 25)
    payroll = listed(who, line(crew[0], "9.5", note="一日因雨半天停工"))
    assert payroll.lines[0]["settles"] and not payroll.lines[0]["agreed"]
    pay(who, payroll)
    worker, payroll = Worker.objects.get(pk=crew[0].pk), Payroll.objects.get(pk=payroll.pk)
    assert payroll.state == "paid"
    assert (unpaid_months(worker), worker.paid_months) == (["2025-09"], [])
    assert selectors.days_owed(payroll) == {worker.pk: Decimal("0.5")}
    assert worker.number in selectors.unpaid_of_contract(samples.CONTRACT)

    def seen(name, url):
        user = User.objects.get(person_id=who[name].person_id)
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client.get(url).content.decode()

    for name in ("leader", "clerk"):
        assert "仍欠付 0.5 天" in seen(name, f"/cases/labour.payroll/{payroll.pk}/")
    assert "补列欠付的工日：0.5 天" in seen("leader", "/desk/")
    for name in ("leader", "clerk"):
        assert "2025-09" in seen(name, f"/cases/labour.worker/{worker.pk}/")
    pay(who, listed(who, line(worker, "0.5")), "DF-2")
    assert unpaid_months(worker) == [] and selectors.days_owed(payroll) == {}
    assert "补列欠付的工日" not in seen("leader", "/desk/")


def test_a_line_that_was_settled_before_agreement_was_asked_by_itself_stays_settled():
    assert selectors.has_agreed({"settles": True})
    assert not selectors.has_agreed({"settles": True, "agreed": False})
    assert not selectors.has_agreed({"settles": False, "agreed": True})


def test_one_day_paid_with_a_reason_pays_no_month_of_ten(who, crew):
    samples.later(who, 25)
    payroll = listed(who, line(crew[0], "1", note="余下以后再付"))
    assert not payroll.lines[0]["settles"]
    pay(who, payroll)
    worker = Worker.objects.get(pk=crew[0].pk)
    assert (unpaid_months(worker), worker.paid_months) == (["2025-09"], [])
    assert worker.number in selectors.unpaid_of_contract(samples.CONTRACT)
    rest = listed(who, line(crew[0], "9"))
    assert rest.sequence == 1
    pay(who, rest, "DF-2")
    worker.refresh_from_db()
    assert (unpaid_months(worker), worker.paid_months) == ([], ["2025-09"])


def test_days_after_a_payroll_open_the_month_again_and_the_same_team_lists_the_rest(who, crew):
    pay(who, listed(who, line(crew[0])))
    samples.later(who, 5)
    samples.attended(who, crew[0], 4)
    worker = Worker.objects.get(pk=crew[0].pk)
    assert (unpaid_months(worker), worker.paid_months) == (["2025-09"], [])
    assert worker.wages_due_at is not None
    again = asked(line(worker, "10"))
    assert refused(None, "list", who["leader"], again) == {"days_over_attendance"}
    pay(who, listed(who, line(worker, "4")), "DF-2")
    worker.refresh_from_db()
    assert (unpaid_months(worker), worker.paid_months) == ([], ["2025-09"])


def test_a_worker_reads_no_sum_of_all_by_the_api(who, crew):
    payroll = listed(who, *(line(one) for one in crew))
    member = Membership.objects.get(person_id=who["worker1"].person_id, role="worker")
    ends = clock.technical_now() + timedelta(days=1)
    _token, secret = issue(member, name="t", expires_at=ends)
    found = Client().get(
        f"/api/v1/cases/labour.payroll/{payroll.pk}", HTTP_AUTHORIZATION=f"Bearer {secret}"
    )
    assert found.status_code == 200
    assert found.json()["fields"]["number"] == payroll.number
    assert str(payroll.net_fen) not in found.content.decode()


def test_another_crew_lists_nobody_here(who, crew):
    found = refused(None, "list", who["strange_leader"], asked(line(crew[0])))
    assert found == {"site_unknown", "worker_unknown"}


def test_without_an_account_there_is_no_payroll():
    who = samples.people()
    samples.signed()
    samples.permitted()
    crew = samples.crew_at_work(who, "worker1")
    assert refused(None, "list", who["leader"], asked(line(crew[0]))) == {"account_missing"}


def test_each_confirms_the_own_line_once_and_the_last_hands_it_on(who, crew):
    payroll = listed(who, *(line(one) for one in crew))
    act("labour.payroll", payroll.pk, "confirm", who["worker1"])
    assert refused(payroll.pk, "confirm", who["worker1"]) == {"confirmed_already"}
    with pytest.raises(NotPermitted):
        act("labour.payroll", payroll.pk, "confirm", who["worker3"])
    with pytest.raises(NotPermitted):
        act("labour.payroll", payroll.pk, "confirm", who["leader"])
    samples.settle()
    assert Payroll.objects.get(pk=payroll.pk).state == "listed"
    act("labour.payroll", payroll.pk, "confirm", who["worker2"])
    samples.settle()
    assert Payroll.objects.get(pk=payroll.pk).state == "confirmed"


def test_who_has_no_line_neither_confirms_nor_disputes(who, crew):
    payroll = listed(who, line(crew[0]))
    found = Payroll.objects.get(pk=payroll.pk)
    facts = replace(selectors.facts(found, clock.now(), None, who["worker1"]), own_line=None)
    for guard in (rules.line_is_mine, rules.has_a_line):
        assert [r.code for r in guard(facts, None)] == ["labour.payroll.no_line"]


def test_wages_go_to_no_worker_without_a_card(who, crew):
    payroll = confirmed(who, crew)
    facts = selectors.facts(payroll, clock.now(), None, who["clerk"])
    assert list(rules.cards_are_there(facts, None)) == []
    bare = {pk: replace(terms, card="") for pk, terms in facts.workers.items()}
    found = list(rules.cards_are_there(replace(facts, workers=bare), None))
    assert {r.code for r in found} == {"labour.payroll.card_missing"}


def test_a_disputed_line_comes_back_and_only_it_is_confirmed_again(who, crew):
    payroll = listed(who, *(line(one) for one in crew))
    act("labour.payroll", payroll.pk, "confirm", who["worker1"])
    assert refused(payroll.pk, "dispute", who["worker2"], {}) == {"workflow.reason.missing"}
    act("labour.payroll", payroll.pk, "dispute", who["worker2"], {"reason": "少一天"})
    lines = [line(crew[0]), line(crew[1], "11")]
    payroll = act("labour.payroll", payroll.pk, "relist", who["leader"], {"lines": lines})
    assert [bool(one["confirmed_at"]) for one in payroll.lines] == [True, False]
    act("labour.payroll", payroll.pk, "confirm", who["worker2"])
    samples.settle()
    payroll = Payroll.objects.get(pk=payroll.pk)
    assert (payroll.state, payroll.net_fen) == ("confirmed", 21 * 30000)


def test_attendance_alarms_are_explained_before_the_check(who, crew):
    payroll = confirmed(who, crew)
    crew[0].gate.all().update(clash_with=samples.OTHER)
    assert refused(payroll.pk, "check", who["clerk"], {}) == {"clash_unexplained"}
    data = {"clash_note": "门禁误报，已核实。"}
    assert act("labour.payroll", payroll.pk, "check", who["clerk"], data).state == "checked"


def test_the_bank_pays_everybody_from_the_account(who, crew):
    payroll = checked(who, crew)
    before = accounts.balance_fen(samples.CONTRACT)
    payroll = act("labour.payroll", payroll.pk, "pay", who["bank"], receipts(payroll))
    samples.settle()
    assert payroll.state == "paid"
    assert accounts.balance_fen(samples.CONTRACT) == before - payroll.net_fen
    assert wages_paid(samples.SITE, "2025-09") == payroll.net_fen == 600000
    for one in Worker.objects.filter(pk__in=[c.pk for c in crew]):
        assert (one.paid_months, unpaid_months(one)) == (["2025-09"], [])
    case = act("labour.worker", crew[0].pk, "request_exit", who["worker1"])
    assert act("labour.worker", case.pk, "exit", who["clerk"]).state == "exited"
    assert Event.objects.filter(name="labour.payroll.paid").count() == 1


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("receipt_missing", {"receipts": []}),
        ("batch_missing", {"batch_number": ""}),
        ("batch_taken", {"batch_number": "R-1"}),
    ],
)
def test_a_payment_without_its_receipts_is_refused(who, crew, code, changes):
    payroll = checked(who, crew)
    assert refused(payroll.pk, "pay", who["bank"], receipts(payroll, **changes)) == {code}


def test_a_receipt_of_a_stranger_is_refused(who, crew):
    payroll = checked(who, crew)
    data = receipts(payroll)
    data["receipts"].append({"worker": 10**6, "receipt_number": "HD-X"})
    assert refused(payroll.pk, "pay", who["bank"], data) == {"receipt_stranger"}


def test_an_account_that_holds_too_little_pays_nobody(who, crew):
    from labour.accounts.models import AccountEntry

    payroll = checked(who, crew)
    AccountEntry.objects.create(
        contract_number=samples.CONTRACT, receipt="OUT", at=clock.now(),
        amount_fen=payroll.net_fen - 1 - samples.FIVE,
    )  # fmt: skip
    assert refused(payroll.pk, "pay", who["bank"], receipts(payroll)) == {"balance"}
    assert Payroll.objects.get(pk=payroll.pk).state == "checked"
    samples.record_transfer(samples.CONTRACT, 1, "R-2", clock.now())
    assert act("labour.payroll", payroll.pk, "pay", who["bank"], receipts(payroll))
    assert accounts.balance_fen(samples.CONTRACT) == 0


def test_an_unpaid_payroll_falls_overdue_alerts_and_is_still_paid(who, crew):
    payroll = listed(who, *(line(one) for one in crew))
    ends = due_at("2025-09", "230102")
    samples.later(who, (clock.legal_date(ends) - clock.today()).days + 1)
    payroll = Payroll.objects.get(pk=payroll.pk)
    assert (payroll.state, payroll.overdue_at) == ("overdue", ends)
    assert {one.state for one in Worker.objects.all()} == {"alert"}
    (told,) = Event.objects.filter(name="labour.payroll.overdue")
    assert told.payload["contractor_uscc"] == samples.CONTRACTOR
    assert refused(payroll.pk, "pay", who["bank"], receipts(payroll)) == {
        "unchecked", "unconfirmed",
    }  # fmt: skip
    assert refused(payroll.pk, "check", who["clerk"], {}) == {"unconfirmed"}
    for name in ("worker1", "worker2"):
        act("labour.payroll", payroll.pk, "confirm", who[name])
    samples.settle()
    act("labour.payroll", payroll.pk, "check", who["clerk"], {})
    act("labour.payroll", payroll.pk, "pay", who["bank"], receipts(payroll))
    samples.settle()
    assert {one.state for one in Worker.objects.all()} == {"working"}


def test_the_clerk_sends_back_with_a_reason(who, crew):
    payroll = confirmed(who, crew)
    assert refused(payroll.pk, "return", who["clerk"], {}) == {"workflow.reason.missing"}
    payroll = act("labour.payroll", payroll.pk, "return", who["clerk"], {"reason": "工日有误"})
    assert payroll.state == "returned"
    same = {"lines": [line(one) for one in crew]}
    act("labour.payroll", payroll.pk, "relist", who["leader"], same)
    samples.settle()
    assert Payroll.objects.get(pk=payroll.pk).state == "confirmed"


def test_a_worker_reads_the_own_line_and_no_stranger_reads_any(who, crew):
    payroll = listed(who, *(line(one) for one in crew))
    readers = {name for name, actor in who.items() if judge.readable(PAYROLL, payroll, actor)}
    assert readers == {"worker1", "worker2", "leader", "clerk", "bank", "inspector"}
    assert line_of(payroll, who["worker1"])["name"] == "worker1"
    assert line_of(payroll, who["worker3"]) is None
    assert set(PAYROLL.masked) == {"lines", "people", "gross_fen", "net_fen"}


MOVES = ("confirm1", "confirm2", "dispute", "relist", "check", "return", "pay")


@pytest.mark.parametrize("seed", range(6))
def test_a_random_walk_pays_only_what_was_confirmed_and_checked(who, crew, seed):
    from random import Random

    dice, payroll = Random(seed), listed(who, *(line(one) for one in crew))
    for _step in range(14):
        move = dice.choice(MOVES)
        payroll = Payroll.objects.get(pk=payroll.pk)
        by, code, data = {
            "confirm1": (who["worker1"], "confirm", None),
            "confirm2": (who["worker2"], "confirm", None),
            "dispute": (who["worker1"], "dispute", {"reason": "示例"}),
            "relist": (who["leader"], "relist",
                       {"lines": [line(one, str(dice.randint(8, 12))) for one in crew]}),
            "check": (who["clerk"], "check", {}),
            "return": (who["clerk"], "return", {"reason": "示例"}),
            "pay": (who["bank"], "pay", receipts(payroll)),
        }[move]  # fmt: skip
        try:
            act("labour.payroll", payroll.pk, code, by, data)
        except Refused:
            again = Payroll.objects.get(pk=payroll.pk)
            assert (again.state, again.version) == (payroll.state, payroll.version)
        samples.settle()
    payroll = Payroll.objects.get(pk=payroll.pk)
    paid = samples.FIVE - accounts.balance_fen(samples.CONTRACT)
    assert paid == (payroll.net_fen if payroll.state == "paid" else 0)
    if payroll.state == "paid":
        assert payroll.checked_at and all(one["confirmed_at"] for one in payroll.lines)


def test_two_payrolls_paid_at_once_do_not_overdraw_the_account(who, crew, monkeypatch):
    """The other one's payment is seen once the account is held, though the guards saw it before."""
    payroll = checked(who, crew)
    seen = iter([10**9])
    monkeypatch.setattr(accounts, "balance_fen", lambda _contract: next(seen, 0))
    assert refused(payroll.pk, "pay", who["bank"], receipts(payroll)) == {"balance"}


def test_two_teams_payrolls_written_at_once_do_not_both_list_a_worker(who, crew, monkeypatch):
    """The first look misses what another transaction has not committed yet."""
    real, first = selectors._terms, iter([True])

    def look(people, month, own):
        found = real(people, month, own)
        if next(first, False):
            return {key: replace(one, taken="") for key, one in found.items()}
        return found

    listed(who, line(crew[0]))
    monkeypatch.setattr(selectors, "_terms", look)
    again = asked(line(crew[0]), team="钢筋二班")
    assert refused(None, "list", who["leader"], again) == {"worker_taken"}
