"""What becomes of a score if nothing new happens: a function of the ledger as it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from credit.scoring import bulk, rules


@dataclass(frozen=True)
class Turn:
    """From a day on the grade is another one; millionths: the score of that day."""

    day: date
    grade: str
    millionths: int
    better: bool


def turns(
    entries: Sequence[rules.Entry], scheme: rules.Scheme, valid_on: date, known_at: datetime
) -> list[Turn]:
    """Every change of grade after a day, with no new facts, until the last fact has ended."""
    known = [entry for entry in entries if entry.recorded_at <= known_at]
    last = max(
        (
            entry.effective_on + timedelta(days=scheme.items[entry.item].days)
            for entry in known
            if entry.item in scheme.items
        ),
        default=valid_on,
    )
    if last <= valid_on:
        return []
    ledger = bulk.ledger_of({"": known})
    weights = bulk.Weights(scheme, ledger.items)
    found: list[Turn] = []
    before = int(bulk.score(ledger, weights, valid_on, known_at).band[0])
    for ahead in range(1, (last - valid_on).days + 1):
        day = valid_on + timedelta(days=ahead)
        totals = bulk.score(ledger, weights, day, known_at)
        band = int(totals.band[0])
        if band != before:
            grade = scheme.bands[band][0]
            found.append(Turn(day, grade, int(totals.millionths[0]), band < before))
            before = band
    return found
