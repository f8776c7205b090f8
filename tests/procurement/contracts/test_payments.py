"""Payments: what may be measured, who certifies, wages first, bank receipts, interest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotPermitted, Refused
from kernel.events.models import Event
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from procurement.contracts import needs, quantities
from procurement.contracts.models import Contract
from procurement.contracts.payments import selectors
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from procurement.cost.adjustments import rounded
from tests.conftest import member
from tests.procurement.contracts import samples
from tests.procurement.contracts.samples import LINES, act, auto, performing
from tests.procurement.tendering.samples import uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
CODE = PAYMENT.code
FIRST = "010101001001"


@pytest.fixture
def people(september: None) -> dict[str, Actor]:
    return samples.market() | {"operator": member("operator", "operator", serial=59)}


@pytest.fixture
def contract(people: dict[str, Actor]) -> Iterator[Contract]:
    with samples.answers(samples.awarded(people)):
        yield performing(people)


@pytest.fixture(autouse=True)
def _certificates_are_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing is played in the journey; here it is done unless a test says it is not."""
    monkeypatch.setattr(selectors, "certificate_is_issued", lambda case: True)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.code.removeprefix("procurement.payment.") for r in refused.value.refusals}


def opened(people: dict[str, Actor], contract: Contract, kind: str = "progress") -> int:
    said = {
        "contract_number": contract.number, "kind": kind, "measured_to": clock.today(),
    }  # fmt: skip
    return act(CODE, None, "open", people["contractor"], said).case_pk


def measured(
    people: dict[str, Actor], contract: Contract, quantity: Any = 100, code: str = FIRST
) -> int:
    pk = opened(people, contract)
    lines = [{"code": code, "quantity": str(quantity)}]
    act(CODE, pk, "measure", people["contractor"], {"lines": lines})
    return pk


def approved(people: dict[str, Actor], pk: int) -> Payment:
    act(CODE, pk, "submit", people["contractor"])
    act(CODE, pk, "certify", people["chief"], {})
    act(CODE, pk, "approve", people["owner"])
    return Payment.objects.get(pk=pk)


def receipts(fen: int, number: str = "1") -> list[dict[str, Any]]:
    return [{"bank": "银行", "number": number, "paid_on": clock.today(), "amount_fen": fen}]


def wages(people: dict[str, Actor], case: Payment) -> None:
    said = {"account": "1", "receipts": receipts(case.wages_fen, f"{case.pk}-1")}
    act(CODE, case.pk, "pay_wages", people["owner"], said)


def paid(people: dict[str, Actor], pk: int) -> Payment:
    case = approved(people, pk)
    wages(people, case)
    rest = receipts(case.due_fen - case.wages_fen, f"{case.pk}-2")
    act(CODE, pk, "pay", people["owner"], {"receipts": rest})
    return Payment.objects.get(pk=pk)


def later(people: dict[str, Actor], days: int) -> None:
    sandbox.move_to(clock.now() + timedelta(days=days), actor=people["operator"])
    run_due()


def test_a_payment_is_measured_certified_approved_and_paid(
    people: dict[str, Actor], contract: Contract
) -> None:
    case = paid(people, measured(people, contract))
    # 100 m² at 12.50 are 1,250 yuan; 80 percent are due, a fifth of the work is wages.
    assert (case.work_fen, case.due_fen, case.wages_fen) == (1_250_00, 1_000_00, 250_00)
    assert (case.state, case.paid_fen, case.interest_fen) == ("paid", 1_000_00, 0)


def test_a_stranger_asks_for_nothing(people: dict[str, Actor], contract: Contract) -> None:
    said = {"contract_number": contract.number, "measured_to": clock.today()}
    with pytest.raises(Refused) as refused:
        act(CODE, None, "open", people["stranger"], said)
    assert codes(refused) == {"contract_unknown"}


