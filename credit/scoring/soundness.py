"""Whether a scheme as a whole can be computed, and every row of it is heeded. Pure.

What each row may say by itself stands in :mod:`credit.scoring.kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator

from credit.scoring import rules
from kernel.regulation.rows import Fault

# What the formula of sections reads of a scheme's values.
_OF_SECTIONS = ("section.start", "section.floor", "weight.bidding", "weight.performance")


def faults(scheme: rules.Scheme) -> Iterator[Fault]:
    """What the engine needs and does not find, what it finds and does not heed, what is absurd."""
    yield from _bounds(scheme)
    yield from _bands(scheme)
    yield from _items(scheme)
    if scheme.inertia_steps and not scheme.inertia_months:
        yield _missing("inertia.months")
    if not scheme.inertia_steps:
        yield from _unheeded(scheme, "inertia.months")
    if scheme.formula == "sections":
        yield from _sections(scheme)
    else:
        yield from _limits(scheme)
        yield from _unheeded(scheme, *_OF_SECTIONS)


def _of(row: str, kind: str, key: str = "value") -> Fault:
    return Fault(f"{row}: {kind}", kind, row=row, key=key)


def _missing(row: str) -> Fault:
    return Fault(f"{row} is needed", "missing_row", row=row)


def _unheeded(scheme: rules.Scheme, *rows: str) -> Iterator[Fault]:
    return (_of(row, "unheeded") for row in rows if row in scheme.values)


def _bounds(scheme: rules.Scheme) -> Iterator[Fault]:
    lower, upper = scheme.lower, scheme.upper
    if lower is not None and upper is not None and lower > upper:
        yield _of("bound.lower", "bounds_crossed")
    elif (lower is not None and scheme.base < lower) or (upper is not None and scheme.base > upper):
        yield _of("base", "base_outside")


def _bands(scheme: rules.Scheme) -> Iterator[Fault]:
    if not scheme.bands:
        yield Fault("a scheme has bands", "no_bands")
        return
    least_of_all = scheme.bands[-1]
    if scheme.lower is not None and least_of_all[1] > scheme.lower:
        yield _of(f"band.{least_of_all[0]}", "band_above_lower")
    above: set[int] = set()
    for grade, least in scheme.bands:
        if least in above:
            yield _of(f"band.{grade}", "band_twice")
        if scheme.upper is not None and least > scheme.upper:
            yield _of(f"band.{grade}", "band_unreached")
        above.add(least)


def _items(scheme: rules.Scheme) -> Iterator[Fault]:
    if not scheme.items and scheme.formula == "ledger":
        yield Fault("a scheme has items", "no_items")
    vetoes = [item for item in scheme.items.values() if item.veto]
    if vetoes and "veto.cap" not in scheme.values:
        yield _of(f"item.{vetoes[0].code}", "veto_without_cap", "veto")
    if not vetoes and "veto.cap" in scheme.values:
        yield _of("veto.cap", "limits_nothing")


def _limits(scheme: rules.Scheme) -> Iterator[Fault]:
    """Caps and floors go their own way, and limit something that the scheme has."""
    good = {item.category for item in scheme.items.values() if item.points > 0}
    bad = {item.category for item in scheme.items.values() if item.points < 0}
    if scheme.good_cap is not None and scheme.good_cap < 0:
        yield _of("cap.good", "cap_below_nought")
    for category, most in scheme.caps.items():
        if most < 0:
            yield _of(f"cap.{category}", "cap_below_nought")
        elif category not in good:
            yield _of(f"cap.{category}", "limits_nothing")
    for category, most in scheme.floors.items():
        if most > 0:
            yield _of(f"floor.{category}", "floor_above_nought")
        elif category not in bad:
            yield _of(f"floor.{category}", "limits_nothing")


def _sections(scheme: rules.Scheme) -> Iterator[Fault]:
    """The formula of sections takes losses whole, within periods: no caps, no decay, no lag."""
    if not scheme.mean_months:
        yield _missing("mean.months")
    for row in _OF_SECTIONS:
        if row not in scheme.values:
            yield _missing(row)
        elif row.startswith("weight.") and not scheme.values[row]:
            yield _of(row, "weight_nought")
    limits = [row for row in scheme.values if row.startswith(("cap.", "floor."))]
    yield from _unheeded(scheme, "lag.days", *limits)
    for item in scheme.items.values():
        if item.decay != "step":
            yield _of(f"item.{item.code}", "unheeded_decay", "decay")
