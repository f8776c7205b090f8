"""Reads of wage accounts, and the one load of facts that their guards look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Sum

from credit.citing import language
from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import scans
from kernel.parties.models import Membership
from kernel.regulation.due import earliest_allowed
from labour import citing
from labour.accounts.machine import ACCOUNT, CLOSED, CLOSING
from labour.accounts.models import AccountEntry, WageAccount
from labour.accounts.rules import AccountFacts
from labour.accounts.schemas import ClosePayload, ContradictPayload, OpenPayload, ReceivePayload
from labour.sites import selectors as sites


@ACCOUNT.facts
def facts(case: Any, at: datetime, payload: Any, actor: Actor | None) -> AccountFacts:
    """Everything that the guards of a wage account look at."""
    day = clock.legal_date(at)
    asked = payload if isinstance(payload, OpenPayload) else None
    contract = sites.contract(asked.contract_number) if asked else None
    return AccountFacts(
        today=day,
        now=at,
        contract_found=contract is not None
        and actor is not None
        and contract.contractor_uscc == actor.uscc,
        signed_on=clock.legal_date(contract.signed_at) if contract else None,
        taken=asked is not None and in_force(asked.contract_number) is not None,
        bank_found=asked is not None and _keeps_accounts(asked.bank_uscc),
        receipt_taken=_receipt_taken(case, payload),
        missing_files=_missing(asked, actor),
        arrears=_arrears(case),
        closes_from=_closes_from(case),
        balance_fen=balance_fen(case.contract_number) if case.pk else 0,
        transfers_go_on=case.pk is not None and case.transfer_due_at is not None,
        told_fen=_told_fen(case, payload),
        contradicted=isinstance(payload, ContradictPayload)
        and is_contradicted(case.contract_number, payload.receipt_number),
        articles=citing.articles(day, language()),
    )


def _told_fen(case: Any, payload: Any) -> int:
    if not isinstance(payload, ContradictPayload):
        return 0
    told = told_transfer(case.contract_number, payload.receipt_number)
    return told.amount_fen if told else 0


def _receipt_taken(case: Any, payload: Any) -> bool:
    if isinstance(payload, ReceivePayload):
        receipt = payload.receipt_number
    else:
        receipt = payload.rest_receipt if isinstance(payload, ClosePayload) else ""
    return bool(receipt) and has_receipt(case.contract_number, receipt)


def _keeps_accounts(bank_uscc: str) -> bool:
    found = Membership.objects.filter(organisation__uscc=bank_uscc, role="bank_clerk")
    return bool(found.exists())


def _missing(asked: OpenPayload | None, actor: Actor | None) -> frozenset[str]:
    if asked is None or actor is None or not asked.confirmation_sha256:
        return frozenset()
    return scans.missing(actor.organisation_id, {asked.confirmation_sha256})


def _arrears(case: Any) -> tuple[str, ...]:
    # Asked here and not at import: payrolls are paid from accounts, so they stand above.
    from labour.payroll.selectors import unpaid_of_contract

    return tuple(unpaid_of_contract(case.contract_number)) if case.pk else ()


def _closes_from(case: Any) -> datetime | None:
    if case.state != CLOSING or case.announced_at is None:
        return None
    found = earliest_allowed(
        case.announced_at, "wage.account_close.publicity", region=case.region, provisional=True
    )
    return found.at


def in_force(contract_number: str) -> WageAccount | None:
    """The wage account of a contract that wages are paid from, or None."""
    found: WageAccount | None = (
        WageAccount.objects.filter(contract_number=contract_number).exclude(state=CLOSED).first()
    )
    return found


def hold(contract_number: str) -> None:
    """Let nobody else pay from a contract's account before the open transaction ends."""
    accounts = WageAccount.objects.filter(contract_number=contract_number)
    list(accounts.select_for_update().values_list("pk"))


def has_receipt(contract_number: str, receipt: str) -> bool:
    """Whether a bank's receipt is on record for a contract."""
    found = AccountEntry.objects.filter(contract_number=contract_number, receipt=receipt)
    return bool(found.exists())


_CONTRADICTED = "contra:"


def contradiction_of(receipt: str) -> str:
    """The receipt under which a transfer is taken off again that the bank never saw."""
    return f"{_CONTRADICTED}{receipt}"[:200]


def contradicted_by(receipt: str) -> str:
    """Of which receipt such an entry says that its money never arrived; "" for another entry."""
    return receipt.removeprefix(_CONTRADICTED) if receipt.startswith(_CONTRADICTED) else ""


def told_transfer(contract_number: str, receipt: str) -> AccountEntry | None:
    """A transfer that came to the account by somebody's word of a receipt, or None."""
    found: AccountEntry | None = AccountEntry.objects.filter(
        contract_number=contract_number, receipt=receipt, amount_fen__gt=0
    ).first()
    return found


def is_contradicted(contract_number: str, receipt: str) -> bool:
    """Whether the bank said that a receipt's money never arrived."""
    return has_receipt(contract_number, contradiction_of(receipt))


def last_transfer_at(contract_number: str) -> datetime | None:
    """When money last came that the bank did not contradict; None where none did."""
    rows = AccountEntry.objects.filter(contract_number=contract_number)
    entries = list(rows.order_by("-at", "-pk").values_list("receipt", "amount_fen", "at"))
    taken_off = {receipt for receipt, amount, _at in entries if amount < 0}
    came = (
        at
        for receipt, amount, at in entries
        if amount > 0 and contradiction_of(receipt) not in taken_off
    )
    return next(came, None)


def balance_fen(contract_number: str) -> int:
    """What is on the account of a contract: the sum of all that came in and went out.

    An account that is closed leaves nothing behind: ``close`` books out what was left.
    """
    entries = AccountEntry.objects.filter(contract_number=contract_number)
    return int(entries.aggregate(sum=Sum("amount_fen"))["sum"] or 0)
