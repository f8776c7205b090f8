"""Writes of wage accounts: opened, paid into, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.events.labour import WageAccountOpened
from kernel.events.procurement_contracts import PaymentPaid
from kernel.events.registry import DomainEvent, Envelope, subscribe
from kernel.parties.models import Organisation
from kernel.regulation.due import due
from kernel.workflow.machines import Doing
from labour.accounts.machine import ACCOUNT
from labour.accounts.models import AccountEntry, WageAccount
from labour.sites import selectors as sites


@ACCOUNT.effect("open")
def _open(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    contract = sites.contract(payload.contract_number)
    assert contract is not None
    case.contract_number, case.works_name = contract.number, contract.works_name
    case.project_number, case.region = contract.project_number, contract.region
    case.owner_uscc = contract.owner_uscc
    case.contractor_uscc = doing.actor.uscc
    case.contractor_name = doing.actor.organisation_name
    case.bank_uscc = payload.bank_uscc
    case.bank_name = Organisation.objects.get(uscc=payload.bank_uscc).name
    for name in ("account_number", "opened_on", "confirmation_number", "confirmation_sha256"):
        setattr(case, name, getattr(payload, name))
    case.due_on = due(
        contract.signed_at, "wage.account.open", region=contract.region, provisional=True
    ).last_day
    return [
        WageAccountOpened(
            contract_number=case.contract_number,
            project_number=case.project_number,
            contractor_uscc=case.contractor_uscc,
            bank_uscc=case.bank_uscc,
            late=case.late,
        )
    ]


@ACCOUNT.effect("receive")
def _receive(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    payload = doing.payload
    AccountEntry.objects.create(
        contract_number=case.contract_number,
        amount_fen=payload.amount_fen,
        receipt=payload.receipt_number,
        payer=payload.payer,
        at=doing.at,
    )
    return []


@ACCOUNT.effect("announce_close")
def _announce(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    case.announced_at = doing.at
    return []


def record_transfer(
    contract_number: str, amount_fen: int, bank_receipt: str, at: datetime, payer: str = ""
) -> AccountEntry | None:
    """Record that labour cost reached the wage account of a contract. The same receipt is one.

    None where nothing was transferred. A transfer that is told before the account is on record
    counts from when it is.
    """
    if amount_fen <= 0:
        return None
    entry, _new = AccountEntry.objects.get_or_create(
        contract_number=contract_number,
        receipt=bank_receipt,
        defaults={"amount_fen": amount_fen, "payer": payer, "at": at},
    )
    return entry


@subscribe(PaymentPaid, "labour.accounts.transfer")
def labour_cost_arrives(envelope: Envelope, _prepared: Any) -> None:
    """The wage share of a progress payment reaches the contract's wage account."""
    event = envelope.event
    assert isinstance(event, PaymentPaid)
    record_transfer(
        event.contract_number,
        event.wages_fen,
        event.number,
        envelope.occurred_at,
    )
