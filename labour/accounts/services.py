"""Writes of wage accounts: opened, paid into, closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kernel.errors import Refused
from kernel.events.labour import WageAccountOpened
from kernel.events.procurement_completion import CompletionUseStopped
from kernel.events.procurement_contracts import ContractTerminated, PaymentWagesPaid
from kernel.events.procurement_works import WorksAccepted, WorksStarted
from kernel.events.registry import DomainEvent, Envelope, subscribe
from kernel.parties.models import Organisation
from kernel.regulation.due import due
from kernel.workflow.following import follow
from kernel.workflow.machines import Doing
from labour.accounts import rules
from labour.accounts import selectors as accounts
from labour.accounts.machine import ACCOUNT, CLOSING
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
    if sites.is_being_built(contract.number):
        _next_transfer(case, doing.at)
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


@ACCOUNT.effect("object")
def _object(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    # What ran out meanwhile was nobody's fault; the month begins again.
    if case.transfer_due_at is not None:
        _next_transfer(case, doing.at)
    return []


@ACCOUNT.effect("close")
def _close(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    said = doing.payload
    # Money that arrived since the guards looked: the account is held, and asked again.
    accounts.hold(case.contract_number)
    left = accounts.balance_fen(case.contract_number)
    if reasons := list(rules.rest_is_booked_out(replace(doing.facts, balance_fen=left), said)):
        raise Refused(reasons)
    case.rest_fen, case.rest_receipt = said.rest_fen, said.rest_receipt
    if said.rest_fen:
        AccountEntry.objects.create(
            contract_number=case.contract_number,
            amount_fen=-said.rest_fen,
            receipt=said.rest_receipt,
            at=doing.at,
        )
    return []


def _next_transfer(case: WageAccount, since: datetime) -> None:
    """Labour cost is transferred at least once a month (``wage.labour_transfer``)."""
    case.transfer_due_at = due(
        since, "wage.labour_transfer", region=case.region, provisional=True
    ).at


@ACCOUNT.effect("start_transfers")
@ACCOUNT.effect("resume")
def _start(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    if case.transfer_due_at is None:
        _next_transfer(case, doing.at)
    return []


@ACCOUNT.effect("credit")
def _credit(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    said = doing.payload
    for one in said.transfers:
        record_transfer(case.contract_number, one.amount_fen, one.number, doing.at, said.payer)
    if case.transfer_due_at is not None:
        _next_transfer(case, doing.at)
    return []


@ACCOUNT.effect("contradict")
def _contradict(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    """The bank never saw it: it is taken off the account, and the month is without it.

    Its clock runs again as if the transfer had not been told; where that time is over by now, the
    month was missed. What is told stays on record, and who said otherwise beside it.
    """
    accounts.hold(case.contract_number)
    told = accounts.told_transfer(case.contract_number, doing.payload.receipt_number)
    assert told is not None
    if accounts.balance_fen(case.contract_number) < told.amount_fen:
        articles = doing.facts.articles
        raise Refused.because(
            "labour.wage_account.spent", articles["account_use"], "receipt_number",
            number=told.receipt,
        )  # fmt: skip
    AccountEntry.objects.create(
        contract_number=case.contract_number,
        amount_fen=-told.amount_fen,
        receipt=accounts.contradiction_of(told.receipt),
        payer=told.payer,
        at=doing.at,
    )
    if case.transfer_due_at is None:
        return []
    _next_transfer(case, accounts.last_transfer_at(case.contract_number) or told.at)
    if case.transfer_due_at <= doing.at:
        case.transfers_missed += 1
        _next_transfer(case, doing.at)
    return []


@ACCOUNT.effect("miss_transfer")
def _miss(case: WageAccount, doing: Doing) -> list[DomainEvent]:
    case.transfers_missed += 1
    # The clock ends at 24:00 of its last day, and the next month is counted from that day.
    _next_transfer(case, doing.at - timedelta(microseconds=1))
    return []


@ACCOUNT.effect("end_transfers")
def _end(case: WageAccount, _doing: Doing) -> list[DomainEvent]:
    case.transfer_due_at = None
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


@subscribe(PaymentWagesPaid, "labour.accounts.transfer")
def labour_cost_arrives(envelope: Envelope, _prepared: Any) -> None:
    """The wage share of a payment reaches the contract's wage account, the rest paid or not."""
    event = envelope.event
    assert isinstance(event, PaymentWagesPaid)
    account = accounts.in_force(event.contract_number)
    if account is None:
        for one in event.transfers:
            record_transfer(
                event.contract_number, one["amount_fen"], one["number"], envelope.occurred_at,
                event.payer,
            )  # fmt: skip
        return
    said = {"payment": event.number, "payer": event.payer, "transfers": event.transfers}
    _follow(envelope, account, "credit", said)


@subscribe(WorksStarted, "labour.accounts.started")
def transfers_begin(envelope: Envelope, _prepared: Any) -> None:
    """From the start of works on, labour cost is due every month."""
    event = envelope.event
    assert isinstance(event, WorksStarted)
    if (account := accounts.in_force(event.contract_number)) is not None:
        _follow(envelope, account, "start_transfers")


@subscribe(WorksAccepted, "labour.accounts.accepted")
def transfers_end(envelope: Envelope, _prepared: Any) -> None:
    """Once all works of a contract are accepted, nobody works there to be paid every month."""
    event = envelope.event
    assert isinstance(event, WorksAccepted)
    account = accounts.in_force(event.contract_number)
    # Deliveries have no order: whether these works are known as accepted yet, says nothing.
    others = sites.is_being_built(event.contract_number, but=event.number)
    annulled = sites.is_annulled(event.number, envelope.occurred_at)
    if account is not None and not others and not annulled:
        _follow(envelope, account, "end_transfers")


@subscribe(ContractTerminated, "labour.accounts.contract_terminated")
def transfers_end_with_the_contract(envelope: Envelope, _prepared: Any) -> None:
    """A contract that was ended owes no further month; what is owed by then stays owed."""
    event = envelope.event
    assert isinstance(event, ContractTerminated)
    account = accounts.in_force(event.number)
    if account is not None and account.transfer_due_at is not None:
        _follow(envelope, account, "end_transfers")


@subscribe(CompletionUseStopped, "labour.accounts.acceptance_annulled")
def transfers_go_on(envelope: Envelope, _prepared: Any) -> None:
    """What is to be mended and accepted again is worked on: labour cost is due again.

    An account that was announced to be closed, because the works were complete, stays in use.
    """
    event = envelope.event
    assert isinstance(event, CompletionUseStopped)
    site = sites.site(event.works_number)
    account = accounts.in_force(site.contract_number) if site else None
    if account is not None:
        _follow(envelope, account, "resume" if account.state == CLOSING else "start_transfers")


def _follow(envelope: Envelope, account: WageAccount, act: str, payload: Any = None) -> None:
    follow(
        ACCOUNT.code, account.pk, act,
        key=f"event:{envelope.id}", at=envelope.occurred_at, payload=payload,
    )  # fmt: skip