@pytest.mark.parametrize(
    ("kind", "code"), [("settlement", "contract_not_there"), ("gift", "kind_unlisted")]
)
def test_each_kind_has_its_time(
    people: dict[str, Actor], contract: Contract, kind: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        opened(people, contract, kind)
    assert codes(refused) == {code}


def test_prepayment_is_asked_for_once(people: dict[str, Actor], contract: Contract) -> None:
    case = paid(people, opened(people, contract, "prepayment"))
    assert case.due_fen == contract.price_fen // 10
    with pytest.raises(Refused) as refused:
        opened(people, contract, "prepayment")
    assert codes(refused) == {"kind_twice"}


def test_a_period_does_not_end_tomorrow(people: dict[str, Actor], contract: Contract) -> None:
    said = {
        "contract_number": contract.number, "measured_to": clock.today() + timedelta(days=1),
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        act(CODE, None, "open", people["contractor"], said)
    assert codes(refused) == {"measured_ahead"}


def test_a_period_begins_after_the_one_before(people: dict[str, Actor], contract: Contract) -> None:
    paid(people, measured(people, contract))
    with pytest.raises(Refused) as refused:
        opened(people, contract)
    assert codes(refused) == {"period_overlaps"}
    later(people, 1)
    opened(people, contract)


def test_one_payment_of_a_contract_is_reviewed_at_a_time(
    people: dict[str, Actor], contract: Contract
) -> None:
    first = measured(people, contract)
    second = opened(people, contract, "prepayment")
    act(CODE, first, "submit", people["contractor"])
    with pytest.raises(Refused) as refused:
        act(CODE, second, "submit", people["contractor"])
    assert codes(refused) == {"other_under_review"}


def test_nothing_is_asked_for_nothing(people: dict[str, Actor], contract: Contract) -> None:
    pk = opened(people, contract)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "submit", people["contractor"])
    assert codes(refused) == {"nothing_due"}


def test_items_stand_in_the_bill_and_stand_once(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = opened(people, contract)
    line = {"code": FIRST, "quantity": "1"}
    for lines, code in (
        ([{"code": "010101001999", "quantity": "1"}], "item_unknown"),
        ([line, line], "item_twice"),
    ):
        with pytest.raises(Refused) as refused:
            act(CODE, pk, "measure", people["contractor"], {"lines": lines})
        assert codes(refused) == {code}


def test_a_quantity_is_written_exactly(people: dict[str, Actor], contract: Contract) -> None:
    pk = opened(people, contract)
    with pytest.raises(Refused):
        act(
            CODE, pk, "measure", people["contractor"], {"lines": [{"code": FIRST, "quantity": 0.1}]}
        )


def test_all_that_is_measured_is_no_more_than_the_contract_has(
    people: dict[str, Actor], contract: Contract
) -> None:
    paid(people, measured(people, contract, 600))
    later(people, 1)
    with pytest.raises(Refused) as refused:
        measured(people, contract, "400.0001")
    assert codes(refused) == {"quantity_exceeded"}
    pk = Payment.objects.order_by("-pk").values_list("pk", flat=True)[0]
    lines = [{"code": FIRST, "quantity": "400"}]
    act(CODE, pk, "measure", people["contractor"], {"lines": lines})


def test_nobody_certifies_more_than_was_asked_for(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = measured(people, contract, 100)
    act(CODE, pk, "submit", people["contractor"])
    lines = [{"code": FIRST, "quantity": "101"}]
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "certify", people["chief"], {"lines": lines})
    assert codes(refused) == {"certified_above_claim"}
    act(CODE, pk, "certify", people["chief"], {"lines": [{"code": FIRST, "quantity": "60"}]})
    assert Payment.objects.get(pk=pk).work_fen == 750_00


def test_a_change_that_is_not_approved_is_not_paid(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = opened(people, contract)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "measure", people["contractor"], {"variations": ["X"]})
    assert codes(refused) == {"change_unknown"}
    said = {"contract_number": contract.number, "title": "变更", "reason_code": "design"}
    act("procurement.variation", None, "propose", people["contractor"], said)
    with pytest.raises(Refused) as refused:
        named = {"variations": [f"{contract.number}-BG01"]}
        act(CODE, pk, "measure", people["contractor"], named)
    assert codes(refused) == {"change_unapproved"}


def test_all_payments_are_no_more_than_the_price(
    people: dict[str, Actor], contract: Contract
) -> None:
    """The bill's items come to 144,750 yuan; a price below that is the cap."""
    Contract.objects.filter(pk=contract.pk).update(price_fen=1_000_00)
    pk = measured(people, contract, 1000)
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "submit", people["contractor"])
    assert codes(refused) == {"above_cap"}


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


def test_a_change_is_paid_with_one_payment_only(
    people: dict[str, Actor], contract: Contract
) -> None:
    number = f"{contract.number}-BG01"
    changed(people, contract)
    first = opened(people, contract)
    act(CODE, first, "measure", people["contractor"], {"variations": [number]})
    approved(people, first)
    later(people, 1)
    second = opened(people, contract)
    with pytest.raises(Refused) as refused:
        act(CODE, second, "measure", people["contractor"], {"variations": [number]})
    assert codes(refused) == {"change_taken"}


def changed(people: dict[str, Actor], contract: Contract) -> int:
    """An approved change: ten more of an item, and one that the bill has not."""
    code = "procurement.variation"
    said = {"contract_number": contract.number, "title": "变更", "reason_code": "design"}
    pk = act(code, None, "propose", people["contractor"], said).case_pk
    order = {
        "instruction_number": "指令1", "instructed_on": clock.today(),
        "supervision_notice": "通知1", "drawing_number": "建施-1",
    }  # fmt: skip
    act(code, pk, "instruct", people["owner"], order)
    new = {
        "code": "01B001", "name": "防火隔断", "unit": "m²", "quantity": "20", "basis": "agreed",
        "price_fen": 320_00, "cost_fen": 296_00, "profit_fen": 24_00,
    }  # fmt: skip
    act(code, pk, "value", people["contractor"], {"items": [new]})
    act(code, pk, "check", people["chief"], {})
    act(code, pk, "approve", people["owner"], {})
    return pk


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


def test_what_is_returned_is_mended_and_comes_again(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = measured(people, contract)
    act(CODE, pk, "submit", people["contractor"])
    with pytest.raises(Refused) as refused:
        act(CODE, pk, "return", people["chief"], {"reason": ""})
    assert {r.code for r in refused.value.refusals} == {"workflow.reason.missing"}
    act(CODE, pk, "return", people["chief"], {"reason": "数量不符"})
    assert act(CODE, pk, "submit", people["contractor"]).state == "submitted"


def test_the_chief_of_another_firm_certifies_nothing(
    people: dict[str, Actor], contract: Contract
) -> None:
    pk = measured(people, contract)
    act(CODE, pk, "submit", people["contractor"])
    with pytest.raises(NotPermitted):
        act(CODE, pk, "certify", member("other", "chief_supervisor", serial=60), {})


def test_the_final_payment_leaves_the_retention(
    people: dict[str, Actor], contract: Contract
) -> None:
    paid(people, measured(people, contract))
    auto("procurement.contract", contract.pk, "begin_settlement", {"accepted_on": clock.today()})
    Contract.objects.filter(pk=contract.pk).update(silence_accepts=True)
    said = {"claimed_fen": 100_000_00}
    act("procurement.contract", contract.pk, "file_settlement", people["contractor"], said)
    later(people, 40)
    pk = opened(people, contract, "settlement")
    case = paid(people, pk)
    assert case.due_fen == 100_000_00 - 1_000_00 - 3_000_00
    assert quantities.paid_fen(contract.number) == 97_000_00


@settings(
    max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.decimals(min_value=1, max_value=700, places=2), min_size=1, max_size=4))
def test_what_was_measured_and_paid_stays_within_the_contract(
    people: dict[str, Actor], contract: Contract, steps: list[Decimal]
) -> None:
    sid = transaction.savepoint()
    for quantity in steps:
        later(people, 1)
        try:
            approved(people, measured(people, contract, quantity))
        except Refused as refused:
            assert {r.code for r in refused.refusals} == {"procurement.payment.quantity_exceeded"}
    done = quantities.measured(contract.number).get(FIRST, Decimal(0))
    assert done <= LINES[FIRST].quantity
    work = rounded(Fraction(done) * LINES[FIRST].price_fen)
    assert quantities.certified_fen(contract.number) * 100 <= work * 80
    transaction.savepoint_rollback(sid)


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
