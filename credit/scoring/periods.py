"""Means of daily scores: what a scheme takes over a quarter instead of a day's own score.

Each daily score is the one of that day: as the day itself knew it (the period score is the mean of
R(d, d)). What is learnt or revoked later changes the days that come, and no day that was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from credit.scoring import rules, unscored
from kernel import clock


def score(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> rules.Score:
    """The score that counts on a day: its own, or the mean of the last whole period's days.

    Days without a score are none of a mean's days; of a period without any there is no score.
    Of a mean every contribution is the mean of that fact's daily ones, cut to whole millionths
    towards nought; ``cut`` takes what is left over, so that the sum stays exact.
    """
    if not scheme.mean_months:
        return rules.score(entries, scheme, valid_on - timedelta(days=scheme.lag_days), known_at)
    questions = daily_questions(scheme, valid_on, known_at)
    without = {day: unscored.facts(entries, scheme, day, then) for day, then in questions}
    daily = [rules.score(entries, scheme, day, then) for day, then in questions if not without[day]]
    if not daily:
        return unscored.none(without[questions[0][0]][0].item)
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


def daily_questions(
    scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[tuple[date, datetime]]:
    """The days whose scores are in effect on those of the period before, each as known at its end.

    Of a day to come, or asked for as known earlier, nobody knows more than at ``known_at``.
    """
    lag = timedelta(days=scheme.lag_days)
    days = [day - lag for day in period_before(valid_on, scheme.mean_months)]
    if scheme.mean_as_asked:
        return [(day, known_at) for day in days]
    return [(day, min(known_at, clock.end_of(day))) for day in days]


def weighed(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[rules.Entry]:
    """Every fact that the score that counts on a day rests on, by id."""
    if scheme.mean_as_asked:
        return rules.active(entries, scheme, valid_on, known_at)
    questions = [(valid_on - timedelta(days=scheme.lag_days), known_at)]
    if scheme.mean_months:
        questions = daily_questions(scheme, valid_on, known_at)
    found = {e.id: e for day, at in questions for e in rules.active(entries, scheme, day, at)}
    return [found[number] for number in sorted(found)]


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
