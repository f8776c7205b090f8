"""Celery's side of events: it only carries wake-ups."""

from celery import shared_task

from kernel.events import services


@shared_task(name="kernel.events.deliver")
def deliver(delivery_id: int) -> None:
    """Deliver one row, if it is still to be delivered."""
    services.deliver(delivery_id)


@shared_task(name="kernel.events.sweep")
def sweep() -> None:
    """Wake whatever is due; a beat sends this every two seconds."""
    services.sweep()
