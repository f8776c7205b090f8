"""The same score for a whole population: whole numbers in columns, to the last bit.

:func:`credit.scoring.rules.score` is the meaning; this is its total for every enterprise at once,
without the list of contributions. Sums stay below 2^53, so that they are exact in whatever order
they are added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from credit.scoring import rules

Column = npt.NDArray[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = np.iinfo(np.int64).max
# A day that never comes: of a fact that its scheme alone ends.
FOREVER = np.iinfo(np.int32).max


def micros(at: datetime) -> int:
    """An instant in microseconds since 1970 UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Ledger:
    """A population's facts, a row each, in the order of their ids; columns of equal length.

    holder: the enterprise's place in ``holders``; item: the place in ``items``; fact: the same
    number for the same fact of one holder; effective: day number (proleptic ordinal); recorded,
    revoked: microseconds since 1970, :data:`NEVER` where nothing revokes it; points, days: as a
    document states them, else nought. until: day number from which it weighs no more,
    :data:`FOREVER` where the scheme alone says; empty where that is so of all.
    """

    holders: Sequence[str]
    items: Sequence[str]
    holder: Column
    item: Column
    fact: Column
    effective: Column
    recorded: Column
    revoked: Column
    points: Column
    days: Column
    until: Column = field(default_factory=lambda: np.empty(0, np.int32))
    # Rows whose fact stands more than once: the only ones among which the gravest is looked for.
    repeated: Column = field(default_factory=lambda: np.empty(0, bool), repr=False)

    def __post_init__(self) -> None:
        if len(self.repeated) != len(self.holder):
            object.__setattr__(self, "repeated", _repeated(self.holder, self.fact))

    def __len__(self) -> int:
        return len(self.holder)


def ledger_of(entries: Mapping[str, Sequence[rules.Entry]]) -> Ledger:
    """A ledger out of entries by enterprise."""
    rows: list[tuple[int, ...]] = []
    items: dict[str, int] = {}
    for place, (_holder, facts) in enumerate(entries.items()):
        groups: dict[str, int] = {}
        revoked: dict[int, int] = {}
        for each in facts:
            if each.revokes:
                at = micros(each.recorded_at)
                revoked[each.revokes] = min(at, revoked.get(each.revokes, at))
        rows += [
            (
                place, items.setdefault(each.item, len(items)),
                groups.setdefault(each.group, len(groups)), each.effective_on.toordinal(),
                micros(each.recorded_at), revoked.get(each.id, int(NEVER)),
                each.points, each.days, each.until.toordinal() if each.until else int(FOREVER),
            )
            for each in sorted(facts, key=lambda entry: entry.id)
            if not each.revokes
        ]  # fmt: skip
    table = np.array(rows, np.int64).reshape(len(rows), 9)
    return Ledger(list(entries), list(items), *(table[:, n].copy() for n in range(9)))


@dataclass(frozen=True)
class Totals:
    """millionths and the place of the grade in the scheme's bands, for each holder; vetoed."""

    millionths: Column
    band: Column
    vetoed: Column


class Weights:
    """A scheme made ready for one ledger's items: what an item weighs at each age in days."""

    def __init__(self, scheme: rules.Scheme, items: Sequence[str]) -> None:
        self.scheme = scheme
        found = [scheme.items.get(code) for code in items]
        self.days = np.array([item.days if item else 0 for item in found], np.int64)
        longest = int(self.days.max(initial=0)) + 1
        table = np.zeros((len(items), longest), np.int64)
        for place, item in enumerate(found):
            if item is not None and not item.stated:
                table[place, : item.days] = [
                    item.points * rules.decay(item, age) for age in range(item.days)
                ]
        self.width, self.flat = longest, table.ravel()
        names = sorted({item.category for item in scheme.items.values()})
        self.names = names
        self.category = np.array([names.index(i.category) if i else 0 for i in found], np.int64)
        self.stated = np.array([bool(item and item.stated) for item in found], bool)
        self.sign = np.array([1 if item and item.points > 0 else -1 for item in found], np.int64)
        self.linear = np.array([bool(item and item.decay == "linear") for item in found], bool)
        self.veto = np.array([bool(item and item.veto) for item in found], bool)


