"""What a payment is due at, and what late payment costs. Pure, exact; money in fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from procurement.contracts.needs import BillLine
from procurement.cost.adjustments import rounded
from procurement.cost.payments import most_payable_fen

PROGRESS, PREPAYMENT, SETTLEMENT = "progress", "prepayment", "settlement"


@dataclass(frozen=True)
class Terms:
    """What of a contract decides its payments; percents as the contract has them.

    settled_fen, retention_fen: after the settlement, else 0.
    """

    price_fen: int
    provisional_fen: int
    progress_percent: Decimal
    prepayment_percent: Decimal
    retention_percent: Decimal
    performance_percent: Decimal
    wage_percent: Decimal
    settled_fen: int = 0
    retention_fen: int = 0


@dataclass(frozen=True)
class Before:
    """What the contract's other approved payments came to.

    earned_fen: work, variations and adjustments of the progress payments; gross_fen: what was due
    for it before anything was taken off; prepaid_fen, recovered_fen: prepayment; due_fen: all of
    every kind.
    """

    earned_fen: int = 0
    gross_fen: int = 0
    prepaid_fen: int = 0
    recovered_fen: int = 0
    due_fen: int = 0


@dataclass(frozen=True)
class Sums:
    """A payment's sums. due: what is to be paid; wages: the part of it that goes out first."""

    work_fen: int = 0
    variations_fen: int = 0
    adjustments_fen: int = 0
    gross_fen: int = 0
    recovery_fen: int = 0
    retention_fen: int = 0
    owner_supplied_fen: int = 0
    penalties_fen: int = 0
    due_fen: int = 0
    wages_fen: int = 0

    @property
    def earned_fen(self) -> int:
        """Work, variations and adjustments together."""
        return self.work_fen + self.variations_fen + self.adjustments_fen


def work_fen(
    lines: Iterable[tuple[str, Decimal]],
    bill: Mapping[str, BillLine],
    measured: Mapping[str, Decimal] = MappingProxyType({}),
) -> int:
    """What the measured quantities come to at the bill's unit prices; unknown codes are 0.

    measured: quantities of earlier periods. Each item is counted on its quantity so far, so that
    many small measurements never come to more than one great one.
    """
    total, so_far = 0, dict(measured)
    for code, quantity in lines:
        if code in bill:
            before = Fraction(so_far.get(code, Decimal(0)))
            so_far[code] = so_far.get(code, Decimal(0)) + quantity
            price = bill[code].price_fen
            total += rounded((before + Fraction(quantity)) * price) - rounded(before * price)
    return total


def progress(
    terms: Terms,
    before: Before,
    *,
    work: int,
    variations: int,
    adjustments: int,
    owner_supplied: int = 0,
    penalties: int = 0,
) -> Sums:
    """A progress payment: the agreed share of all that was earned so far, less what was due before.

    due = r·Σ(work + variations + adjustments) − due before − recovery of the prepayment
    − retention − owner-supplied materials − penalties. Counted on the sum so far, never on the
    period alone, so that no rounding ever pays above the share. Retention is held back here only
    where no performance security was asked for: the law does not allow both at once.
    """
    earned = work + variations + adjustments
    gross = most_payable_fen(terms.progress_percent, before.earned_fen + earned) - before.gross_fen
    retention = 0
    if not terms.performance_percent and earned > 0:
        retention = rounded(earned * Fraction(terms.retention_percent) / 100)
    taken = retention + owner_supplied + penalties
    recovery = recovery_fen(terms, before, earned, most=max(gross - taken, 0))
    due = gross - taken - recovery
    return Sums(
        work_fen=work,
        variations_fen=variations,
        adjustments_fen=adjustments,
        gross_fen=gross,
        recovery_fen=recovery,
        retention_fen=retention,
        owner_supplied_fen=owner_supplied,
        penalties_fen=penalties,
        due_fen=due,
        wages_fen=wages_fen(terms, earned, due),
    )


def recovery_fen(terms: Terms, before: Before, earned: int, *, most: int) -> int:
    """What of the prepayment is recovered: in the proportion in which the price is earned."""
    left = before.prepaid_fen - before.recovered_fen
    if left <= 0 or earned <= 0 or terms.price_fen <= 0:
        return 0
    return min(left, most, rounded(Fraction(before.prepaid_fen * earned, terms.price_fen)))


def wages_fen(terms: Terms, base: int, due: int) -> int:
    """The wage share of what was earned; never more than is due."""
    return max(min(rounded(max(base, 0) * Fraction(terms.wage_percent) / 100), due), 0)


def prepayment(terms: Terms) -> Sums:
    """The prepayment: its share of the price without provisional sums."""
    base = terms.price_fen - terms.provisional_fen
    due = rounded(base * Fraction(terms.prepayment_percent) / 100)
    return Sums(gross_fen=due, due_fen=due, wages_fen=wages_fen(terms, due, due))


def settlement(terms: Terms, before: Before) -> Sums:
    """The final payment: the settled price less all that was due before, less retention held."""
    rest = terms.settled_fen - before.due_fen
    due = rest - terms.retention_fen
    return Sums(
        gross_fen=rest,
        retention_fen=terms.retention_fen,
        due_fen=due,
        wages_fen=wages_fen(terms, due, due),
    )


def ceiling_fen(terms: Terms, approved_changes_fen: int) -> int:
    """What all payments together may come to: the price and its approved changes; once settled,
    the settled price less the retention that is held.
    """
    if terms.settled_fen:
        return terms.settled_fen - terms.retention_fen
    return terms.price_fen + approved_changes_fen


def daily_percents(
    days: int,
    *,
    agreed_year: Decimal | None,
    sme: bool,
    sme_daily: Decimal,
    prime: Sequence[Decimal],
    days_of_year: Decimal,
) -> list[Fraction]:
    """The rate of late interest of each day, in percent a day.

    Agreed rate; else the law's own for small and medium-sized enterprises; else the loan prime
    rate of that day. prime: a rate a year for each day, in percent.
    """
    if agreed_year is not None:
        return [Fraction(agreed_year) / Fraction(days_of_year)] * days
    if sme:
        return [Fraction(sme_daily)] * days
    return [Fraction(rate) / Fraction(days_of_year) for rate in prime[:days]]


def interest_fen(amount_fen: int, percents: Iterable[Fraction]) -> int:
    """Simple interest on a sum that is paid late, rounded once."""
    return rounded(max(amount_fen, 0) * sum(percents, Fraction(0)) / 100)
