"""Payments that are asked for: what may be measured, who certifies, how much in all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotPermitted, Refused
from procurement.contracts import quantities
from procurement.contracts.models import Contract
from procurement.contracts.payments.models import Payment
from procurement.cost.adjustments import rounded
from tests.conftest import member
from tests.procurement.contracts.paying import (
    CODE,
    FIRST,
    approved,
    codes,
    later,
    measured,
    opened,
    paid,
)
from tests.procurement.contracts.samples import LINES, act, auto

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("certificates_are_signed"),
]


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
