"""Publish events and deliver them. The delivery row is the record; the broker only wakes us."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from kernel import clock, queries
from kernel.events import registry
from kernel.events.models import Delivery, Event
from kernel.rows import fresh

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# How long a sent wake-up may go unanswered before the sweep sends another.
PATIENCE = timedelta(seconds=20)
MAX_ATTEMPTS = 8
# After a wake-up that failed, this process sends none for so long: no request waits for a dead
# broker more than once.
DEAF_SECONDS = 5.0
_deaf_until = 0.0
_CHUNK = 500
_BACKOFF_SECONDS = (2, 10, 30, 120, 600, 1800, 3600, 3600)


class LeaseLost(Exception):  # noqa: N818
    """Another worker holds the delivery now; whatever this one did is rolled back."""


def publish(events: Iterable[registry.DomainEvent], *, case: str, at: datetime) -> list[Event]:
    """Write events and a delivery per subscriber in the open transaction; wake workers after it.

    case: the case they are about, as ``machine:pk``. at: legal time of what happened.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("events are published inside the transaction of what happened")
    recorded = clock.technical_now()
    rows = [
        fresh(
            Event,
            name=event.NAME,
            version=event.VERSION,
            payload=registry.to_payload(event),
            case=case,
            occurred_at=at,
            recorded_at=recorded,
        )
        for event in events
    ]
    for row in rows:  # hardly ever more than one
        queries.insert(row)
    wanted = [
        Delivery(event=row, subscriber=s.code, next_attempt_at=recorded + PATIENCE)
        for row in rows
        for s in registry.subscribers_of(row.name)
    ]
    for delivery in Delivery.objects.bulk_create(wanted) if wanted else ():
        transaction.on_commit(partial(wake, delivery.pk), robust=True)
    return rows


def wake(delivery_id: int) -> None:
    """Ask a worker to look at a delivery. A broker that is down is no failure: we sweep.

    Waits a few seconds at most (settings: connection timeouts), and after that not at all until
    the broker has had time to come back.
    """
    global _deaf_until
    from kernel.events import tasks

    if time.monotonic() < _deaf_until:
        return
    try:
        # Once more, at once: a connection that stood idle may have been cut meanwhile.
        tasks.deliver.apply_async((delivery_id,), retry=True, retry_policy=_ONCE_MORE)
    except _broker_faults() as error:
        _deaf_until = time.monotonic() + DEAF_SECONDS
        logger.warning("no wake-up for delivery %s: %s", delivery_id, error)


_ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


def _broker_faults() -> tuple[type[BaseException], ...]:
    """What the transport in use raises when the broker is away; each has errors of its own."""
    from celery import current_app
    from kombu.exceptions import OperationalError

    broker = current_app.connection_for_write()
    return (OperationalError, OSError, *broker.connection_errors, *broker.channel_errors)


