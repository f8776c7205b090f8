"""What a certificate would say, were it known then what is known now: told, never put in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from credit.scoring import formulas, rules, selectors, services
from credit.scoring.models import PointEntry, ScoreCertificate
from kernel import clock
from kernel.errors import Refused


@dataclass(frozen=True)
class Change:
    """A fact that was learnt of, taken back, or has ended after a certificate: its row, and when.

    until: of one that has only ended since, the day from which it weighs no more.
    """

    entry: int
    item: str
    document_number: str
    recorded_at: datetime
    taken_back: bool
    until: date | None = None


@dataclass(frozen=True)
class Difference:
    """A certificate as it was, the same day as it is known now, and what was learnt between."""

    certificate: ScoreCertificate
    then: rules.Score
    now: rules.Score
    changes: tuple[Change, ...]

    @property
    def moved(self) -> bool:
        """Whether score or grade would be another."""
        return (self.then.millionths, self.then.grade) != (self.now.millionths, self.now.grade)


def report(number: str, at: datetime) -> Difference:
    """Hold a certificate against what is known at an instant.

    Raises Refused as :func:`credit.scoring.services.replay`, and ``credit.certificate.later`` for
    an instant before the certificate's own.
    """
    then = services.replay(number)
    held = selectors.certificate(number)
    assert held is not None  # it was replayed
    if at < held.known_at:
        raise Refused.because("credit.certificate.later", number=number)
    scheme = selectors.scheme(clock.start_of(held.valid_on), held.scheme_code)
    now = formulas.score(selectors.entries(held.uscc), scheme, held.valid_on, at)
    since = PointEntry.objects.filter(
        uscc=held.uscc,
        recorded_at__gt=held.known_at,
        recorded_at__lte=at,
        effective_on__lte=held.valid_on,
    )
    learnt: Iterable[PointEntry] = since.select_related("revokes")
    if scheme.formula == "ledger":
        # What the scheme has no item for changed nothing, and has no words here.
        heeded = scheme.items.keys() | scheme.unscored
        learnt = [row for row in learnt if row.item in heeded]
    return Difference(held, then, now, tuple(_changes(learnt)))


def _changes(since: Iterable[PointEntry]) -> Iterator[Change]:
    """What was learnt; what has ended is revoked and stands again at once, and is told once."""
    rows = sorted(since, key=lambda row: row.pk)
    ended = {row.cause.removesuffix(services.ENDED) for row in rows if services.has_ended(row)}
    for row in rows:
        if row.revokes is not None and row.cause in ended:
            continue
        yield Change(
            row.revokes_id or row.pk,
            row.item,
            row.document_number or (row.revokes.document_number if row.revokes else ""),
            row.recorded_at,
            row.revokes_id is not None,
            row.until if services.has_ended(row) else None,
        )
