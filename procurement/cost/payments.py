"""What a progress payment is due at. Pure, exact.

due_k = r · (work done + approved variations + price adjustment) − recovery of prepayment
− owner-supplied materials − retention − penalties.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from kernel.errors import Refused
from procurement.cost.adjustments import rounded


@dataclass(frozen=True)
class Period:
    """What one period of payment rests on, in fen.

    Work, variations and adjustment of this period (the latter two may be below zero); what is
    taken off is never below zero.
    """

    work_done_fen: int
    variations_fen: int = 0
    price_adjustment_fen: int = 0
    prepayment_recovery_fen: int = 0
    owner_supplied_fen: int = 0
    retention_fen: int = 0
    penalties_fen: int = 0

    @property
    def earned_fen(self) -> int:
        """Work, variations and adjustment together."""
        return self.work_done_fen + self.variations_fen + self.price_adjustment_fen

    @property
    def taken_off_fen(self) -> int:
        """All that is taken off."""
        return (
            self.prepayment_recovery_fen
            + self.owner_supplied_fen
            + self.retention_fen
            + self.penalties_fen
        )


def progress_payment_fen(rate_percent: Decimal, period: Period) -> int:
    """What is due for a period, in fen; below zero where more is taken off than was earned.

    What is below zero is carried to the next period by the caller. Raises Refused
    ``procurement.price.negative``.
    """
    for part in fields(period):
        signed = part.name in ("variations_fen", "price_adjustment_fen")
        if not signed and getattr(period, part.name) < 0:
            raise Refused.because("procurement.price.negative", field=part.name, name=part.name)
    if rate_percent < 0:
        raise Refused.because("procurement.price.negative", field="rate", name="rate")
    share = Fraction(rate_percent) / 100
    return rounded(share * period.earned_fen) - period.taken_off_fen


def most_payable_fen(rate_percent: Decimal, earned_fen: int) -> int:
    """The greatest sum of all progress payments so far: r · ΣW, rounded down to the fen."""
    exact = Fraction(rate_percent) / 100 * earned_fen
    return exact.numerator // exact.denominator
