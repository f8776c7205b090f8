"""This room's background work; whenever it runs, nothing legal depends on it."""

from celery import shared_task

from procurement.bids import uploads


@shared_task(name="procurement.bids.sweep_uploads")
def sweep_uploads() -> int:
    """Give up uploads that lie idle, finish those that a server left; a beat sends this."""
    return uploads.sweep()
