"""What follows: papers are printed for signature; works, payments and contracts move each other."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from kernel import clock
from kernel.documents import services as documents
from kernel.events.procurement_bids import BidVoided
from kernel.events.procurement_completion import CompletionUseStopped
from kernel.events.procurement_contracts import (
    ContractDrafted,
    ContractSigned,
    PaymentApproved,
    PaymentPaid,
    SettlementChecked,
    VariationApproved,
)
from kernel.events.procurement_tendering import LotAwarded
from kernel.events.procurement_works import WorksAccepted, WorksPermitted
from kernel.events.registry import Envelope, subscribe
from kernel.events.selectors import has_happened_since
from kernel.workflow.following import follow
from procurement.contracts import documents as papers
from procurement.contracts import selectors, sources
from procurement.contracts.adjustments.machine import PRICE_ADJUSTMENT
from procurement.contracts.machine import CONTRACT
from procurement.contracts.models import Contract
from procurement.contracts.payments.machine import PAYMENT
from procurement.contracts.payments.models import Payment
from procurement.contracts.payments.selectors import CERTIFICATE
from procurement.contracts.states import ACCEPTED, DEAD, RETENTION_RETURNED, SETTLED
from procurement.contracts.variations.documents import FORM as CHANGE_ORDER
from procurement.contracts.variations.machine import VARIATION
from procurement.contracts.variations.models import Variation
from procurement.tendering.machine import LOT
from procurement.tendering.models import Lot
from procurement.tendering.needs import void_decision

BOTH = ("owner_clerk", "contractor_clerk")
ALL_THREE = ("contractor_clerk", "chief_supervisor", "owner_clerk")
CERTIFIERS = ("chief_supervisor", "owner_clerk")


def _print(
    envelope: Envelope, form: str, machine: str, case: Any, number: str, signers: tuple[str, ...]
) -> int:
    """Draft and print a paper; both are idempotent, so a killed worker starts over."""
    document = documents.draft(
        form=form,
        case_machine=machine,
        case_pk=str(case.pk),
        number=number,
        language="zh-hans",
        at=envelope.occurred_at,
        issuer=papers.issuer(case),
        signatories=papers.signatories(case, signers),
    )
    documents.render(document.pk, at=envelope.occurred_at)
    return document.pk


def _print_contract(envelope: Envelope) -> int:
    event = envelope.event
    assert isinstance(event, ContractDrafted)
    case = Contract.objects.get(pk=event.contract_id)
    # A text that was taken back keeps its number; the next one has another.
    number = case.number if event.round_number == 1 else f"{case.number}-{event.round_number}"
    return _print(envelope, papers.FORM, CONTRACT.code, case, number, BOTH)


def _print_statement(envelope: Envelope) -> int:
    event = envelope.event
    assert isinstance(event, SettlementChecked)
    case = Contract.objects.get(pk=event.contract_id)
    number = selectors.statement_number(case)
    return _print(envelope, papers.STATEMENT, CONTRACT.code, case, number, ALL_THREE)


def _print_certificate(envelope: Envelope) -> int:
    event = envelope.event
    assert isinstance(event, PaymentApproved)
    case = Payment.objects.get(pk=event.payment_id)
    return _print(envelope, CERTIFICATE, PAYMENT.code, case, case.number, CERTIFIERS)


def _print_order(envelope: Envelope) -> int:
    event = envelope.event
    assert isinstance(event, VariationApproved)
    case = Variation.objects.get(pk=event.variation_id)
    return _print(envelope, CHANGE_ORDER, VARIATION.code, case, case.number, CERTIFIERS)


@subscribe(ContractDrafted, "procurement.contracts.contract", prepare=_print_contract)
def contract_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write: the document's own services wrote it."""


@subscribe(SettlementChecked, "procurement.contracts.statement", prepare=_print_statement)
def statement_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write."""


@subscribe(PaymentApproved, "procurement.contracts.certificate", prepare=_print_certificate)
def certificate_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write."""


@subscribe(VariationApproved, "procurement.contracts.change_order", prepare=_print_order)
def order_is_printed(_envelope: Envelope, _document_id: Any) -> None:
    """Nothing is left to write."""


@subscribe(PaymentApproved, "procurement.contracts.in_payment")
def changes_are_in_payment(envelope: Envelope, _prepared: Any) -> None:
    """Changes and adjustments that an approved payment names are in payment."""
    event = envelope.event
    assert isinstance(event, PaymentApproved)
    number = Payment.objects.values_list("number", flat=True).get(pk=event.payment_id)
    named = [(VARIATION.code, pk) for pk in event.variation_ids]
    named += [(PRICE_ADJUSTMENT.code, pk) for pk in event.adjustment_ids]
    for machine, pk in named:
        follow(
            machine, pk, "pay", key=f"event:{envelope.id}", at=envelope.occurred_at,
            payload={"payment_number": number},
        )  # fmt: skip


