"""The day that a bank receipt names: what is on record may contradict it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from kernel.errors import Refusal


class Facts(Protocol):
    """The part of the facts of a payment that these rules look at."""

    @property
    def articles(self) -> Mapping[str, str]:
        """What refusals rest on."""

    @property
    def approved_on(self) -> date | None:
        """The day of the approval."""

    @property
    def overdue_since(self) -> date | None:
        """The day from which interest runs."""

    @property
    def disputed_on(self) -> date | None:
        """The day on which the payer said what it leaves unpaid, where that is what is left."""


def _refusal(facts: Facts, what: str, cite: str, field: str, **said: str) -> Refusal:
    return Refusal(f"procurement.payment.{what}", said, facts.articles[cite], field)


def receipts_are_of_their_time(facts: Facts, payload: Any) -> Iterator[Refusal]:
    """No receipt contradicts what is on record, and none saves interest by its payer's word alone.

    Nothing was paid before it was approved, nor before the day on which its payer said that it was
    unpaid. Whoever is late and names a day before interest runs shows the bank's own paper.
    """
    for index, receipt in enumerate(payload.receipts if payload is not None else ()):
        day, field = receipt.paid_on, f"receipts.{index}.paid_on"
        if facts.approved_on is not None and day < facts.approved_on:
            said = {"day": day.isoformat(), "approved": facts.approved_on.isoformat()}
            yield _refusal(facts, "paid_before_approval", "form", field, **said)
        elif facts.disputed_on is not None and day < facts.disputed_on:
            said = {"day": day.isoformat(), "disputed": facts.disputed_on.isoformat()}
            yield _refusal(facts, "paid_before_dispute", "undisputed", field, **said)
        elif facts.overdue_since and day < facts.overdue_since and not receipt.file_sha256:
            said = {"day": day.isoformat(), "since": facts.overdue_since.isoformat()}
            yield _refusal(
                facts, "receipt_unshown", "late_interest", f"receipts.{index}.file_sha256", **said
            )
