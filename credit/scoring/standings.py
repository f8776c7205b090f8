"""Everybody's grade of today, kept so that a search by grade asks an index and not every ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from credit.scoring import formulas, selectors
from credit.scoring.models import CreditStanding, StandingDay
from kernel import clock

_PART = 1000


def base_grade(at: datetime) -> str:
    """The grade of who has no fact in the ledger, and so no standing."""
    return formulas.score([], selectors.scheme(at), clock.legal_date(at), at).grade


def refresh(uscc: str, at: datetime) -> None:
    """Renew one enterprise's standing, after its ledger grew."""
    grade = selectors.score(uscc, clock.legal_date(at), at).grade
    CreditStanding.objects.update_or_create(uscc=uscc, defaults={"grade": grade})


def renew(at: datetime) -> bool:
    """Renew everybody's, once for each legal day and scheme; whether there was anything to do.

    Facts end and weigh less as days pass, with no event that would tell.
    """
    from credit.scoring import population, shadow  # numpy, which web workers do without

    day, scheme = clock.legal_date(at), selectors.scheme(at)
    done = StandingDay.objects.filter(day=day, scheme_sha256=scheme.sha256)
    if done.exists():
        return False
    ledger = population.load()
    places = shadow.grades(ledger, scheme, day, at, selectors.ledgers)
    grades = shadow.names_of(scheme)
    held = dict(CreditStanding.objects.values_list("uscc", "grade"))
    changed = [
        CreditStanding(uscc=uscc, grade=grades[place])
        for uscc, place in zip(ledger.holders, places, strict=True)
        if held.get(uscc) != grades[place]
    ]
    _keep(changed)
    StandingDay.objects.get_or_create(
        day=day, scheme_sha256=scheme.sha256, defaults={"done_at": clock.technical_now()}
    )
    return True


def _keep(changed: Iterable[CreditStanding]) -> None:
    CreditStanding.objects.bulk_create(
        changed,
        batch_size=_PART,
        update_conflicts=True,
        unique_fields=["uscc"],
        update_fields=["grade"],
    )
