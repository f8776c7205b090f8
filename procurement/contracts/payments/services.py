"""Writes of payments: what each act changes besides the state. fire() calls these."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.events.procurement_contracts import (
    PaymentApproved,
    PaymentPaid,
    PaymentWagesPaid,
)
from kernel.events.registry import DomainEvent
from kernel.regulation.due import due
from kernel.workflow.machines import OPEN, Doing
from kernel.workflow.numbers import next_number
from procurement.contracts.adjustments.models import PriceAdjustment
from procurement.contracts.models import Contract
from procurement.contracts.parties import take_parties
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from procurement.contracts.variations.models import Variation


@PAYMENT.effect(OPEN)
def _open(case: Payment, doing: Doing) -> list[DomainEvent]:
    contract = Contract.objects.get(number=doing.payload.contract_number)
    take_parties(case, contract)
    case.number = f"{contract.number}-P{next_number(f'payment:{contract.number}'):02d}"
    case.kind, case.measured_to = doing.payload.kind, doing.payload.measured_to
    return []


@PAYMENT.effect("measure")
def _measure(case: Payment, doing: Doing) -> list[DomainEvent]:
    case.lines, case.certified_lines = _held(doing), []
    case.variations = list(doing.payload.variations)
    case.adjustments = list(doing.payload.adjustments)
    case.owner_supplied_fen = doing.payload.owner_supplied_fen
    case.penalties_fen = doing.payload.penalties_fen
    _count(case, doing)
    return []


def _held(doing: Doing) -> list[dict[str, Any]]:
    """The measured lines, each under the bill's own name."""
    return [
        {
            "code": line.code,
            "name": doing.facts.bill[line.code].name,
            "quantity": format(line.quantity.normalize(), "f"),
        }
        for line in doing.facts.lines
    ]


def _count(case: Payment, doing: Doing) -> None:
    for name, value in asdict(doing.facts.sums).items():
        setattr(case, name, value)


@PAYMENT.effect("submit")
def _submit(case: Payment, doing: Doing) -> list[DomainEvent]:
    case.certified_lines = []
    _count(case, doing)
    return []


@PAYMENT.effect("certify")
def _certify(case: Payment, doing: Doing) -> list[DomainEvent]:
    case.certified_lines = _held(doing)
    _count(case, doing)
    return []


@PAYMENT.effect("return")
def _return(case: Payment, _doing: Doing) -> list[DomainEvent]:
    case.certified_lines = []
    return []


@PAYMENT.effect("approve")
def _approve(case: Payment, doing: Doing) -> list[DomainEvent]:
    _count(case, doing)
    case.approved_at = doing.at
    case.pay_by = due(doing.at, "payment.pay", region=case.region, provisional=True).at
    return [
        PaymentApproved(
            payment_id=case.pk,
            contract_number=case.contract_number,
            due_fen=case.due_fen,
            variation_ids=_ids(Variation, case.variations),
            adjustment_ids=_ids(PriceAdjustment, case.adjustments),
        )
    ]


def _ids(model: Any, numbers: list[str]) -> tuple[int, ...]:
    found = model.objects.filter(number__in=numbers).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


@PAYMENT.effect("pay_wages")
def _pay_wages(case: Payment, doing: Doing) -> list[DomainEvent]:
    case.wage_account = doing.payload.account
    case.wage_receipts = doing.payload.model_dump(mode="json")["receipts"]
    case.wages_paid_fen = case.wages_fen
    if case.overdue_since is not None:
        # It is late already: the clock of the rest does not begin again.
        case.pay_by = None
    if not case.wages_paid_fen:
        return []
    return [
        PaymentWagesPaid(
            payment_id=case.pk,
            number=case.number,
            contract_number=case.contract_number,
            wages_fen=case.wages_paid_fen,
            payer=doing.actor.organisation_name,
            transfers=tuple(
                {"number": one.number, "amount_fen": one.amount_fen}
                for one in doing.payload.receipts
            ),
        )
    ]


@PAYMENT.effect("fall_overdue")
def _fall_overdue(case: Payment, doing: Doing) -> list[DomainEvent]:
    # The clock ends at 24:00 of its last day; interest runs from the day that begins then.
    last = clock.legal_date(doing.at - timedelta(microseconds=1))
    case.overdue_since = last + timedelta(days=1)
    case.priority_until = _priority_until(case, doing.at)
    return []


def _priority_until(case: Payment, due_at: datetime) -> datetime:
    """Until when the contractor may claim its priority for what was due at an instant."""
    last = due_at - timedelta(microseconds=1)
    return due(last, "payment.priority_right", region=case.region, provisional=True).at


@PAYMENT.effect("dispute")
def _dispute(case: Payment, doing: Doing) -> list[DomainEvent]:
    case.disputed_fen = doing.payload.disputed_fen
    case.receipts = doing.payload.model_dump(mode="json")["receipts"]
    case.rest_paid_fen = case.due_fen - case.wages_paid_fen - case.disputed_fen
    if case.priority_until is None and case.pay_by is not None:
        case.priority_until = _priority_until(case, case.pay_by)
    return []


@PAYMENT.effect("pay")
def _pay(case: Payment, doing: Doing) -> list[DomainEvent]:
    case.receipts = [*case.receipts, *doing.payload.model_dump(mode="json")["receipts"]]
    case.rest_paid_fen = case.due_fen - case.wages_paid_fen
    case.interest_fen = doing.facts.interest_fen
    case.disputed_fen = 0
    case.paid_on = max(
        (receipt.paid_on for receipt in doing.payload.receipts), default=doing.facts.today
    )
    return [
        PaymentPaid(
            payment_id=case.pk,
            number=case.number,
            contract_number=case.contract_number,
            due_fen=case.due_fen,
            wages_fen=case.wages_paid_fen,
            paid_fen=case.paid_fen,
            interest_fen=case.interest_fen,
            paid_on=case.paid_on,
            variation_ids=_ids(Variation, case.variations),
        )
    ]
