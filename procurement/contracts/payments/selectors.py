"""Reads of payments, and the one load of facts that their guards look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents.models import DocumentState
from kernel.documents.selectors import of_case
from procurement.contracts import cites, needs, quantities, receipts
from procurement.contracts.adjustments.machine import APPROVED as ADJUSTMENT_APPROVED
from procurement.contracts.adjustments.models import PriceAdjustment
from procurement.contracts.models import Contract
from procurement.contracts.payments import sums as counting
from procurement.contracts.payments.machine import COUNTED, PART_PAID, PAYMENT, REVIEWED
from procurement.contracts.payments.models import Payment
from procurement.contracts.payments.rules import Payable, PaymentFacts
from procurement.contracts.payments.schemas import (
    CertifyPayload,
    Measured,
    MeasurePayload,
    OpenPayload,
    WagesPayload,
)
from procurement.contracts.payments.sums import Sums, Terms
from procurement.contracts.selectors import held, missing_files
from procurement.contracts.variations.machine import APPROVED as CHANGE_APPROVED
from procurement.contracts.variations.models import Variation

CERTIFICATE = "procurement.payment.certificate"
_NOTHING: Mapping[str, needs.BillLine] = {}


@PAYMENT.facts
def facts(case: Any, at: datetime, payload: Any = None, actor: Actor | None = None) -> PaymentFacts:
    """Everything that the guards of a payment look at, at a legal moment."""
    opening = payload if isinstance(payload, OpenPayload) else None
    number = opening.contract_number if opening else case.contract_number
    contract = held(number)
    kind = opening.kind if opening else case.kind
    day = clock.legal_date(at)
    lines = _lines(case, payload)
    payables = _payables(case, payload, number)
    bill = needs.bill.ask(contract.bill_sha256) if contract else _NOTHING
    others = quantities.before(number, case.pk)
    remaining = case.due_fen - case.wages_paid_fen - case.rest_paid_fen
    return PaymentFacts(
        today=day,
        actor_uscc=actor.uscc if opening and actor else "",
        articles=cites.articles(day, contract.region if contract else ""),
        codes=cites.codes(day),
        contract_state=str(contract.state) if contract else "",
        contractor_uscc=contract.contractor_uscc if contract else "",
        kind=kind,
        measured_to=opening.measured_to if opening else case.measured_to,
        last_measured_to=_last_measured(number, case.pk),
        bill=bill,
        measured=quantities.measured(number, case.pk) if number else {},
        extra=quantities.extra_quantities(number) if number else {},
        lines=lines,
        claimed={line.code: line.quantity for line in quantities.LINES.validate_python(case.lines)},
        payables=payables,
        rivals=_rivals(number, case.pk),
        twin=_twin(number, kind, case.pk),
        sums=_sums(case, payload, contract, kind, lines, payables, bill),
        ceiling_fen=_ceiling(contract),
        others_fen=others.due_fen,
        wages_left_fen=case.wages_fen - case.wages_paid_fen,
        wage_account=needs.wage_account.ask(number) if isinstance(payload, WagesPayload) else "",
        remaining_fen=remaining,
        interest_fen=interest(case, contract, remaining, _paid_on(payload, day), day),
        certificate_signed=case.pk is not None and certificate_is_issued(case),
        missing_files=missing_files(actor, payload),
        approved_on=clock.legal_date(case.approved_at) if case.approved_at else None,
        overdue_since=case.overdue_since,
        disputed_on=clock.legal_date(case.changed_at) if case.state == PART_PAID else None,
        used_receipts=receipts.used(case.owner_uscc, payload),
    )


def _lines(case: Any, payload: Any) -> tuple[Measured, ...]:
    """The measurement that is looked at; lines without a quantity are no lines."""
    certified = isinstance(payload, CertifyPayload) and payload.lines
    if isinstance(payload, MeasurePayload) or certified:
        found = payload.lines
    else:
        found = quantities.LINES.validate_python(case.certified_lines or case.lines)
    return tuple(line for line in found if line.quantity)


def _payables(case: Any, payload: Any, contract_number: str) -> tuple[Payable, ...]:
    source = payload if isinstance(payload, MeasurePayload) else case
    others = list(
        Payment.objects.filter(
            contract_number=contract_number, state__in=(*REVIEWED, *COUNTED)
        ).exclude(pk=case.pk)
    )
    changes: Any = Variation.objects.filter(contract_number=contract_number)
    adjustments: Any = PriceAdjustment.objects.filter(contract_number=contract_number)
    found = [
        _payable(number, changes, "payable_fen", CHANGE_APPROVED, others, "variations")
        for number in source.variations
    ]
    found += [
        _payable(number, adjustments, "amount_fen", ADJUSTMENT_APPROVED, others, "adjustments")
        for number in source.adjustments
    ]
    return tuple(found)


def _payable(
    number: str, rows: Any, column: str, approved: str, others: list[Payment], names: str
) -> Payable:
    row = rows.filter(number=number).first()
    taken = next((one.number for one in others if number in getattr(one, names)), "")
    if row is None:
        return Payable(number, 0, False, False)
    # Once taken by an approved payment it has left its state; that is told by the payment.
    return Payable(number, getattr(row, column), True, bool(taken) or row.state == approved, taken)


def _rivals(contract_number: str, but: int | None) -> tuple[str, ...]:
    found = Payment.objects.filter(contract_number=contract_number, state__in=REVIEWED)
    return tuple(found.exclude(pk=but).values_list("number", flat=True))


def _twin(contract_number: str, kind: str, but: int | None) -> str:
    if kind not in {counting.PREPAYMENT, counting.SETTLEMENT}:
        return ""
    found = Payment.objects.filter(contract_number=contract_number, kind=kind).exclude(pk=but)
    return str(found.values_list("number", flat=True).first() or "")


def _last_measured(contract_number: str, but: int | None) -> date | None:
    found = Payment.objects.filter(
        contract_number=contract_number, kind=counting.PROGRESS, state__in=(*REVIEWED, *COUNTED)
    ).exclude(pk=but)
    last: date | None = found.order_by("-measured_to").values_list("measured_to", flat=True).first()
    return last


def terms_of(contract: Contract) -> Terms:
    """What of a contract decides its payments."""
    return Terms(
        price_fen=contract.price_fen,
        provisional_fen=contract.provisional_fen,
        progress_percent=contract.progress_percent or Decimal(0),
        prepayment_percent=contract.prepayment_percent or Decimal(0),
        retention_percent=contract.retention_percent or Decimal(0),
        performance_percent=contract.performance_percent or Decimal(0),
        wage_percent=contract.wage_percent or Decimal(0),
        settled_fen=contract.settled_fen,
        retention_fen=contract.retention_fen,
    )


def _sums(
    case: Any,
    payload: Any,
    contract: Contract | None,
    kind: str,
    lines: tuple[Measured, ...],
    payables: tuple[Payable, ...],
    bill: Mapping[str, needs.BillLine],
) -> Sums:
    """What the payment comes to as things stand; once approved, what it came to then."""
    if contract is None:
        return Sums()
    if case.state in COUNTED:
        return Sums(**{name: getattr(case, name) for name in asdict(Sums())})
    terms, others = terms_of(contract), quantities.before(contract.number, case.pk)
    if kind == counting.PREPAYMENT:
        return counting.prepayment(terms)
    if kind == counting.SETTLEMENT:
        return counting.settlement(terms, others)
    source = payload if isinstance(payload, MeasurePayload) else case
    changes = len(source.variations)
    return counting.progress(
        terms,
        others,
        work=counting.work_fen(
            ((line.code, line.quantity) for line in lines),
            bill,
            quantities.measured(contract.number, case.pk),
        ),
        variations=sum(one.sum_fen for one in payables[:changes]),
        adjustments=sum(one.sum_fen for one in payables[changes:]),
        owner_supplied=source.owner_supplied_fen,
        penalties=source.penalties_fen,
    )


def _ceiling(contract: Contract | None) -> int:
    if contract is None:
        return 0
    changes = quantities.changes_fen(contract.number) + quantities.adjusted_fen(contract.number)
    return counting.ceiling_fen(terms_of(contract), changes)


def _paid_on(payload: Any, day: date) -> date:
    receipts = getattr(payload, "receipts", ()) if payload is not None else ()
    return max((receipt.paid_on for receipt in receipts), default=day)


def interest(
    case: Any, contract: Contract | None, amount_fen: int, paid_on: date, today: date
) -> int:
    """Interest on what is unpaid, from the day after the last day of payment until it is paid."""
    since = case.overdue_since
    if contract is None or since is None or amount_fen <= 0:
        return 0
    first, last = since, min(paid_on, today)
    days = max((last - first).days + 1, 0)
    limits = cites.limits(first, contract.region)
    percents = counting.daily_percents(
        days,
        agreed_year=contract.late_interest_percent,
        sme=contract.contractor_is_sme,
        # The law says it in ten-thousandths a day.
        sme_daily=limits["late_interest.sme_daily"] / 100,
        prime=cites.prime_rates(first, first + timedelta(days=days - 1)) if days else [],
        days_of_year=limits["interest.days_of_year"],
    )
    return counting.interest_fen(amount_fen, percents)


def certificate_is_issued(case: Any) -> bool:
    """Whether the payment certificate has its signatures."""
    return any(
        document.form == CERTIFICATE and document.state == DocumentState.ISSUED
        for document in of_case(PAYMENT.code, str(case.pk))
    )


def of_contract(contract_number: str) -> list[Payment]:
    """The payments of a contract, oldest first."""
    return list(Payment.objects.filter(contract_number=contract_number).order_by("pk"))
