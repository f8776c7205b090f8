"""Celery's side of scores: it only says that time has passed."""

from celery import shared_task

from credit.scoring import standings
from kernel import clock


@shared_task(name="credit.scoring.renew_standings")
def renew_standings() -> None:
    """Renew everybody's standing if the legal day or the scheme has changed."""
    standings.renew(clock.now())
