"""Events that contracts, their payments and their changes publish. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class ContractDrafted(DomainEvent):
    """A contract agrees with tender and bid and waits for both signatures."""

    NAME: ClassVar[str] = "procurement.contract.drafted"

    contract_id: int
    number: str
    round_number: int


@event_type
@dataclass(frozen=True)
class ContractSigned(DomainEvent):
    """Owner and contractor signed one contract. project_manager: the contractor's, by name."""

    NAME: ClassVar[str] = "procurement.contract.signed"

    contract_id: int
    number: str
    lot_id: int
    project_number: str
    works_name: str
    region: str
    owner_uscc: str
    contractor_uscc: str
    supervision_uscc: str
    price_fen: int
    period_days: int
    project_manager: str
    signed_on: date


@event_type
@dataclass(frozen=True)
class ContractTerminated(DomainEvent):
    """A contract was ended by written notice. at_fault: ``contractor``, ``owner`` or empty."""

    NAME: ClassVar[str] = "procurement.contract.terminated"

    contract_id: int
    number: str
    project_number: str
    owner_uscc: str
    contractor_uscc: str
    at_fault: str
    document_number: str
    terminated_on: date


@event_type
@dataclass(frozen=True)
class SettlementChecked(DomainEvent):
    """The chief supervisor checked a settlement; its statement waits for signatures."""

    NAME: ClassVar[str] = "procurement.contract.settlement_checked"

    contract_id: int
    number: str
    round_number: int


@event_type
@dataclass(frozen=True)
class ContractSettled(DomainEvent):
    """The price of the whole contract is settled. disputed_fen: what stays open beside it."""

    NAME: ClassVar[str] = "procurement.contract.settled"

    contract_id: int
    number: str
    project_number: str
    settled_fen: int
    disputed_fen: int
    retention_fen: int
    settled_on: date


@event_type
@dataclass(frozen=True)
class PaymentApproved(DomainEvent):
    """An owner approved a payment; variations and adjustments (their keys) are paid with it."""

    NAME: ClassVar[str] = "procurement.payment.approved"

    payment_id: int
    contract_number: str
    due_fen: int
    variation_ids: tuple[int, ...]
    adjustment_ids: tuple[int, ...]


@event_type
@dataclass(frozen=True)
class PaymentWagesPaid(DomainEvent):
    """The wage share of a payment went to the wage account, whatever becomes of the rest.

    payer: the owner's name. transfers: each bank receipt as ``number`` and ``amount_fen``.
    """

    NAME: ClassVar[str] = "procurement.payment.wages_paid"

    payment_id: int
    number: str
    contract_number: str
    wages_fen: int
    payer: str
    transfers: tuple[dict[str, Any], ...]


@event_type
@dataclass(frozen=True)
class PaymentPaid(DomainEvent):
    """A payment is paid whole. paid_fen: without interest; wages_fen: its part for wages."""

    NAME: ClassVar[str] = "procurement.payment.paid"

    payment_id: int
    number: str
    contract_number: str
    due_fen: int
    wages_fen: int
    paid_fen: int
    interest_fen: int
    paid_on: date
    variation_ids: tuple[int, ...]


@event_type
@dataclass(frozen=True)
class VariationApproved(DomainEvent):
    """A change order has its price and can be paid."""

    NAME: ClassVar[str] = "procurement.variation.approved"

    variation_id: int
    number: str
    contract_number: str
    approved_fen: int
