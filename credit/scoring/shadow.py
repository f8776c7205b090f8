"""Two schemes over the whole population on one day: who would change grade, before a switch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from credit.scoring import bulk, periods, rules
from credit.scoring.bulk import Column


@dataclass(frozen=True)
class Migration:
    """A matrix of counts: from a grade of the first scheme (rows) to one of the second (columns).

    moved: the enterprises whose grade has another name, by USCC with both, first in the alphabet
    first; no more than asked for.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    moved: tuple[tuple[str, str, str], ...]


def compare(
    ledger: bulk.Ledger,
    first: rules.Scheme,
    second: rules.Scheme,
    valid_on: date,
    known_at: datetime,
    names: int = 100,
) -> Migration:
    """The migration of grades from one scheme to another. names: how many moved ones are told."""
    before = grades(ledger, first, valid_on, known_at)
    after = grades(ledger, second, valid_on, known_at)
    rows, columns = len(first.bands), len(second.bands)
    counts = np.bincount(before * columns + after, minlength=rows * columns)
    one, other = ([grade for grade, _least in scheme.bands] for scheme in (first, second))
    moved = sorted(
        (ledger.holders[place], one[before[place]], other[after[place]])
        for place in range(len(ledger.holders))
        if one[before[place]] != other[after[place]]
    )
    table = counts.reshape(rows, columns).tolist()
    return Migration(tuple(one), tuple(other), tuple(map(tuple, table)), tuple(moved[:names]))


def grades(ledger: bulk.Ledger, scheme: rules.Scheme, valid_on: date, known_at: datetime) -> Column:
    """The place of everybody's grade in a scheme's bands: of the day, or of its period's mean."""
    return bulk.bands(scheme, totals(ledger, scheme, valid_on, known_at))


def totals(ledger: bulk.Ledger, scheme: rules.Scheme, valid_on: date, known_at: datetime) -> Column:
    """Everybody's score that counts on a day, as :func:`credit.scoring.periods.score` has it."""
    weights = bulk.Weights(scheme, ledger.items)
    lag = timedelta(days=scheme.lag_days)
    if not scheme.mean_months:
        return bulk.score(ledger, weights, valid_on - lag, known_at).millionths
    days = periods.period_before(valid_on, scheme.mean_months)
    sums = np.zeros(len(ledger.holders), np.int64)
    for day in days:
        sums += bulk.score(ledger, weights, day - lag, known_at).millionths
    return sums // len(days)
