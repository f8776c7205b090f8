"""Events that contracts publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events.registry import DomainEvent, event_type


@event_type
@dataclass(frozen=True)
class ContractSigned(DomainEvent):
    """Both parties signed a contract. Money in fen, the period in calendar days."""

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
