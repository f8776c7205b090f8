"""Guards of a contract's settlement, its retention and its end. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.errors import Refusal
from kernel.money import format_yuan, round_fen, to_yuan
from kernel.web import formats
from procurement.contracts.banks import receipt_key
from procurement.contracts.rules.common import ContractFacts, refusal, yuan


def settlement_is_something(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """A settlement is asked for at a sum."""
    if payload is not None and payload.claimed_fen <= 0:
        yield refusal(facts, "settlement_empty", "settle", "claimed_fen")


def checked_is_within_claim(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """What is undisputed and what is disputed are together no more than was asked for."""
    if payload is None:
        return
    if payload.checked_fen + payload.disputed_fen > facts.claimed_fen:
        yield refusal(
            facts, "checked_above_claim", "settle", "checked_fen",
            claimed=yuan(facts.claimed_fen),
            found=yuan(payload.checked_fen + payload.disputed_fen),
        )  # fmt: skip


def statement_is_signed(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A settlement is agreed when contractor, supervision and owner have signed its statement."""
    if not facts.statement_signed:
        yield refusal(facts, "statement_unsigned", "settle")


def retention_fen(settled_fen: int, percent: Decimal, greatest_percent: Decimal) -> int:
    """What is held back of a settled price: the agreed share, never above the lawful one."""
    return round_fen(to_yuan(settled_fen) * min(percent, greatest_percent) / 100)


def retention_goes_back_whole(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """The bank receipts show that all that was held back was paid."""
    if payload is None:
        return
    yield from receipts_are_sound(facts, payload)
    paid = sum(receipt.amount_fen for receipt in payload.receipts)
    if paid != facts.retention_fen:
        yield refusal(
            facts, "retention_not_whole", "retention", "receipts",
            held=yuan(facts.retention_fen), paid=yuan(paid),
        )  # fmt: skip


def retention_receipts_are_of_their_time(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """No receipt contradicts what is on record: nothing was held back, nor could go back, before
    the settlement was agreed. (No interest runs on it, so a day before its end saves nothing.)
    """
    if payload is None or facts.settled_on is None:
        return
    for index, receipt in enumerate(payload.receipts):
        if receipt.paid_on < facts.settled_on:
            yield refusal(
                facts, "retention_before_settlement", "retention", f"receipts.{index}.paid_on",
                day=receipt.paid_on.isoformat(), settled=facts.settled_on.isoformat(),
            )  # fmt: skip


def early_retention_was_agreed(facts: ContractFacts, payload: Any) -> Iterator[Refusal]:
    """Before the defect period ends retention goes back only as both agreed, who say why.

    Works whose acceptance was annulled have no defect period yet.
    """
    until = facts.retention_due_at
    if payload is not None and facts.retention_fen and facts.accepted_on is None:
        for field in ("reason", "file_sha256"):
            if not getattr(payload, field):
                yield refusal(facts, "retention_unaccepted", "retention", field)
        return
    if payload is None or until is None or facts.at >= until:
        return
    for field, what in (("reason", "retention_early"), ("file_sha256", "retention_unagreed")):
        if not getattr(payload, field):
            yield refusal(facts, what, "retention", field, until=formats.minute(until))


def receipts_are_sound(facts: Any, payload: Any) -> Iterator[Refusal]:
    """Bank receipts are not from tomorrow, and none is counted twice, here or for another sum."""
    seen = {receipt_key(bank, number) for bank, number in facts.used_receipts}
    for index, receipt in enumerate(payload.receipts if payload is not None else ()):
        if receipt.paid_on > facts.today:
            yield refusal(
                facts, "dated_ahead", "platform", f"receipts.{index}.paid_on",
                day=receipt.paid_on.isoformat(),
            )  # fmt: skip
        key = receipt_key(receipt.bank, receipt.number)
        if key in seen:
            yield refusal(
                facts, "receipt_twice", "platform", f"receipts.{index}.number",
                number=receipt.number,
            )  # fmt: skip
        seen.add(key)


def nothing_is_unpaid(facts: ContractFacts, _payload: Any) -> Iterator[Refusal]:
    """A contract ends when what was settled is paid, and every payment that was asked for."""
    if facts.open_payments:
        yield refusal(facts, "payments_open", "platform", numbers=list(facts.open_payments))
    if facts.unpaid_fen > 0:
        yield refusal(facts, "unpaid", "platform", unpaid=format_yuan(facts.unpaid_fen))


def deemed_at(silence_accepts: bool, reply_by: datetime) -> datetime | None:
    """When silence accepts a settlement: at the end of the reply period if the contract says so."""
    return reply_by if silence_accepts else None


def months_after(day: date, months: int) -> date:
    """The day so many months on; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
