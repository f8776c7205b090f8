"""What every case under a contract takes from it: the parties, the project, the place."""

from __future__ import annotations

from typing import Any

from procurement.contracts.models import Contract

SHARED = (
    "project_number",
    "region",
    "works_name",
    "owner_uscc",
    "contractor_uscc",
    "supervision_uscc",
)


def take_parties(case: Any, contract: Contract) -> None:
    """Copy a contract's parties into a case that is opened under it."""
    case.contract_id, case.contract_number = contract.pk, contract.number
    for name in SHARED:
        setattr(case, name, getattr(contract, name))


def has_part(contract: Contract, uscc: str) -> bool:
    """Whether an organisation is one of a contract's three parties."""
    return uscc in {contract.owner_uscc, contract.contractor_uscc, contract.supervision_uscc} - {""}
