"""What becomes of a score if nothing new happens: a function of the ledger as it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from credit.scoring import formulas, rules

_MONTH = 31  # days at most


@dataclass(frozen=True)
class Turn:
    """From a day on the grade is another one; millionths: the score of that day.

    grade is empty from a day on which there is no score.
    """

    day: date
    grade: str
    millionths: int
    better: bool


def turns(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[Turn]:
    """Every change of grade after a day, with no new facts, until nothing can change any more.

    That is when the last fact has ended, the period after it has begun, and a grade that was held
    back has risen as far as it can.
    """
    last = max(
        (
            rules.ends_on(scheme.items[entry.item], entry) + timedelta(days=scheme.lag_days)
            if entry.item in scheme.items
            else entry.until or entry.effective_on
            for entry in entries
            if entry.recorded_at <= known_at
            and (entry.item in scheme.items or entry.item in scheme.unscored)
        ),
        default=valid_on,
    )
    rises = len(scheme.bands) if scheme.inertia_steps else 0
    wait = timedelta(days=_MONTH * (2 * scheme.mean_months + rises * scheme.inertia_months))
    if last + wait <= valid_on:
        return []
    points = formulas.timeline(entries, scheme, valid_on, last + wait, known_at)
    return [
        Turn(now.day, formulas.grade_at(scheme, now.band), now.millionths, now.band < before.band)
        for before, now in pairwise(points)
        if now.band != before.band
    ]
