"""What contracts ask of other rooms: the award, securities, bills. Plain values. Pure.

Who answers is named at start-up (``sources``), so that this room runs in tests without the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from kernel.errors import Unavailable


@dataclass(frozen=True)
class Award:
    """What a lot was awarded on. Money in fen.

    lot_ref: the lot's case, for links. price_fen .. project_manager: as the winner bid them.
    bid_bill_sha256: the winner's priced bill. terms: what the tender documents fix for the
    contract, by the contract's own field names; what they leave open is not in it. void: an
    authority found the winner's bid void since.
    """

    lot_id: int
    lot_ref: str
    lot_number: str
    project_number: str
    region: str
    works_name: str
    owner_uscc: str
    winner_uscc: str
    price_fen: int
    period_days: int
    quality: str
    project_manager: str
    boq_standard: str
    bid_bill_sha256: str
    awarded_at: datetime
    terms: Mapping[str, str | Decimal] = field(default_factory=dict)
    void: bool = False


@dataclass(frozen=True)
class BillLine:
    """An item of the contract's bill: quantity, unit price in fen."""

    code: str
    name: str
    unit: str
    quantity: Decimal
    price_fen: int


Answer = TypeVar("Answer", bound=Callable[..., object])


class Need(Generic[Answer]):
    """A question to another room and whoever answers it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._answer: Answer | None = None

    def answered_by(self, answer: Answer) -> Answer:
        """Name who answers; the last one named does."""
        self._answer = answer
        return answer

    @property
    def ask(self) -> Answer:
        """Who answers. Raises Unavailable ``procurement.contract.nobody_answers``."""
        if self._answer is None:
            raise Unavailable.because("procurement.contract.nobody_answers", what=self._name)
        return self._answer


award: Need[Callable[[str], Award | None]] = Need("award")
"""(lot number) -> the award, or None where the lot is unknown or not awarded."""

securities_fen: Need[Callable[[str, str, str, datetime], int]] = Need("securities")
"""(kind, contract number, principal's credit code, at) -> the sum in force of its securities.

kind: ``performance``, which the contractor gives, or ``payment``, which the owner gives.
"""

wage_account: Need[Callable[[str], str]] = Need("wage_account")
"""(contract number) -> the number of its wage account that is in force; empty where it has none."""

bill: Need[Callable[[str], Mapping[str, BillLine]]] = Need("bill")
"""(sha256 of a priced bill) -> its items by code; empty where nobody knows the bill."""

bill_size: Need[Callable[[str], int]] = Need("bill")
"""(sha256 of a priced bill) -> how many items ``bill`` answers with; it need not read them."""
