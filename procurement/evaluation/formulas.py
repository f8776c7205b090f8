"""Price formulas by name, and points: pure. The rule set ``values.evaluation`` picks by name.

Everything is counted exactly in fractions and rounded once, half away from zero, to two decimals.
Points and percent are integers of hundredths; prices are integer fen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

HUNDRED = 100


def hundredths(exact: Fraction) -> int:
    """An exact number in hundredths, rounded half away from zero, once."""
    scaled = exact * HUNDRED
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return -whole if scaled < 0 else whole


def fen(exact: Fraction) -> int:
    """An exact number of fen as whole fen, rounded half away from zero."""
    return hundredths(exact / HUNDRED)


def points(number: int) -> str:
    """Hundredths as people read them: 48.55."""
    return f"{Decimal(number).scaleb(-2):.2f}"


def parse_points(value: Decimal) -> int:
    """Points with at most two decimals as hundredths; more decimals are a ValueError."""
    scaled = value.scaleb(2)
    if scaled != scaled.to_integral_value(rounding=ROUND_HALF_UP):
        raise ValueError("more than two decimals")
    return int(scaled)


def trimmed_mean(prices: Sequence[int], trim_above: int) -> Fraction:
    """M1: the mean without one highest and one lowest where there are more than ``trim_above``."""
    kept = sorted(prices)
    if len(kept) > trim_above and len(kept) > 2:
        kept = kept[1:-1]
    return Fraction(sum(kept), len(kept))


def _m1(prices: Sequence[int], trim_above: int, _factor: int | None) -> Fraction:
    return trimmed_mean(prices, trim_above)


def _m2(prices: Sequence[int], trim_above: int, factor: int | None) -> Fraction:
    """M2: M1 less a drawn share; factor in hundredths of one percent (50 = 0.5 %)."""
    if factor is None:
        raise ValueError("the factor was not drawn")
    return trimmed_mean(prices, trim_above) * (1 - Fraction(factor, HUNDRED * HUNDRED))


Benchmark = Callable[[Sequence[int], int, "int | None"], Fraction]

BENCHMARKS: Mapping[str, Benchmark] = {
    "trimmed_mean": _m1,
    "trimmed_mean_less_factor": _m2,
}
NEEDS_FACTOR = frozenset({"trimmed_mean_less_factor"})


def deviation(price_fen: int, benchmark: Fraction) -> int:
    """How far a price is from the benchmark, in hundredths of one percent: (P-B)/B * 100."""
    return hundredths((price_fen - benchmark) / benchmark * HUNDRED)


def price_points(off: int, full: int, rise: int, fall: int) -> int:
    """S = F - k*|d|, held between 0 and F. All in hundredths; off as :func:`deviation` gives it."""
    lost = Fraction(abs(off) * (rise if off >= 0 else fall), HUNDRED * HUNDRED)
    return max(0, min(full, hundredths(Fraction(full, HUNDRED) - lost)))


def credit_points(value: int, full_value: int, marks: int) -> int:
    """w * C / C_full, held between 0 and w. All in hundredths."""
    return max(0, min(marks, hundredths(Fraction(value * marks, full_value * HUNDRED))))


def mean_points(totals: Sequence[int]) -> int:
    """The mean of what members gave, in hundredths."""
    return hundredths(Fraction(sum(totals), len(totals) * HUNDRED))
