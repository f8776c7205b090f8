"""What a bid asks of other rooms: they answer, this room does not import them.

Whoever registers an answer is asked; where nobody does, nothing stands against a bid and no credit
certificate is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kernel.errors import Refusal
from procurement.bids.lots import Lot


@dataclass(frozen=True)
class Credit:
    """A credit certificate at an opening. value in hundredths of a point; hashes in hex."""

    value: int
    day: date
    scheme_sha256: str
    certificate_sha256: str


Barred = Callable[[str, Lot, datetime], Iterable[Refusal]]
CreditOf = Callable[[str, str, datetime], Credit | None]


def _nothing(_uscc: str, _lot: Lot, _at: datetime) -> Iterable[Refusal]:
    return ()


def _none(_uscc: str, _lot: str, _at: datetime) -> Credit | None:
    return None


_barred: Barred = _nothing
_credit: CreditOf = _none


def answer(*, barred: Barred | None = None, credit: CreditOf | None = None) -> None:
    """Register who answers.

    barred: (uscc, lot, at) -> why it may not bid. credit: (uscc, lot number, at) -> certificate.
    """
    global _barred, _credit
    _barred = barred or _barred
    _credit = credit or _credit


def barred(uscc: str, lot: Lot, at: datetime) -> tuple[Refusal, ...]:
    """Why an enterprise may not bid for a lot at a legal moment; empty where it may."""
    return tuple(_barred(uscc, lot, at))


def credit(uscc: str, lot: str, at: datetime) -> Credit | None:
    """Its credit certificate at a lot's opening, where somebody gives one."""
    return _credit(uscc, lot, at)
