"""Payments that are made: wages first, bank receipts, interest, disputes, priority."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.events.models import Event
from kernel.workflow.models import Deadline
from procurement.contracts import needs
from procurement.contracts.models import Contract
from procurement.contracts.payments import selectors
from procurement.contracts.payments.models import Payment
from tests.procurement.contracts.paying import (
    CODE,
    approved,
    codes,
    later,
    measured,
    paid,
    receipts,
    wages,
)
from tests.procurement.contracts.samples import act
from tests.procurement.tendering.samples import uploaded

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("certificates_are_signed"),
]


def test_wages_are_paid_whole_and_first(people: dict[str, Actor], contract: Contract) -> None:
    case = approved(people, measured(people, contract))
    short = {"account": "", "receipts": receipts(case.wages_fen - 1)}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay_wages", people["owner"], short)
    assert codes(refused) == {"wages_not_whole", "wage_account_missing"}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], {"receipts": receipts(case.due_fen)})
    assert {r.code for r in refused.value.refusals} == {"workflow.act.not_in_state"}
    later(people, 40)
    assert Payment.objects.get(pk=case.pk).state == "overdue"
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], {"receipts": receipts(case.due_fen)})
    assert "wages_first" in codes(refused)


@pytest.mark.parametrize(
    ("held", "named", "code"),
    [
        ("", "2301020000000004711", "wage_account_unopened"),
        ("2301020000000004711", "2301020000000004712", "wage_account_other"),
        ("2301020000000004711", "2301 0200 0000 0004 711", ""),
    ],
)
def test_wages_go_to_the_contracts_own_account_in_force(
    people: dict[str, Actor], contract: Contract, held: str, named: str, code: str
) -> None:
    needs.wage_account.answered_by(lambda number: held if number == contract.number else "")
    case = approved(people, measured(people, contract))
    said = {"account": named, "receipts": receipts(case.wages_fen)}
    if code:
        with pytest.raises(Refused) as refused:
            act(CODE, case.pk, "pay_wages", people["owner"], said)
        assert codes(refused) == {code}
    else:
        assert act(CODE, case.pk, "pay_wages", people["owner"], said).state == "paying"


def test_paid_wages_are_told_at_once_whatever_becomes_of_the_rest(
    people: dict[str, Actor], contract: Contract
) -> None:
    case = approved(people, measured(people, contract))
    wages(people, case)
    told = Event.objects.get(name="procurement.payment.wages_paid").payload
    assert told["wages_fen"] == case.wages_fen
    transfers = [{"number": f"{case.pk}-1", "amount_fen": case.wages_fen}]
    assert told["transfers"] == transfers
    assert told["payer"] == people["owner"].organisation_name
    assert not Event.objects.filter(name="procurement.payment.paid").exists()


def test_what_is_unpaid_has_priority_for_eighteen_months_from_the_day_it_was_due(
    people: dict[str, Actor], contract: Contract
) -> None:
    """Approved on 1 September, payable to 15 September 2025: the right ends on 15 March 2027."""
    case = approved(people, measured(people, contract))
    later(people, 34)
    case = Payment.objects.get(pk=case.pk)
    assert case.state == "overdue"
    assert case.priority_until == clock.end_of(date(2027, 3, 15))
    wages(people, case)
    clocks = Deadline.objects.filter(machine=CODE, case_pk=case.pk, ended_at=None)
    held = clocks.get(period_key="payment.priority_right")
    assert (held.due_at, held.role) == (case.priority_until, "contractor_clerk")


def test_a_disputed_part_has_priority_too(people: dict[str, Actor], contract: Contract) -> None:
    case = approved(people, measured(people, contract))
    wages(people, case)
    rest = receipts(case.due_fen - case.wages_fen - 100_00, "2")
    said = {"disputed_fen": 100_00, "reason": "数量", "receipts": rest}
    act(CODE, case.pk, "dispute", people["owner"], said)
    assert Payment.objects.get(pk=case.pk).priority_until == clock.end_of(date(2027, 3, 15))


def test_nothing_is_paid_before_the_certificate_is_signed(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = approved(people, measured(people, contract))
    wages(people, case)
    monkeypatch.setattr(selectors, "certificate_is_issued", lambda case: False)
    rest = receipts(case.due_fen - case.wages_fen, "2")
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], {"receipts": rest})
    assert codes(refused) == {"certificate_unsigned"}


@pytest.mark.parametrize("off", [-1, 1])
def test_receipts_are_what_is_due(people: dict[str, Actor], contract: Contract, off: int) -> None:
    case = approved(people, measured(people, contract))
    wages(people, case)
    rest = receipts(case.due_fen - case.wages_fen + off, "2")
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], {"receipts": rest})
    assert codes(refused) == {"receipts_differ"}


def test_late_payment_bears_interest(people: dict[str, Actor], contract: Contract) -> None:
    """Approved on 1 September, payable to 15 September: 20 days late at 0.05 % a day."""
    case = approved(people, measured(people, contract))
    wages(people, case)
    later(people, 34)
    assert Payment.objects.get(pk=case.pk).state == "overdue"
    rest = case.due_fen - case.wages_fen
    assert rest == 750_00
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], {"receipts": receipts(rest, "2")})
    assert codes(refused) == {"receipts_differ"}
    act(CODE, case.pk, "pay", people["owner"], {"receipts": receipts(rest + 7_50, "2")})
    done = Payment.objects.get(pk=case.pk)
    assert (done.state, done.interest_fen, done.paid_fen) == ("paid", 7_50, case.due_fen)


def dated(fen: int, day: date, **more: Any) -> dict[str, Any]:
    return {"receipts": [receipts(fen, "2")[0] | {"paid_on": day} | more]}


def test_no_receipt_is_of_before_the_payment_was_approved(
    people: dict[str, Actor], contract: Contract
) -> None:
    case = approved(people, measured(people, contract))
    wages_of = {"account": "1"} | dated(case.wages_fen, clock.today() - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay_wages", people["owner"], wages_of)
    assert codes(refused) == {"paid_before_approval"}
    wages(people, case)
    rest = case.due_fen - case.wages_fen
    early = dated(rest, clock.today() - timedelta(days=1))
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], early)
    assert codes(refused) == {"paid_before_approval"}


def test_who_is_late_escapes_no_interest_by_a_day_that_no_receipt_shows(
    people: dict[str, Actor], contract: Contract
) -> None:
    """The day is the owner's word; before the day from which interest runs the bank must say so."""
    case = approved(people, measured(people, contract))
    wages(people, case)
    in_time = clock.today()
    later(people, 34)
    rest = case.due_fen - case.wages_fen
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], dated(rest, in_time))
    assert codes(refused) == {"receipt_unshown"}
    shown = uploaded(people["owner"], "回单")
    paid_then = dated(rest, in_time, file_sha256=shown)
    assert act(CODE, case.pk, "pay", people["owner"], paid_then).state == "paid"
    assert Payment.objects.get(pk=case.pk).interest_fen == 0


