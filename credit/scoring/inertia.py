"""A grade that rises no faster than its scheme allows: a fold over the grades before it. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date


def held(points: Sequence[tuple[date, int]], steps: int, months: int) -> list[int]:
    """The grade that counts from each point on.

    points: day and place of the grade that the points alone reach (0 is the best), in order of
    days; each holds until the next. A grade may be better by ``steps`` at most than the worst that
    counted within the ``months`` before; it falls at once. The first is taken as it is: a first
    entrant has nothing to rise from.
    """
    found: list[int] = []
    worst: deque[int] = deque()  # places that still count, the worst grade first
    for place, (day, band) in enumerate(points):
        since = months_before(day, months)
        # A grade counted until the next point, so also on the first day looked back to.
        while worst and points[worst[0] + 1][0] <= since:
            worst.popleft()
        grade = max(band, found[worst[0]] - steps) if worst else band
        while worst and found[worst[-1]] <= grade:
            worst.pop()
        worst.append(place)
        found.append(grade)
    return found


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