def _claim(delivery_id: int) -> tuple[Delivery, uuid.UUID] | None:
    now, lease = clock.technical_now(), uuid.uuid4()
    free = Q(state=Delivery.State.PENDING) | Q(state=Delivery.State.LEASED, lease_until__lt=now)
    claimed = Delivery.objects.filter(free, pk=delivery_id).update(
        state=Delivery.State.LEASED,
        lease=lease,
        lease_until=now + LEASE,
        next_attempt_at=now + LEASE,
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return None
    return Delivery.objects.select_related("event").get(pk=delivery_id), lease


def deliver(delivery_id: int) -> bool:
    """Run a delivery if it is free; True if it was done now.

    Killed at any point it leaves a lease that runs out, and nothing half-done: the subscriber's
    writes and the mark "done" are one transaction.
    """
    claim = _claim(delivery_id)
    if claim is None:
        return False
    delivery, lease = claim
    if delivery.attempts > MAX_ATTEMPTS:
        _bury(delivery, lease, delivery.last_error or "no worker survived this delivery")
        return False
    try:
        _run(delivery, lease)
    except LeaseLost:
        logger.warning("delivery %s was taken over by another worker", delivery_id)
        return False
    except Exception as error:  # whatever a subscriber raises becomes a retry or a dead letter
        _fail(delivery, lease, error)
        return False
    return True


def _run(delivery: Delivery, lease: uuid.UUID) -> None:
    row = delivery.event
    subscriber = registry.subscriber(delivery.subscriber)
    if subscriber is None:
        raise LookupError(f"nobody subscribes as {delivery.subscriber}")
    envelope = registry.Envelope(
        id=row.pk,
        case=row.case,
        occurred_at=row.occurred_at,
        event=registry.parse(row.name, row.version, row.payload),
    )
    if subscriber.lease is not None:
        until = clock.technical_now() + subscriber.lease
        Delivery.objects.filter(pk=delivery.pk, lease=lease).update(
            lease_until=until, next_attempt_at=until
        )
    prepared: Any = subscriber.prepare(envelope) if subscriber.prepare else None
    with transaction.atomic():
        done = Delivery.objects.filter(
            pk=delivery.pk, lease=lease, state=Delivery.State.LEASED
        ).update(
            state=Delivery.State.DONE,
            done_at=clock.technical_now(),
            lease=None,
            lease_until=None,
            last_error="",
        )
        if not done:
            raise LeaseLost
        subscriber.commit(envelope, prepared)


def _fail(delivery: Delivery, lease: uuid.UUID, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MAX_ATTEMPTS:
        _bury(delivery, lease, text, error)
        return
    pause = timedelta(seconds=_BACKOFF_SECONDS[delivery.attempts - 1])
    # It may have lost a race and hold the next time: only what is given up is an error.
    logger.warning(
        "delivery %s to %s failed at attempt %s and comes again in %s: %s",
        delivery.pk, delivery.subscriber, delivery.attempts, pause, text,
    )  # fmt: skip
    logger.debug("delivery %s failed", delivery.pk, exc_info=error)
    Delivery.objects.filter(pk=delivery.pk, lease=lease).update(
        state=Delivery.State.PENDING,
        lease=None,
        lease_until=None,
        next_attempt_at=clock.technical_now() + pause,
        last_error=text,
    )


def _bury(delivery: Delivery, lease: uuid.UUID, text: str, error: Exception | None = None) -> None:
    logger.error(
        "delivery %s to %s is a dead letter: %s",
        delivery.pk, delivery.subscriber, text, exc_info=error,
    )  # fmt: skip
    Delivery.objects.filter(pk=delivery.pk, lease=lease).update(
        state=Delivery.State.DEAD, lease=None, lease_until=None, last_error=text
    )


def sweep(limit: int = 200) -> int:
    """Wake a worker for every delivery that is due or whose lease ran out; how many."""
    now = clock.technical_now()
    due = list(
        Delivery.objects.filter(
            state__in=[Delivery.State.PENDING, Delivery.State.LEASED], next_attempt_at__lte=now
        )
        .order_by("next_attempt_at")
        .values_list("pk", flat=True)[:limit]
    )
    for delivery_id in due:
        # Nobody else's sweep sends the same while this wake-up is still young.
        if Delivery.objects.filter(pk=delivery_id, next_attempt_at__lte=now).update(
            next_attempt_at=now + PATIENCE
        ):
            wake(delivery_id)
    return len(due)


def replay(*, subscriber: str, event_ids: Iterable[int]) -> int:
    """Deliver events to a subscriber again, or for the first time if it is new; how many.

    Subscribers are idempotent by what they write, so a replay heals and never doubles.
    """
    found = registry.subscriber(subscriber)
    if found is None:
        raise LookupError(f"nobody subscribes as {subscriber}")
    wanted = iter(event_ids)
    return sum(
        _replay(subscriber, found.event_name, ids)
        for ids in iter(lambda: list(islice(wanted, _CHUNK)), [])
    )


def _replay(subscriber: str, event_name: str, event_ids: list[int]) -> int:
    now = clock.technical_now()
    ids = Event.objects.filter(pk__in=event_ids, name=event_name).values_list("pk", flat=True)
    with transaction.atomic():
        Delivery.objects.bulk_create(
            [Delivery(event_id=pk, subscriber=subscriber, next_attempt_at=now) for pk in ids],
            ignore_conflicts=True,
        )
        return (
            Delivery.objects.filter(event_id__in=event_ids, subscriber=subscriber)
            .exclude(state=Delivery.State.LEASED)
            .update(state=Delivery.State.PENDING, attempts=0, next_attempt_at=now, last_error="")
        )


def retry(delivery_id: int) -> bool:
    """Give a dead letter its attempts back, now; False where it is none."""
    return bool(
        Delivery.objects.filter(pk=delivery_id, state=Delivery.State.DEAD).update(
            state=Delivery.State.PENDING, attempts=0, next_attempt_at=clock.technical_now()
        )
    )