def score(ledger: Ledger, weights: Weights, valid_on: date, known_at: datetime) -> Totals:
    """Every holder's total on a day as known at an instant."""
    rows, value = _weighed(ledger, weights, valid_on.toordinal(), micros(known_at))
    scheme, count = weights.scheme, len(ledger.holders)
    holder, category = ledger.holder[rows], weights.category[ledger.item[rows]]
    good = np.zeros(count, np.int64)
    bad = np.zeros(count, np.int64)
    place = category * count + holder
    size = len(weights.names) * count
    above = _sums(place, np.maximum(value, 0), size).reshape(len(weights.names), count)
    below = _sums(place, np.minimum(value, 0), size).reshape(len(weights.names), count)
    for number, name in enumerate(weights.names):
        cap, floor = scheme.caps.get(name), scheme.floors.get(name)
        more, less = above[number], below[number]
        good += more if cap is None else np.minimum(more, abs(cap) * rules.HUNDREDTH)
        bad += less if floor is None else np.maximum(less, -abs(floor) * rules.HUNDREDTH)
    if scheme.good_cap is not None:
        good = np.minimum(good, scheme.good_cap * rules.HUNDREDTH)
    total = scheme.base * rules.HUNDREDTH + good + bad
    vetoed = np.zeros(count, bool)
    vetoed[holder[weights.veto[ledger.item[rows]]]] = True
    if scheme.upper is not None:
        total = np.minimum(total, scheme.upper * rules.HUNDREDTH)
    total = np.where(vetoed, np.minimum(total, scheme.veto_cap * rules.HUNDREDTH), total)
    if scheme.lower is not None:
        total = np.maximum(total, scheme.lower * rules.HUNDREDTH)
    return Totals(total, bands(scheme, total), vetoed)


def bands(scheme: rules.Scheme, millionths: Column) -> Column:
    """The place of each score's grade among the scheme's bands, best first."""
    found = np.full(len(millionths), len(scheme.bands) - 1, np.int64)
    for place in reversed(range(len(scheme.bands))):
        found[millionths >= scheme.bands[place][1] * rules.HUNDREDTH] = place
    return found


def _weighed(
    ledger: Ledger, weights: Weights, day: int, known: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows that weigh, each fact once, and their millionths."""
    age = day - ledger.effective
    weighs = (age >= 0) & (age < weights.days[ledger.item])
    weighs &= (ledger.recorded <= known) & (ledger.revoked > known)
    if len(ledger.until):
        weighs &= ledger.until > day
    rows = np.flatnonzero(weighs)
    value = weights.flat[ledger.item[rows].astype(np.int64) * weights.width + age[rows]]
    if weights.stated.any():
        _state(value, rows, age, ledger, weights)
    # A weight that has decayed to nothing is no fact any more.
    kept = value != 0
    rows, value = rows[kept], value[kept]
    again = ledger.repeated[rows]
    if not again.any():
        return rows, value
    some, weight = rows[again], value[again]
    category = weights.category[ledger.item[some]]
    # Gravest first, the earliest row of equals; then the first of each fact in its category.
    order = np.lexsort(
        (some, -np.abs(weight), category, ledger.fact[some], ledger.holder[some])
    )  # fmt: skip
    some, weight, category = some[order], weight[order], category[order]
    first = np.ones(len(some), bool)
    first[1:] = (
        (ledger.holder[some][1:] != ledger.holder[some][:-1])
        | (ledger.fact[some][1:] != ledger.fact[some][:-1])
        | (category[1:] != category[:-1])
    )
    return (
        np.concatenate([rows[~again], some[first]]),
        np.concatenate([value[~again], weight[first]]),
    )


def _state(value: Column, rows: Column, age: Column, ledger: Ledger, weights: Weights) -> None:
    """What documents state, in the places of their rows."""
    places = np.flatnonzero(weights.stated[ledger.item[rows]])
    some = rows[places]
    item = ledger.item[some]
    days = np.minimum(ledger.days[some], weights.days[item]).astype(np.int64)
    left = np.maximum(days - age[some], 0)
    whole = np.where(left > 0, rules.SCALE, 0)
    factor = np.where(weights.linear[item], rules.SCALE * left // np.maximum(days, 1), whole)
    value[places] = weights.sign[item] * ledger.points[some] * factor


def _sums(place: Column, value: Column, size: int) -> Column:
    # Exact: whole numbers whose sums stay below 2^53.
    return np.bincount(place, value, size).astype(np.int64)


def _repeated(holder: Column, fact: Column) -> Column:
    order = np.lexsort((fact, holder))
    same = (holder[order][1:] == holder[order][:-1]) & (fact[order][1:] == fact[order][:-1])
    found = np.zeros(len(holder), bool)
    found[order[1:][same]] = True
    found[order[:-1][same]] = True
    return found
