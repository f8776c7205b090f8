"""Means of daily scores: what a scheme takes over a quarter instead of a day's own score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from credit.scoring import rules


def score(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> rules.Score:
    """The score that counts on a day: its own, or the mean of the last whole period's days.

    Of a mean every contribution is the mean of that fact's daily ones, cut to whole millionths
    towards nought; ``cut`` takes what is left over, so that the sum stays exact.
    """
    if not scheme.mean_months:
        return rules.score(entries, scheme, valid_on - timedelta(days=scheme.lag_days), known_at)
    days = period_before(valid_on, scheme.mean_months)
    lag = timedelta(days=scheme.lag_days)
    daily = [rules.score(entries, scheme, day - lag, known_at) for day in days]
    count = len(daily)
    millionths = sum(each.millionths for each in daily) // count
    sums: dict[int, int] = {}
    named: dict[int, rules.Contribution] = {}
    for each in daily:
        for one in each.contributions:
            sums[one.entry] = sums.get(one.entry, 0) + one.millionths
            named[one.entry] = one
    contributions = tuple(
        replace(named[entry], millionths=_towards_nought(total, count))
        for entry, total in sorted(sums.items())
    )
    base = scheme.base * rules.HUNDREDTH
    cut = millionths - base - sum(one.millionths for one in contributions)
    vetoed = any(each.vetoed for each in daily)
    grade = rules.grade_of(millionths, scheme)
    return rules.Score(millionths, base, cut, grade, contributions, vetoed)


def period_before(day: date, months: int) -> list[date]:
    """The days of the last whole period before a day; periods begin with the year."""
    index = (day.year * 12 + day.month - 1) // months * months
    first, end = _month(index - months), _month(index)
    return [first + timedelta(days=n) for n in range((end - first).days)]


def begins(day: date, months: int) -> date:
    """The first day of the period that a day lies in."""
    return _month((day.year * 12 + day.month - 1) // months * months)


def after(day: date, months: int) -> date:
    """The first day of the next period."""
    return _month((day.year * 12 + day.month - 1) // months * months + months)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _towards_nought(total: int, count: int) -> int:
    return total // count if total >= 0 else -(-total // count)