def test_what_was_said_to_be_unpaid_was_not_paid_before_that(
    people: dict[str, Actor], contract: Contract
) -> None:
    case = approved(people, measured(people, contract))
    wages(people, case)
    in_time = clock.today()
    later(people, 34)
    rest = case.due_fen - case.wages_fen
    with pytest.raises(Refused) as refused:
        act(
            CODE,
            case.pk,
            "dispute",
            people["owner"],
            {"disputed_fen": 100_00, "reason": "数量"} | dated(rest - 100_00, in_time),
        )
    assert codes(refused) == {"receipt_unshown"}
    said = {"disputed_fen": 100_00, "reason": "数量", "receipts": receipts(rest - 100_00, "3")}
    act(CODE, case.pk, "dispute", people["owner"], said)
    shown = dated(100_00, in_time, file_sha256=uploaded(people["owner"], "回单"))
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "pay", people["owner"], shown)
    assert codes(refused) == {"paid_before_dispute"}


def test_wages_may_be_paid_late_and_the_clock_does_not_begin_again(
    people: dict[str, Actor], contract: Contract
) -> None:
    case = approved(people, measured(people, contract))
    later(people, 34)
    wages(people, case)
    later(people, 30)
    assert Payment.objects.get(pk=case.pk).state == "paying"


def test_a_dispute_leaves_the_rest_to_be_paid(people: dict[str, Actor], contract: Contract) -> None:
    case = approved(people, measured(people, contract))
    wages(people, case)
    rest = case.due_fen - case.wages_fen
    said = {"disputed_fen": 100_00, "reason": "数量", "receipts": receipts(rest - 100_01, "2")}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "dispute", people["owner"], said)
    assert codes(refused) == {"undisputed_unpaid"}
    with pytest.raises(Refused) as refused:
        act(CODE, case.pk, "dispute", people["owner"], said | {"disputed_fen": rest + 1})
    assert codes(refused) == {"dispute_out_of_range"}
    good = said | {"receipts": receipts(rest - 100_00, "2")}
    assert act(CODE, case.pk, "dispute", people["owner"], good).state == "part_paid"
    act(CODE, case.pk, "pay", people["owner"], {"receipts": receipts(100_00, "3")})
    assert Payment.objects.get(pk=case.pk).paid_fen == case.due_fen


def test_a_bank_receipt_stands_for_one_payment_only(
    people: dict[str, Actor], contract: Contract
) -> None:
    first = paid(people, measured(people, contract))
    later(people, 1)
    second = approved(people, measured(people, contract))
    again = receipts(second.wages_fen, f"{first.pk}-1")
    with pytest.raises(Refused) as refused:
        act(CODE, second.pk, "pay_wages", people["owner"], {"account": "1", "receipts": again})
    assert {r.code for r in refused.value.refusals} == {"procurement.contract.receipt_twice"}
    wages(people, second)
    rest = receipts(second.due_fen - second.wages_fen, f"{second.pk}-1")
    with pytest.raises(Refused) as refused:
        act(CODE, second.pk, "pay", people["owner"], {"receipts": rest})
    assert {r.code for r in refused.value.refusals} == {"procurement.contract.receipt_twice"}
