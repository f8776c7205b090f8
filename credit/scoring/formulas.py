"""The one door to a score: the scheme's formula by its name, then what holds a grade back.

A scheme whose rows name a formula or an inertia gets it here, and nowhere else; who asks for a
score asks this room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from credit.scoring import inertia, periods, rules, sections, unscored

Formula = Callable[[Sequence[rules.Entry], rules.Scheme, date, datetime], rules.Score]
FORMULAS: dict[str, Formula] = {"ledger": periods.score, "sections": sections.score}


@dataclass(frozen=True)
class Point:
    """From a day on the score and the place of its grade in the bands, until the next point.

    Where there is no score the place is that behind the last band.
    """

    day: date
    millionths: int
    band: int


def score(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> rules.Score:
    """The score that counts on a day, as known at an instant, with every contribution.

    None at all (``unscored``) while a fact stands because of which the scheme gives none.
    """
    if without := unscored.facts(entries, scheme, valid_on, known_at):
        return unscored.none(without[0].item)
    found = FORMULAS[scheme.formula](entries, scheme, valid_on, known_at)
    if found.unscored or not scheme.inertia_steps:
        return found
    held = scheme.bands[timeline(entries, scheme, valid_on, valid_on, known_at)[-1].band][0]
    return found if held == found.grade else replace(found, grade=held, held_back=found.grade)


def grade_at(scheme: rules.Scheme, band: int) -> str:
    """The grade of a place in the bands; empty behind the last, where there is no score."""
    return scheme.bands[band][0] if band < len(scheme.bands) else ""


def weighed(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[rules.Entry]:
    """Every fact that the score of a day rests on, by id: what a certificate hashes.

    Where a grade is held back, what happened before decides too; so do facts because of which there
    is no score, or was none on days of a mean.
    """
    found = {entry.id: entry for entry in _weighed(entries, scheme, valid_on, known_at)}
    if scheme.unscored:
        asked = [(valid_on, known_at)]
        if scheme.mean_months:
            asked += periods.daily_questions(scheme, valid_on, known_at)
        for day, at in asked:
            found |= {e.id: e for e in unscored.facts(entries, scheme, day, at)}
    return [found[number] for number in sorted(found)]


def _weighed(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[rules.Entry]:
    if scheme.formula == "sections":
        return sections.weighed(entries, scheme, valid_on, known_at)
    if scheme.inertia_steps:
        known = [e for e in entries if e.recorded_at <= known_at]
        revoked = {e.revokes for e in known if e.revokes}
        return sorted(
            (
                e
                for e in known
                if not e.revokes
                # Of a mean what was revoked since weighs on the days before.
                and (e.id not in revoked or scheme.mean_months)
                and e.item in scheme.items
                and e.effective_on <= valid_on
            ),
            key=lambda e: e.id,
        )
    return periods.weighed(entries, scheme, valid_on, known_at)


def timeline(
    entries: Sequence[rules.Entry],
    scheme: rules.Scheme,
    first: date,
    last: date,
    known_at: datetime,
) -> list[Point]:
    """Score and grade from the point that holds on ``first`` up to ``last``, as then known.

    With inertia the fold begins with the first fact that is known, whatever is asked for.
    """
    known = [entry for entry in entries if entry.recorded_at <= known_at]
    start = first
    if scheme.inertia_steps:
        start = min([first, *(entry.effective_on for entry in known)])
    places = {grade: place for place, (grade, _least) in enumerate(scheme.bands)}
    if scheme.unscored:
        found = list(_with_none(known, scheme, start, last, known_at))
    else:
        found = [
            Point(day, millionths, places[rules.grade_of(millionths, scheme)])
            for day, millionths in _values(known, scheme, start, last, known_at)
        ]
    if scheme.inertia_steps:
        bands = inertia.held(
            [(point.day, point.band) for point in found],
            scheme.inertia_steps,
            scheme.inertia_months,
        )
        found = [replace(point, band=band) for point, band in zip(found, bands, strict=True)]
    begun = [place for place, point in enumerate(found) if point.day <= first]
    return found[begun[-1] if begun else 0 :]


def _with_none(
    known: Sequence[rules.Entry], scheme: rules.Scheme, start: date, last: date, known_at: datetime
) -> Iterator[Point]:
    """The same under a scheme that gives some no score: by the meaning itself, day by day."""
    places = {grade: place for place, (grade, _least) in enumerate(scheme.bands)}
    held = [entry for entry in known if entry.item in scheme.unscored]
    turns = {entry.effective_on for entry in held} | {e.until for e in held if e.until}
    if scheme.mean_months:
        days = _period_days(known, scheme, start, last, known_at) | {
            day for day in turns if start < day <= last
        }
    else:
        days = {start + timedelta(days=ahead) for ahead in range((last - start).days + 1)}
    for day in sorted(days):
        found = unscored.facts(known, scheme, day, known_at)
        one = (
            unscored.none(found[0].item)
            if found
            else FORMULAS[scheme.formula](known, scheme, day, known_at)
        )
        band = len(scheme.bands) if one.unscored else places[one.grade]
        yield Point(day, one.millionths, band)


def _values(
    known: Sequence[rules.Entry], scheme: rules.Scheme, start: date, last: date, known_at: datetime
) -> Iterator[tuple[date, int]]:
    """The score on every day of a span on which it can change."""
    if scheme.mean_months or scheme.formula != "ledger":
        for day in sorted(_period_days(known, scheme, start, last, known_at)):
            yield day, FORMULAS[scheme.formula](known, scheme, day, known_at).millionths
        return
    from credit.scoring import bulk  # numpy, which a web worker that scores nobody does without

    ledger = bulk.ledger_of({"": known})
    if not known:
        yield start, rules.score([], scheme, start, known_at).millionths
        return
    weights = bulk.Weights(scheme, ledger.items)
    for ahead in range((last - start).days + 1):
        day = start + timedelta(days=ahead)
        asked = day - timedelta(days=scheme.lag_days)
        yield day, int(bulk.score(ledger, weights, asked, known_at).millionths[0])


def _period_days(
    known: Iterable[rules.Entry], scheme: rules.Scheme, start: date, last: date, known_at: datetime
) -> set[date]:
    days = {periods.begins(start, scheme.mean_months)}
    day = periods.after(start, scheme.mean_months)
    while day <= last:
        days.add(day)
        day = periods.after(day, scheme.mean_months)
    if scheme.formula == "sections":
        turning = sections.turning_days(known, scheme, known_at)
        days |= {day for day in turning if min(days) < day <= last}
    return days
