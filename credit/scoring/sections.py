"""Scores by contract sections: bidding and performance begin whole and lose points per section.

The formula of 交公路发〔2009〕733号: X = a·T + b·L - ΣQ over one whole period. T is the mean of
what is left of every section that a firm bid for, L of every section that it performed, weighted by
contract price; Q is what it did elsewhere. Who only bid, or only performed, has that one for both.
Where the text that we hold is silent the scheme's rows are marked as our own default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from credit.scoring import periods, rules

# Facts that weigh nothing by themselves: that a section was bid for, contracted, completed.
BID, CONTRACT, COMPLETED = "section_bid", "section_contract", "section_completed"
EXPOSURES = frozenset({BID, CONTRACT, COMPLETED})
BIDDING, PERFORMANCE = "bidding", "performance"


@dataclass(frozen=True)
class _Side:
    """Bidding or performance: sections with their weights (summing to 1), what each lost."""

    share: Fraction
    weights: Mapping[str, Fraction]


def score(
    entries: Iterable[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> rules.Score:
    """The score that counts on a day: that of the last whole period, less what vetoes it now."""
    known = [e for e in _in_force(entries, known_at) if e.until is None or valid_on < e.until]
    days = periods.period_before(valid_on, scheme.mean_months)
    found = _of_period(known, scheme, days[0], days[-1])
    vetoes = [e for e in _vetoes(known, scheme) if rules.active([e], scheme, valid_on, known_at)]
    if not vetoes:
        return found
    bounded = rules.bounds(scheme, found.millionths, vetoed=True)
    named = {one.entry for one in found.contributions}
    told = [
        rules.Contribution(e.id, e.item, scheme.items[e.item].category, 0, _ends_on(scheme, e))
        for e in vetoes
        if e.id not in named
    ]
    return replace(
        found,
        millionths=bounded,
        cut=found.cut + bounded - found.millionths,
        grade=rules.grade_of(bounded, scheme),
        contributions=tuple(sorted([*found.contributions, *told], key=lambda one: one.entry)),
        vetoed=True,
    )


def turning_days(
    entries: Iterable[rules.Entry], scheme: rules.Scheme, known_at: datetime
) -> set[date]:
    """The days on which a veto begins or ends, or a fact is shown no longer.

    Between periods nothing else moves a score.
    """
    known = _in_force(entries, known_at)
    vetoes = {
        day
        for entry in _vetoes(known, scheme)
        for day in (entry.effective_on, _ends_on(scheme, entry))
    }
    return vetoes | {entry.until for entry in known if entry.until is not None}


def weighed(
    entries: Iterable[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[rules.Entry]:
    """Every fact that the score of a day rests on, exposures included, by id."""
    days = periods.period_before(valid_on, scheme.mean_months)
    known = _in_force(entries, known_at)
    vetoes = {e.id for e in _vetoes(known, scheme)}
    return sorted(
        (
            e
            for e in known
            if e.effective_on <= (valid_on if e.id in vetoes else days[-1])
            and (e.item in scheme.items or e.item in EXPOSURES)
        ),
        key=lambda e: e.id,
    )


def _in_force(entries: Iterable[rules.Entry], known_at: datetime) -> list[rules.Entry]:
    known = [entry for entry in entries if entry.recorded_at <= known_at]
    revoked = {entry.revokes for entry in known if entry.revokes}
    held = [entry for entry in known if not entry.revokes and entry.id not in revoked]
    # Of a section that stands there twice the later row counts.
    return sorted(held, key=lambda entry: entry.id)


def _vetoes(known: Iterable[rules.Entry], scheme: rules.Scheme) -> list[rules.Entry]:
    return [e for e in known if e.item in scheme.items and scheme.items[e.item].veto]


def _ends_on(scheme: rules.Scheme, entry: rules.Entry) -> date:
    return rules.ends_on(scheme.items[entry.item], entry)


def _of_period(
    known: Sequence[rules.Entry], scheme: rules.Scheme, first: date, last: date
) -> rules.Score:
    gravest: dict[tuple[str, str], tuple[int, rules.Entry]] = {}
    for entry in known:
        item = scheme.items.get(entry.item)
        # A veto is no loss of points: it decides the grade while it lasts.
        if item is not None and not item.veto and first <= entry.effective_on <= last:
            loss = -rules.points(item, entry) * rules.HUNDREDTH
            held = gravest.get((item.category, entry.group))
            if held is None or abs(loss) > abs(held[0]):
                gravest[item.category, entry.group] = (loss, entry)
    losses = sorted(gravest.values(), key=lambda pair: pair[1].id)
    sides = _sides(known, losses, scheme, first, last)
    return _summed(losses, sides, scheme)


def _sides(
    known: Sequence[rules.Entry],
    losses: Sequence[tuple[int, rules.Entry]],
    scheme: rules.Scheme,
    first: date,
    last: date,
) -> dict[str, _Side]:
    """Which sections count on either side, and how much each."""

    def hit(category: str) -> set[str]:
        return {e.section for _loss, e in losses if scheme.items[e.item].category == category}

    bid = {e.section for e in known if e.item == BID and first <= e.effective_on <= last}
    done = {e.section: e.effective_on for e in known if e.item == COMPLETED}
    prices = {e.section: e.price_fen for e in known if e.item == CONTRACT}
    performed = {
        e.section
        for e in known
        if e.item == CONTRACT and e.effective_on <= last and done.get(e.section, last) >= first
    }
    sections = {
        BIDDING: dict.fromkeys(sorted(bid | hit(BIDDING)), 1),
        PERFORMANCE: _prices(sorted(performed | hit(PERFORMANCE)), prices),
    }
    taken = {side: found for side, found in sections.items() if found}
    whole = sum(scheme.values[f"weight.{side}"] for side in taken)
    return {
        side: _Side(
            Fraction(scheme.values[f"weight.{side}"], whole),
            {name: Fraction(weight, sum(found.values())) for name, weight in found.items()},
        )
        for side, found in taken.items()
    }


def _prices(sections: Sequence[str], prices: Mapping[str, int]) -> dict[str, int]:
    """The price of each section; of whose contract nothing is known the least known price."""
    least = min((prices[name] for name in sections if prices.get(name)), default=1)
    return {name: prices.get(name) or least for name in sections}


def _summed(
    losses: Sequence[tuple[int, rules.Entry]], sides: Mapping[str, _Side], scheme: rules.Scheme
) -> rules.Score:
    """Every loss with its exact share; the score is cut down to whole millionths once."""
    start = scheme.values["section.start"] * rules.HUNDREDTH
    most = start - scheme.values["section.floor"] * rules.HUNDREDTH
    per: dict[tuple[str, str], int] = {}
    for loss, entry in losses:
        where = (scheme.items[entry.item].category, entry.section)
        per[where] = per.get(where, 0) + loss
    exact: list[tuple[Fraction, rules.Entry]] = []
    for loss, entry in losses:
        category = scheme.items[entry.item].category
        side = sides.get(category)
        part = Fraction(loss)
        if side is not None:
            lost = per[category, entry.section]
            # A section loses no more than it has.
            part *= min(Fraction(1), Fraction(most, lost)) if lost > 0 else 1
            part *= side.share * side.weights[entry.section]
        exact.append((part, entry))
    # Who neither bid nor performed is taken as a first entrant.
    base = start if sides else scheme.base * rules.HUNDREDTH
    total = (base - sum((part for part, _entry in exact), Fraction(0))).__floor__()
    contributions = tuple(
        rules.Contribution(
            entry.id, entry.item, scheme.items[entry.item].category, -_cut(part),
            _ends_on(scheme, entry),
        )
        for part, entry in exact
    )  # fmt: skip
    bounded = rules.bounds(scheme, total, vetoed=False)
    parts = sum(one.millionths for one in contributions)
    return rules.Score(
        bounded, base, bounded - base - parts, rules.grade_of(bounded, scheme), contributions
    )


def _cut(part: Fraction) -> int:
    """Whole millionths, towards nought."""
    return part.__floor__() if part >= 0 else -((-part).__floor__())
