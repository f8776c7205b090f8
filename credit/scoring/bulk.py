"""The same score for a whole population: whole numbers in columns, to the last bit.

:func:`credit.scoring.rules.score` is the meaning; this is its total for every enterprise at once,
without the list of contributions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from credit.scoring import rules

Column = npt.NDArray[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN = 2**16
# Odd numbers: what is multiplied by them is spread over 64 bits; the highest are looked at.
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)
_BITS = 22
_SHIFT = np.uint64(64 - _BITS)
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
    # Of a fact that stands more than once a number, else -1: the gravest is looked for among those.
    again: Column = field(default_factory=lambda: np.empty(0, np.int32), repr=False)

    def __post_init__(self) -> None:
        if len(self.again) != len(self.holder):
            object.__setattr__(self, "again", _again(self.holder, self.fact))

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
        self.days = np.array([item.days if item else 0 for item in found], np.int32)
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
        if any(item and item.stated and item.decay == "half_life" for item in found):
            # No scheme that is read has one (:mod:`.kinds`), and nothing here computes it.
            raise ValueError("what a document states weighs whole or falls in a line")
        self.veto = np.array([bool(item and item.veto) for item in found], bool)


def score(ledger: Ledger, weights: Weights, valid_on: date, known_at: datetime) -> Totals:
    """Every holder's total on a day as known at an instant."""
    scheme, count = weights.scheme, len(ledger.holders)
    sums = np.zeros(2 * len(weights.names) * count, np.int64)
    vetoed = np.zeros(count, bool)
    # First all that is good, by category, then all that is bad.
    part = weights.category * count
    bad_part = len(weights.names) * count
    veto = weights.veto.any()
    for rows, item, value in _weighed(ledger, weights, valid_on.toordinal(), micros(known_at)):
        place = part[item]
        place += ledger.holder[rows]
        place[value < 0] += bad_part
        np.add.at(sums, place, value)
        if veto:
            vetoed[ledger.holder[rows[weights.veto[item]]]] = True
    above, below = sums.reshape(2, len(weights.names), count)
    good = np.zeros(count, np.int64)
    bad = np.zeros(count, np.int64)
    for number, name in enumerate(weights.names):
        cap, floor = scheme.caps.get(name), scheme.floors.get(name)
        more, less = above[number], below[number]
        good += more if cap is None else np.minimum(more, abs(cap) * rules.HUNDREDTH)
        bad += less if floor is None else np.maximum(less, -abs(floor) * rules.HUNDREDTH)
    if scheme.good_cap is not None:
        good = np.minimum(good, scheme.good_cap * rules.HUNDREDTH)
    total = scheme.base * rules.HUNDREDTH + good + bad
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


Rows = npt.NDArray[np.int64]


def _weighed(
    ledger: Ledger, weights: Weights, day: int, known: int
) -> Iterator[tuple[Rows, Rows, Rows]]:
    """The rows that weigh, each fact once, their items and millionths; some after the other."""
    waiting = []
    # What is worked on at a time stays in the processor's own memory.
    for start in range(0, len(ledger), _SPAN):
        found = _span(ledger, weights, slice(start, start + _SPAN), day, known)
        again = ledger.again[found[0]] >= 0
        if again.any():
            some = np.flatnonzero(again)
            waiting.append([part[some] for part in found])
            rest = np.flatnonzero(~again)
            found = found[0][rest], found[1][rest], found[2][rest]
        yield found
    if waiting:
        rows, item, value = (np.concatenate(part) for part in zip(*waiting, strict=True))
        gravest = _gravest(ledger.again[rows], weights.category[item], value)
        yield rows[gravest], item[gravest], value[gravest]


def _span(
    ledger: Ledger, weights: Weights, span: slice, day: int, known: int
) -> tuple[Rows, Rows, Rows]:
    """The rows of a span that weigh, their items and millionths, however often a fact is told."""
    item = ledger.item[span].astype(np.intp)
    age = day - ledger.effective[span]
    weighs = (age >= 0) & (age < weights.days[item])
    weighs &= (ledger.recorded[span] <= known) & (ledger.revoked[span] > known)
    if len(ledger.until):
        weighs &= ledger.until[span] > day
    found = np.flatnonzero(weighs)
    age, item = age[found], item[found]
    value = weights.flat[item * weights.width + age]
    rows = found + span.start
    if weights.stated.any():
        _state(value, rows, age, item, ledger, weights)
    # A weight that has decayed to nothing is no fact any more.
    if not value.all():
        kept = np.flatnonzero(value)
        rows, item, value = rows[kept], item[kept], value[kept]
    return rows, item, value


def _gravest(fact: Column, category: Column, value: Column) -> Column:
    """Whether a row is the gravest of its fact in its category, the earliest of equals."""
    place = fact.astype(np.intp) * (int(category.max(initial=0)) + 1) + category
    weight = np.abs(value)
    most = np.zeros(int(place.max(initial=0)) + 1, np.int64)
    np.maximum.at(most, place, weight)
    equals = np.flatnonzero(weight == most[place])
    first = np.full(len(most), len(value), np.intp)
    np.minimum.at(first, place[equals], equals)
    found = np.zeros(len(value), bool)
    found[first[place[equals]]] = True
    return found


def _state(
    value: Column, rows: Column, age: Column, item: Column, ledger: Ledger, weights: Weights
) -> None:
    """What documents state, in the places of their rows."""
    places = np.flatnonzero(weights.stated[item])
    some, age, item = rows[places], age[places], item[places]
    days = np.minimum(ledger.days[some], weights.days[item]).astype(np.int64)
    left = np.maximum(days - age, 0)
    whole = np.where(left > 0, rules.SCALE, 0)
    factor = np.where(weights.linear[item], rules.SCALE * left // np.maximum(days, 1), whole)
    value[places] = weights.sign[item] * ledger.points[some] * factor


def _again(holder: Column, fact: Column) -> Column:
    """A number for every fact of one holder that stands more than once, -1 for the others."""
    places = _suspects(holder, fact)
    order = places[np.lexsort((fact[places], holder[places]))]
    same = (holder[order][1:] == holder[order][:-1]) & (fact[order][1:] == fact[order][:-1])
    number = np.concatenate([np.zeros(min(1, len(order)), np.int64), np.cumsum(~same)])
    twice = np.bincount(number)[number] > 1
    found = np.full(len(holder), -1, np.int32)
    found[order[twice]] = np.unique(number[twice], return_inverse=True)[1]
    return found


def _suspects(holder: Column, fact: Column) -> Column:
    """Rows among which all are whose fact stands more than once, and few others.

    Sorting whole numbers is many times faster than ordering rows by two of them.
    """
    mixed = fact.astype(np.uint64) * _MIX[0]
    mixed += holder.astype(np.uint64) * _MIX[1]
    ordered = np.sort(mixed)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    marked = np.zeros(2**_BITS, bool)
    marked[twice >> _SHIFT] = True
    return np.flatnonzero(marked[mixed >> _SHIFT])
