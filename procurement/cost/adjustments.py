"""How contract prices are adjusted: by indices, by price information, by quantity. Pure, exact.

Money comes and goes in fen; indices, shares and percents are Decimals; each result is rounded once.
The formulas are those of GB 50500-2013, appendix A and 9.6, which GB/T 50500-2024 goes on with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.errors import Refused


@dataclass(frozen=True)
class Factor:
    """A variable factor of an index adjustment: weight B, index now and at the base date."""

    weight: Decimal
    current: Decimal
    base: Decimal


class QuantityOption(StrEnum):
    """How a quantity that grew too much is priced; the 2024 edition leaves it to the contract.

    FULL: all of it at the new price. SEGMENT: only what is beyond the deviation.
    """

    FULL = "full"
    SEGMENT = "segment"


def index_adjustment_fen(work_done_fen: int, constant: Decimal, factors: Sequence[Factor]) -> int:
    """ΔP = P0 · [A + Σ B_i · (Ft_i / F0_i) − 1], in fen; below zero in favour of the owner.

    work_done_fen: P0, work done without what was adjusted already. constant: A.
    Raises Refused ``procurement.price.weights_not_one``, ``index_not_positive``, ``negative``.
    """
    _not_negative(work_done=work_done_fen, constant=constant)
    total = constant + sum((factor.weight for factor in factors), Decimal(0))
    if total != 1:
        raise Refused.because("procurement.price.weights_not_one", sum=format(total, "f"))
    changed = Fraction(constant)
    for position, factor in enumerate(factors, start=1):
        _not_negative(weight=factor.weight)
        if factor.base <= 0 or factor.current <= 0:
            raise Refused.because("procurement.price.index_not_positive", position=position)
        changed += Fraction(factor.weight) * Fraction(factor.current) / Fraction(factor.base)
    return rounded(work_done_fen * (changed - 1))


def information_adjustment_fen(
    base_fen: int, bid_fen: int, current_fen: int, risk_percent: Decimal
) -> int:
    """What a material's unit price changes by, in fen: only the part beyond the agreed risk.

    base_fen: price information at the base date (b). bid_fen: in the bid (t). current_fen: price
    information now (c). A bid below the base bears a rise measured on b, a fall on t; one above
    it the other way round.
    """
    _not_negative(base=base_fen, bid=bid_fen, current=current_fen, risk=risk_percent)
    risk = Fraction(risk_percent) / 100
    ceiling = max(base_fen, bid_fen) * (1 + risk)
    floor = min(base_fen, bid_fen) * (1 - risk)
    if current_fen > ceiling:
        return rounded(current_fen - ceiling)
    if current_fen < floor:
        return rounded(current_fen - floor)
    return 0


def quantity_settlement_fen(
    bill_quantity: Decimal,
    done_quantity: Decimal,
    price_fen: int,
    new_price_fen: int,
    deviation_percent: Decimal,
    option: QuantityOption | None,
) -> int:
    """What an item is settled at when its quantity differs from the bill's, in fen.

    new_price_fen: the price agreed for what is beyond (P1). Within the deviation the bill's price
    stands. Fewer by more: all that was done at the new price. More by more: by ``option``, which
    has no default. Raises Refused ``procurement.price.option_missing``, ``negative``.
    """
    _not_negative(
        bill_quantity=bill_quantity, done_quantity=done_quantity, price=price_fen,
        new_price=new_price_fen, deviation=deviation_percent,
    )  # fmt: skip
    deviation = Fraction(deviation_percent) / 100
    planned, done = Fraction(bill_quantity), Fraction(done_quantity)
    most, least = planned * (1 + deviation), planned * (1 - deviation)
    if least <= done <= most:
        return rounded(done * price_fen)
    if done < least:
        return rounded(done * new_price_fen)
    if option is None:
        raise Refused.because("procurement.price.option_missing")
    if option is QuantityOption.FULL:
        return rounded(done * new_price_fen)
    return rounded(most * price_fen + (done - most) * new_price_fen)


def new_price_bounds_fen(
    ceiling_price_fen: int, discount: Decimal, deviation_percent: Decimal
) -> tuple[int, int]:
    """The least and the greatest new unit price (P1) after a change of quantity, in fen.

    ceiling_price_fen: the item's price in the ceiling bill (P2). discount: the bid's rate of
    reduction (l, 0.08 for eight percent): P2·(1−l)·(1−15 %) to P2·(1+15 %). Rounded inwards.
    """
    _not_negative(ceiling=ceiling_price_fen, discount=discount, deviation=deviation_percent)
    deviation = Fraction(deviation_percent) / 100
    low = ceiling_price_fen * (1 - Fraction(discount)) * (1 - deviation)
    high = ceiling_price_fen * (1 + deviation)
    return rounded(low, ROUND_CEILING), rounded(high, ROUND_FLOOR)


def new_price_fen(price_fen: int, bounds: tuple[int, int]) -> int:
    """The new unit price of an item: its own where it stands within the bounds, else the bound."""
    low, high = bounds
    return min(max(price_fen, low), high)


def percent_of(base_fen: int, rate: Decimal) -> int:
    """So many percent of a sum, rounded to the fen half away from zero."""
    return rounded(base_fen * Fraction(rate) / 100)


def rounded(exact: Fraction | int, mode: str = ROUND_HALF_UP) -> int:
    """Fen of an exact sum of fen: half away from zero unless told to round up or down."""
    exact = Fraction(exact)
    if mode == ROUND_CEILING:
        return -(-exact.numerator // exact.denominator)
    if mode == ROUND_FLOOR:
        return exact.numerator // exact.denominator
    half = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return half if exact >= 0 else -half


def _not_negative(**values: int | Decimal) -> None:
    for name, value in values.items():
        if isinstance(value, float):
            raise TypeError("money is never counted in floats")
        if value < 0:
            raise Refused.because("procurement.price.negative", field=name, name=name)