@subscribe(PaymentPaid, "procurement.contracts.changes_paid")
def changes_are_closed(envelope: Envelope, _prepared: Any) -> None:
    """Changes whose payment is paid are closed."""
    event = envelope.event
    assert isinstance(event, PaymentPaid)
    for pk in event.variation_ids:
        follow(VARIATION.code, pk, "close", key=f"event:{envelope.id}", at=envelope.occurred_at)


@subscribe(LotAwarded, "procurement.contracts.bill")
def winning_bill_is_stored(envelope: Envelope, _prepared: Any) -> None:
    """The winner's priced bill becomes the bill of the contract to come."""
    event = envelope.event
    assert isinstance(event, LotAwarded)
    sources.store_winning_bill(event.number, envelope.occurred_at)


@subscribe(ContractSigned, "procurement.contracts.lot")
def lot_is_contracted(envelope: Envelope, _prepared: Any) -> None:
    """A signed contract ends the tender of its lot; bid securities are returned from then on."""
    event = envelope.event
    assert isinstance(event, ContractSigned)
    if Lot.objects.filter(pk=event.lot_id).exists():
        follow(
            LOT.code, event.lot_id, "contract", key=f"event:{envelope.id}",
            at=envelope.occurred_at, payload={"contract_number": event.number},
        )  # fmt: skip


@subscribe(BidVoided, "procurement.contracts.voided")
def void_award_is_noted(envelope: Envelope, _prepared: Any) -> None:
    """A contract says that its award is void; its owner then ends it."""
    event = envelope.event
    assert isinstance(event, BidVoided)
    for case in Contract.objects.filter(lot_number=event.lot_number).exclude(state__in=DEAD):
        found = void_decision(case.lot_number, case.contractor_uscc)
        if found is not None and not case.void_document:
            follow(
                CONTRACT.code, case.pk, "note_void", key=f"event:{envelope.id}",
                at=envelope.occurred_at, payload={"document_number": found.document_number},
            )  # fmt: skip


@subscribe(WorksPermitted, "procurement.contracts.perform")
def contract_is_performed(envelope: Envelope, _prepared: Any) -> None:
    """The construction permit lets a contract be performed."""
    event = envelope.event
    assert isinstance(event, WorksPermitted)
    _move(envelope, event.contract_number, "perform", {})


@subscribe(WorksAccepted, "procurement.contracts.begin_settlement")
def settlement_begins(envelope: Envelope, _prepared: Any) -> None:
    """Accepted works are settled; of works accepted again the day is noted where it counts."""
    event = envelope.event
    assert isinstance(event, WorksAccepted)
    # Deliveries have no order: the stop that annulled it may have come before it.
    if has_happened_since(CompletionUseStopped, envelope.occurred_at, works_number=event.number):
        return
    contract = selectors.contract(event.contract_number)
    again = (
        contract is not None
        and contract.state in ACCEPTED
        and (contract.accepted_on is None or contract.accepted_on < event.occurred_on)
    )
    _move(
        envelope,
        event.contract_number,
        "note_acceptance" if again else "begin_settlement",
        {"accepted_on": event.occurred_on, "works_ref": f"procurement.works:{event.works_id}"},
    )


@subscribe(CompletionUseStopped, "procurement.contracts.acceptance_annulled")
def acceptance_is_annulled(envelope: Envelope, _prepared: Any) -> None:
    """What rests on an acceptance stops with it: the settlement, and the defect period."""
    event = envelope.event
    assert isinstance(event, CompletionUseStopped)
    stopped_on = clock.legal_date(envelope.occurred_at)
    for case in Contract.objects.filter(works_ref=f"procurement.works:{event.works_id}"):
        # Deliveries have no order: an acceptance of a later day is another one, and holds.
        if case.accepted_on is not None and case.accepted_on > stopped_on:
            continue
        settled = case.state in (SETTLED, RETENTION_RETURNED)
        follow(
            CONTRACT.code, case.pk, "await_acceptance" if settled else "annul_acceptance",
            key=f"event:{envelope.id}", at=envelope.occurred_at,
            payload=None if settled else {"reason": gettext("工程被责令停止使用，须重新验收")},
        )  # fmt: skip


def _move(envelope: Envelope, number: str, act: str, payload: dict[str, Any]) -> None:
    contract = selectors.contract(number)
    if contract is not None:
        follow(
            CONTRACT.code, contract.pk, act, key=f"event:{envelope.id}",
            at=envelope.occurred_at, payload=payload,
        )  # fmt: skip
