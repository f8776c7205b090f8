"""Two schemes over the whole population on one day: who would change grade, before a switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from credit.scoring import bulk, formulas, periods, rules, sections
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


Ledgers = Callable[[Sequence[str]], Mapping[str, Sequence[rules.Entry]]]
# That a list holds somebody stands beside the record that it holds, which weighs.
_WEIGHTLESS = {*sections.EXPOSURES, rules.LISTED}
_PART = 1000  # enterprises whose rows are held at once


def compare(
    ledger: bulk.Ledger,
    first: rules.Scheme,
    second: rules.Scheme,
    valid_on: date,
    known_at: datetime,
    names: int = 100,
    *,
    ledgers: Ledgers,
) -> Migration:
    """The migration of grades from one scheme to another. names: how many moved ones are told.

    ledgers: the rows of enterprises, for schemes that the columns do not compute.
    """
    before = grades(ledger, first, valid_on, known_at, ledgers)
    after = grades(ledger, second, valid_on, known_at, ledgers)
    one, other = names_of(first), names_of(second)
    rows, columns = len(one), len(other)
    counts = np.bincount(before * columns + after, minlength=rows * columns)
    moved = sorted(
        (ledger.holders[place], one[before[place]], other[after[place]])
        for place in range(len(ledger.holders))
        if one[before[place]] != other[after[place]]
    )
    table = counts.reshape(rows, columns).tolist()
    return Migration(tuple(one), tuple(other), tuple(map(tuple, table)), tuple(moved[:names]))


def grades(
    ledger: bulk.Ledger,
    scheme: rules.Scheme,
    valid_on: date,
    known_at: datetime,
    ledgers: Ledgers,
) -> Column:
    """The place of everybody's grade in a scheme's bands: of the day, or of its period's mean.

    Who has no score has the place behind the last band (:func:`names_of`).
    """
    if scheme.formula == "ledger" and not scheme.inertia_steps:
        column = bulk.bands(scheme, totals(ledger, scheme, valid_on, known_at))
        for place, one in _one_by_one(ledger, scheme, valid_on, known_at, ledgers):
            column[place] = names_of(scheme).index(one.grade)
        return column
    places = {grade: place for place, grade in enumerate(names_of(scheme))}
    found: list[int] = []
    for part in _parts(ledger.holders):
        rows = ledgers(part)
        found += [
            places[formulas.score(rows[uscc], scheme, valid_on, known_at).grade] for uscc in part
        ]
    return np.array(found, np.int64)


def names_of(scheme: rules.Scheme) -> list[str]:
    """The grades of a scheme, best first; at the end an empty one where it gives some no score."""
    return [grade for grade, _least in scheme.bands] + [""] * bool(scheme.unscored)


def _one_by_one(
    ledger: bulk.Ledger,
    scheme: rules.Scheme,
    valid_on: date,
    known_at: datetime,
    ledgers: Ledgers,
) -> Iterator[tuple[int, rules.Score]]:
    """The scores, by place, of those few for whom the scheme may give none: columns have none."""
    facts = [place for place, item in enumerate(ledger.items) if item in scheme.unscored]
    few = np.unique(ledger.holder[np.isin(ledger.item, facts)]).tolist() if facts else []
    rows = ledgers([ledger.holders[place] for place in few]) if few else {}
    for place in few:
        yield place, formulas.score(rows[ledger.holders[place]], scheme, valid_on, known_at)


def told(
    ledger: bulk.Ledger,
    scheme: rules.Scheme,
    valid_on: date,
    known_at: datetime,
    ledgers: Ledgers,
) -> Column:
    """:func:`totals`, but of those for whom the scheme may give none as the meaning has them.

    Nought stands for who has none; :func:`grades` tells them.
    """
    found = totals(ledger, scheme, valid_on, known_at)
    for place, one in _one_by_one(ledger, scheme, valid_on, known_at, ledgers):
        found[place] = one.millionths
    return found


def silent(ledger: bulk.Ledger, scheme: rules.Scheme, known_at: datetime) -> dict[str, int]:
    """The facts that a scheme has no item for, counted by item: they weigh nothing under it.

    A score of facts of which most are these says little. Contract sections are not among them, nor
    that a list holds somebody: they weigh nothing by themselves under any scheme.
    """
    known = bulk.micros(known_at)
    told = ledger.item[(ledger.recorded <= known) & (ledger.revoked > known)]
    counts = np.bincount(told, minlength=len(ledger.items))
    return {
        code: int(count)
        for code, count in sorted(zip(ledger.items, counts, strict=True))
        if count and code not in scheme.items and code not in _WEIGHTLESS
    }


def totals(ledger: bulk.Ledger, scheme: rules.Scheme, valid_on: date, known_at: datetime) -> Column:
    """Everybody's score that counts on a day, as :func:`credit.scoring.periods.score` has it."""
    weights = bulk.Weights(scheme, ledger.items)
    if not scheme.mean_months:
        asked = valid_on - timedelta(days=scheme.lag_days)
        return bulk.score(ledger, weights, asked, known_at).millionths
    questions = periods.daily_questions(scheme, valid_on, known_at)
    sums = np.zeros(len(ledger.holders), np.int64)
    for day, then in questions:
        sums += bulk.score(ledger, weights, day, then).millionths
    return sums // len(questions)


def _parts(holders: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(holders), _PART):
        yield holders[start : start + _PART]
