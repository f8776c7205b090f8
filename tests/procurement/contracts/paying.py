"""Short ways to bring a payment somewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from procurement.contracts.models import Contract
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from tests.procurement.contracts.samples import act

CODE = PAYMENT.code
FIRST = "010101001001"


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
